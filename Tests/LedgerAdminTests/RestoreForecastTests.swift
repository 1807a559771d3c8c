import EditModel
import LedgerStore
import LineProtocol
import Testing

@testable import LedgerAdmin

@Suite struct RestoreForecastTests {
  /// A history of acts of one to three edits, a second apart: problems, and notes on them, of three seats in turn.
  private static let edits: [AcceptedEdit] = {
    var edits: [AcceptedEdit] = []
    for n in 1...UInt64(40) {
      let seat = Int(n % 3)
      guard let replica = ReplicaID(["q2w8rt5n", "h4m7xk2v", "x7c3mv0d"][seat]), let name = SeatID("seat\(seat)"),
        let problem = FieldName("problem"), let note = FieldName("note")
      else { return [] }
      let made = ActID(replica: replica, n: n)
      let changes = (0..<n % 3 + 1).map { index in
        let isNote = index > 0
        return Change(
          entity: isNote ? .created(made.edit(1)) : .root, field: isNote ? note : problem,
          value: .text(ExactString("第 \(n) 件")))
      }
      let stamp = Stamp(milliseconds: DataFolderSample.now.milliseconds + n * 1_000)
      let act = try? Act(id: made, changes: changes.map { ($0, nil) }, stamp: stamp, shift: .none)
      for edit in act?.edits ?? [] {
        edits.append(AcceptedEdit(seq: UInt64(edits.count + 1), receipt: stamp, seat: name, edit: edit))
      }
    }
    return edits
  }()

  /// How many of `edits` the first acts have.
  private static let held = edits.firstIndex { $0.edit.id.n == 21 } ?? 0

  private static func ledger(_ edits: some Sequence<AcceptedEdit>, in sample: DataFolderSample) throws -> ServerStore {
    let store = try sample.ledger("a", acts: 0)
    try store.append(HistoryBatch(edits))
    return store
  }

  /// A set of the first acts, and the ledger that went on behind it.
  private static func grown(_ sample: DataFolderSample) throws -> (set: SnapshotSet, missing: [AcceptedEdit]) {
    let store = try ledger(edits.prefix(held), in: sample)
    let set = try sample.take()
    let missing = Array(edits.dropFirst(held))
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
    #expect(found.lastAccepted == RestoreForecastTests.edits[Int(found.seq) - 1].receipt)
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
    let kept = RestoreForecastTests.problems(Array(RestoreForecastTests.edits.prefix(RestoreForecastTests.held)))
    let all = RestoreForecastTests.problems(RestoreForecastTests.edits)
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
    let edits = RestoreForecastTests.edits
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
    let edits = RestoreForecastTests.edits
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
