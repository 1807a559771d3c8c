import EditModel
import LedgerRules
import LedgerStore
import LineProtocol
import Testing

@testable import LedgerAdmin

@Suite struct SnapshotProvingTests {
  /// A folder with one linked ledger of known acts.
  private func sample() throws -> DataFolderSample {
    let sample = try DataFolderSample()
    let store = try sample.ledger("a", acts: 0)
    try store.append(HistoryBatch(HistoryOfThreeSeats.edits))
    try store.close()
    return sample
  }

  private static let now = Stamp(milliseconds: DataFolderSample.now.milliseconds + 100_000)

  @Test func aWholeSetIsProvedAndNothingOfTheProofIsLeft() throws {
    let sample = try sample()
    let set = try sample.take()
    let proof = try SnapshotUpkeep.prove(set, in: sample.folder, at: SnapshotProvingTests.now)
    #expect(proof.record.failure == nil)
    #expect(proof.found.map(\.lines) == [set.ledgers[0].seq] && proof.found.map(\.strangeCount) == [0])
    #expect(!Disk.exists(sample.folder.proving))
    #expect(ProofRecord.read(set.name, in: sample.folder) == proof.record)
    // A set is none the less for what lies beside it.
    #expect(SnapshotSet.all(in: sample.folder).map(\.name) == [set.name])
  }

  @Test func aBrokenSetIsFoundAndTheReasonKept() throws {
    let sample = try sample()
    let set = try sample.take()
    let path = "\(set.path)/a.ledger.gz"
    var bytes = try DataFolderSample.bytes(path)
    bytes[bytes.count / 2] ^= 1
    try DataFolderSample.write(bytes, to: path)
    let proof = try SnapshotUpkeep.prove(set, in: sample.folder, at: SnapshotProvingTests.now)
    let failure = try #require(proof.record.failure)
    #expect(failure.contains("a.ledger.gz"))
    #expect(ProofRecord.read(set.name, in: sample.folder)?.failure == failure)
    #expect(!Disk.exists(sample.folder.proving))
  }

  @Test func actsThatTheRulesWouldNotTakeAreCounted() throws {
    let sample = try sample()
    let seats = try sample.seatStore()
    try seats.addSeat(SeatFacts(seat: try #require(SeatID("seat0")), role: .admin), ledger: "a")
    try seats.addSeat(SeatFacts(seat: try #require(SeatID("seat1")), role: .roundOwner), ledger: "a")
    try seats.close()
    let found = try #require(try SnapshotProving.prove(sample.take(), in: sample.folder).first)
    let acts = Set(HistoryOfThreeSeats.edits.filter { $0.seat.description == "seat0" }.map(\.edit.id.act))
    #expect(found.strangeCount == acts.count)
    #expect(found.strange.first == HistoryOfThreeSeats.edits.first { $0.seat.description == "seat0" }?.seq)
  }

  @Test func oneProcessProvesAtATime() throws {
    let sample = try sample()
    let set = try sample.take()
    let lock = try FolderLock(file: sample.folder.provingLock, of: sample.folder.snapshots)
    #expect { try SnapshotProving.prove(set, in: sample.folder) } throws: { error in
      if case AdminError.snapshotGoesOn? = error as? AdminError { true } else { false }
    }
    withExtendedLifetime(lock) {}
  }

  // MARK: Whether another is needed

  @Test func anotherSetIsNeededOnceSomethingWasWritten() throws {
    let sample = try sample()
    #expect(try SnapshotUpkeep.isNeeded(in: sample.folder))
    let set = try sample.take()
    let note = { (action: AuditAction) in
      let seats = try sample.seatStore()
      try seats.note(action, [set.name], at: SnapshotProvingTests.now)
      try seats.close()
    }
    try note(.snapshot)
    try note(.snapshotRemove)
    #expect(try !SnapshotUpkeep.isNeeded(in: sample.folder))
    try note(.restore)
    #expect(try SnapshotUpkeep.isNeeded(in: sample.folder))
    _ = try sample.take(at: 1_000)
    #expect(try !SnapshotUpkeep.isNeeded(in: sample.folder))
    let store = try ServerStore(path: sample.folder.ledger("a"))
    let last = try #require(HistoryOfThreeSeats.edits.last)
    let more = AcceptedEdit(seq: store.lastSeq + 1, receipt: last.receipt, seat: last.seat, edit: last.edit)
    try store.append(HistoryBatch([more]))
    try store.close()
    #expect(try SnapshotUpkeep.isNeeded(in: sample.folder))
  }

  @Test func aRemovedSetIsGoneWithItsProof() throws {
    let sample = try sample()
    let old = try sample.take()
    _ = try SnapshotUpkeep.prove(old, in: sample.folder, at: SnapshotProvingTests.now)
    let day: UInt64 = 86_400_000
    let newer = try sample.take(at: 800 * day)
    _ = try SnapshotUpkeep.prove(newer, in: sample.folder, at: SnapshotProvingTests.now)
    let later = Stamp(milliseconds: newer.takenAt.milliseconds + day)
    #expect(SnapshotUpkeep.removable(.usual, in: sample.folder, now: later).map(\.name) == [old.name])
    try old.setPinned(true)
    #expect(SnapshotUpkeep.removable(.usual, in: sample.folder, now: later).isEmpty)
    try old.setPinned(false)
    // What a kill left of an earlier removal goes too.
    try Disk.makeFolder("\(sample.folder.snapshots)/.removing-x")
    try SnapshotUpkeep.remove(old, from: sample.folder)
    #expect(SnapshotSet.all(in: sample.folder).map(\.name) == [newer.name])
    #expect(ProofRecord.read(old.name, in: sample.folder) == nil)
    #expect(!Disk.names(in: sample.folder.snapshots).contains { $0.hasPrefix(".removing") })
  }

  // MARK: Alarm

  private func later(_ hours: UInt64) -> Stamp {
    Stamp(milliseconds: DataFolderSample.now.milliseconds + hours * 3_600_000)
  }

  @Test func whatWasWrittenAndNotProvedForTooLongAlarms() throws {
    let sample = try sample()
    let alarms = { (hours: UInt64) in
      SnapshotHealth(of: sample.folder).isAlarming(at: self.later(hours), limitHours: 26)
    }
    #expect(!alarms(25) && alarms(27))
    let set = try sample.take(at: 20 * 3_600_000)
    #expect(alarms(27))
    _ = try SnapshotUpkeep.prove(set, in: sample.folder, at: SnapshotProvingTests.now)
    // Nothing was written since: it stands for the ledger however old it is.
    #expect(!alarms(27) && !alarms(9_000))
    let seats = try sample.seatStore()
    try seats.note(.restore, ["x"], at: SnapshotProvingTests.now)
    try seats.close()
    #expect(!alarms(45) && alarms(47))
  }

  @Test func aNewestSetThatIsBrokenAlarmsAtOnce() throws {
    let sample = try sample()
    let set = try sample.take()
    try ProofRecord(at: SnapshotProvingTests.now, freeBytes: 1, failure: "x").write(set.name, in: sample.folder)
    let health = SnapshotHealth(of: sample.folder)
    #expect(health.isAlarming(at: later(0), limitHours: 26))
    #expect(health.broken == SnapshotHealth.Broken(name: set.name, reason: "x"))
  }

  @Test func anEmptyFolderAlarmsNobody() throws {
    #expect(!SnapshotHealth(of: try DataFolderSample().folder).isAlarming(at: later(9_999), limitHours: 1))
  }

  @Test func theDaysLeftFollowHowTheRoomWent() {
    let gigabyte: UInt64 = 1 << 30
    let records = [(at: later(0), free: 100 * gigabyte), (at: later(240), free: 80 * gigabyte)]
    #expect(SnapshotHealth.daysLeft(records, free: 80 * gigabyte) == 40)
    #expect(SnapshotHealth.daysLeft(records.reversed(), free: 80 * gigabyte) == 40)
    #expect(SnapshotHealth.daysLeft([records[0]], free: gigabyte) == nil)
    #expect(SnapshotHealth.daysLeft([(at: later(0), free: 9), (at: later(23), free: 1)], free: 1) == nil)
    #expect(SnapshotHealth.daysLeft([(at: later(0), free: 1), (at: later(48), free: 9)], free: 9) == nil)
  }
}
