import EditModel
import LedgerRules
import LineProtocol
import Testing

@testable import SessionRules

/// A ledger that was restored to an earlier moment: what was made before that waits for a decision.
@Suite struct HeldBackTests {
  private let through = Stamp(milliseconds: Samples.wall + 60_000)

  private func ledger() -> LedgerMachine {
    let history = LedgerHistory(ledger: Samples.ledger, epoch: Samples.epoch, parents: [], heldThrough: through)
    return LedgerMachine(history: history, state: LedgerState(), facts: LedgerFacts())
  }

  private var later: Stamp { Stamp(milliseconds: Samples.wall + 61_000) }

  private func note(_ n: UInt64, on made: ActID, at stamp: Stamp) throws -> Act {
    let change = Change(
      entity: .created(made.edit(1)), field: try #require(FieldName("note")), value: .text("已联系"))
    return try Act(
      id: ActID(replica: made.replica, n: n), changes: [(change: change, base: nil)], stamp: stamp, shift: .none)
  }

  /// What `machine` answers to acts of one submission, holding back what it names.
  private func answers(
    _ machine: inout LedgerMachine, _ acts: [Act], ruling: Submission.Ruling = .none
  ) throws -> [String] {
    let device = try Samples.device()
    let submission = Submission(
      connection: ConnectionNumber(1), device: device, acts: acts.map { Samples.submitted($0, tag: $0.id.n) },
      ruling: ruling)
    let places = machine.heldBack(among: [submission], priors: [:])
    let held = Dictionary(uniqueKeysWithValues: places.map { ($0, ErrorCode.held) })
    return machine.decide([submission], held: held, wallMilliseconds: Samples.wall + 120_000).answers[0].lines
  }

  @Test func whatWasMadeUpToTheRestoreWaitsAndWhatIsNewerIsJudged() throws {
    var machine = ledger()
    let acts = [
      try Samples.act(1, at: Samples.stamp), try Samples.act(2, at: through),
      try Samples.act(3, at: Stamp(rawValue: through.rawValue + 1)),
    ]
    #expect(try answers(&machine, acts) == ["1 wait held", "2 wait held", "3 ok 1"])
    // Nothing is decided of the first two: none of the later ones waited for them.
    #expect(try answers(&machine, [acts[0]]) == ["1 wait held"])
  }

  @Test func whatIsAboutAThingThatIsNotThereWaitsToo() throws {
    var machine = ledger()
    let old = try Samples.act(1, at: Samples.stamp)
    let new = try Samples.act(2, at: later)
    let acts = [
      old, try note(3, on: old.id, at: later), new, try note(4, on: new.id, at: later),
    ]
    #expect(try answers(&machine, acts) == ["1 wait held", "3 wait held", "2 ok 1", "4 ok 2"])
    #expect(try answers(&machine, [try note(5, on: new.id, at: later)]) == ["5 ok 3"])
  }

  @Test func aCopyOfWhatWasDecidedIsAnsweredAsBefore() throws {
    var machine = ledger()
    let act = try Samples.act(1, at: Samples.stamp)
    #expect(try answers(&machine, [act], ruling: .accept) == ["1 ok 1"])
    #expect(try answers(&machine, [act]) == ["1 ok 1"])
  }

  @Test func whatIsAcceptedIsJudgedByTheRules() throws {
    var machine = ledger()
    let orphan = try note(2, on: try Samples.act(1).id, at: Samples.stamp)
    #expect(try answers(&machine, [orphan], ruling: .accept) == ["2 shelve absent \(Samples.replica).1/1"])
  }

  @Test func whatIsRefusedGoesToItsAuthorsShelfUnderTheNameOfWhoDecided() throws {
    var machine = ledger()
    let act = try Samples.act(1, at: Samples.stamp)
    let seat = try #require(SeatID("bangongshi"))
    #expect(try answers(&machine, [act], ruling: .refuse(by: seat)) == ["1 shelve declined bangongshi"])
    #expect(try answers(&machine, [act]) == ["1 shelve declined bangongshi"])
    #expect(machine.lastSeq == 0)
  }

  @Test func withoutARestoreNothingIsHeldBack() throws {
    let machine = LedgerMachine(history: Samples.history, state: LedgerState(), facts: LedgerFacts())
    let submission = Samples.submission([try Samples.act(1)], of: try Samples.device())
    #expect(machine.heldBack(among: [submission], priors: [:]).isEmpty)
  }
}
