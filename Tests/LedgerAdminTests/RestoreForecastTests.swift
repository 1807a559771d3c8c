import EditModel
import LedgerStore
import LineProtocol
import Testing

@testable import LedgerAdmin

@Suite struct RestoreForecastTests {
  /// How many of `edits` the first acts have.
  private static let held = HistoryOfThreeSeats.edits.firstIndex { $0.edit.id.n == 21 } ?? 0

  private static func ledger(_ edits: some Sequence<AcceptedEdit>, in sample: DataFolderSample) throws -> ServerStore {
    let store = try sample.ledger("a", acts: 0)
    try store.append(HistoryBatch(edits))
    return store
  }

  /// A set of the first acts, and the ledger that went on behind it.
  private static func grown(_ sample: DataFolderSample) throws -> (set: SnapshotSet, missing: [AcceptedEdit]) {
    let store = try ledger(HistoryOfThreeSeats.edits.prefix(held), in: sample)
    let set = try sample.take()
    let missing = Array(HistoryOfThreeSeats.edits.dropFirst(held))
    try store.append(HistoryBatch(missing))
    try store.close()
    return (set, missing)
  }

  /// The problems that `edits` made.
  private static func problems(_ edits: [AcceptedEdit]) -> Set<EntityID> {
    let made = edits.filter { $0.edit.field.description == "problem" }
    return Set(made.map { $0.edit.entity == .root ? EntityID.created($0.edit.id) : $0.edit.entity })
  }

  @Test func saysWhatWillBeMissingAndWhose() throws {
    let sample = try DataFolderSample()
    let (set, missing) = try RestoreForecastTests.grown(sample)
    let before = try RestoreForecastTests.contents(of: sample)
    let found = try #require(try SnapshotRestoring.forecast(sample.order(set), into: sample.folder).ledgers.first)
    #expect(found.seq == set.ledgers[0].seq && found.setSeq == found.seq && found.returning == 0)
    #expect(found.lastAccepted == HistoryOfThreeSeats.edits[Int(found.seq) - 1].receipt)
    let lost = try #require(found.missing)
    #expect(lost.edits == UInt64(missing.count))
    #expect(lost.first == missing.first?.receipt && lost.last == missing.last?.receipt)
    let bySeat = Dictionary(grouping: missing, by: \.seat).mapValues { UInt64($0.count) }
    #expect(Dictionary(uniqueKeysWithValues: lost.seats.map { ($0.seat, $0.edits) }) == bySeat)
    #expect(lost.seats.map(\.edits) == lost.seats.map(\.edits).sorted(by: >))
    #expect(try RestoreForecastTests.contents(of: sample) == before)
  }

  /// What lies in the folder, without the empty logs that a reader leaves beside a ledger.
  private static func contents(of sample: DataFolderSample) throws -> [String: [UInt8]] {
    try DataFolderSample.contents(sample.folder.path).filter { !$0.value.isEmpty }
  }

  @Test func problemsAreCounted() throws {
    let sample = try DataFolderSample()
    let (set, _) = try RestoreForecastTests.grown(sample)
    let kept = RestoreForecastTests.problems(Array(HistoryOfThreeSeats.edits.prefix(RestoreForecastTests.held)))
    let all = RestoreForecastTests.problems(HistoryOfThreeSeats.edits)
    let found = try #require(try SnapshotRestoring.forecast(sample.order(set), into: sample.folder).ledgers.first)
    #expect(all.count > 0)
    #expect(found.problems == kept.count)
    #expect(found.missing?.problems == all.subtracting(kept).count)
  }

  /// After a restore the ledger's lines are those of another history; what both have is not told as missing or coming back.
  @Test func linesThatCameAgainAreNotMissing() throws {
    let sample = try DataFolderSample()
    let (set, missing) = try RestoreForecastTests.grown(sample)
    let newer = try sample.take(at: 1_000)
    try sample.restore(set, overwrite: true)
    let store = try ServerStore(path: sample.folder.ledger("a"))
    // The devices put them again: all but the first, in their order.
    let again = missing.dropFirst().enumerated().map { index, edit in
      AcceptedEdit(
        seq: store.lastSeq + 1 + UInt64(index), receipt: edit.receipt, seat: edit.seat, edit: edit.edit)
    }
    try store.append(HistoryBatch(again))
    try store.close()
    let found = try #require(try SnapshotRestoring.forecast(sample.order(newer), into: sample.folder).ledgers.first)
    #expect(found.missing?.edits == 0 && found.returning == 1)
    let older = try #require(try SnapshotRestoring.forecast(sample.order(set), into: sample.folder).ledgers.first)
    #expect(older.missing?.edits == UInt64(again.count) && older.returning == 0)
  }

  @Test func whatCannotBeReadIsToldAndNotCompared() throws {
    let sample = try DataFolderSample()
    let (set, _) = try RestoreForecastTests.grown(sample)
    try DataFolderSample.write([UInt8](repeating: 7, count: 9_000), to: sample.folder.ledger("a"))
    let found = try #require(try SnapshotRestoring.forecast(sample.order(set), into: sample.folder).ledgers.first)
    #expect(found.before == .unreadable && found.missing == nil)
  }

  // MARK: Up to a moment

  @Test func aLedgerIsRestoredToTheEndOfTheLastWholeActBeforeASeq() throws {
    let edits = HistoryOfThreeSeats.edits
    let inside = try #require(edits.first { $0.edit.id.i < $0.edit.actSize && $0.seq > 9 })
    let end = inside.seq - UInt64(inside.edit.id.i)
    for seq in [end, inside.seq] {
      let sample = try DataFolderSample()
      try RestoreForecastTests.ledger(edits, in: sample).close()
      let set = try sample.take()
      let lines = try sample.lines(of: sample.folder.ledger("a"))
      let report = try SnapshotRestoring.restore(
        sample.order(set, until: .seq(seq), overwrite: true), into: sample.folder)
      #expect(report.ledgers.first?.seq == end)
      #expect(try sample.lines(of: sample.folder.ledger("a")) == Array(lines.prefix(Int(end))))
      let restored = try ServerStore(path: sample.folder.ledger("a"))
      #expect(restored.header.parents.map(\.forkSeq) == [end])
    }
  }

  @Test func aLedgerIsRestoredToWhatWasAcceptedByATime() throws {
    let edits = HistoryOfThreeSeats.edits
    for edit in [edits[0], edits[edits.count / 2], edits[edits.count - 1]] {
      let sample = try DataFolderSample()
      try RestoreForecastTests.ledger(edits, in: sample).close()
      let set = try sample.take(at: 1 << 40)
      let wanted = edits.prefix { $0.receipt <= edit.receipt }.count
      let report = try SnapshotRestoring.restore(
        sample.order(set, until: .time(edit.receipt), overwrite: true), into: sample.folder)
      #expect(report.ledgers.first?.seq == UInt64(wanted))
    }
  }

  @Test func whatIsHeldBackStaysSoThroughASet() throws {
    let sample = try DataFolderSample()
    try RestoreForecastTests.ledger(HistoryOfThreeSeats.edits, in: sample).close()
    let first = try sample.take()
    let held = try SnapshotRestoring.restore(sample.order(first, until: .seq(9), overwrite: true), into: sample.folder)
    let through = try #require(held.ledgers.first?.heldThrough)
    #expect(through >= sample.order(first).now)
    let again = try SnapshotRestoring.restore(
      sample.order(try sample.take(at: 1_000), overwrite: true, at: 90_000), into: sample.folder)
    #expect(again.ledgers.first?.heldThrough == through)
    // The set of before the restore takes everything in again.
    let undone = try SnapshotRestoring.restore(sample.order(first, overwrite: true, at: 120_000), into: sample.folder)
    #expect(undone.ledgers.map(\.heldThrough) == [nil])
    let store = try ServerStore(path: sample.folder.ledger("a"))
    #expect(store.header.heldThrough == nil)
    try store.close()
  }

  @Test func aMomentThatTheSetDoesNotReachIsRefused() throws {
    let sample = try DataFolderSample()
    try sample.ledger("a", acts: 5).close()
    try sample.ledger("b", acts: 5, seed: 2).close()
    let set = try sample.take()
    let before = try RestoreForecastTests.contents(of: sample)
    let late = Stamp(rawValue: set.takenAt.rawValue + 1)
    for (moment, only) in [
      (RestoreMoment.time(late), []), (.seq(set.ledgers[0].seq + 1), ["a"]), (.seq(1), []), (.time(.zero), []),
    ] as [(RestoreMoment, [ExactString])] {
      #expect(throws: AdminError.self) {
        try SnapshotRestoring.restore(
          sample.order(set, only: only, until: moment, overwrite: true), into: sample.folder)
      }
    }
    #expect(try RestoreForecastTests.contents(of: sample) == before)
  }
}
