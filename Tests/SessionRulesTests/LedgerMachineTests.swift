import EditModel
import LedgerRules
import LineProtocol
import NIOCore
import Testing

@testable import SessionRules

struct LedgerMachineTests {
  private func machine(_ facts: LedgerFacts = LedgerFacts()) -> LedgerMachine {
    LedgerMachine(history: Samples.history, state: LedgerState(), facts: facts)
  }

  @Test func acceptsInOrderWithConsecutiveSeqs() throws {
    var machine = machine()
    let one = Samples.submission([try Samples.act(1), try Samples.act(2, edits: 2)], of: try Samples.device())
    let other = Samples.submission(
      [try Samples.act(1, of: Samples.otherReplica)], from: 2, of: try Samples.device(Samples.otherReplica))
    let decided = machine.decide([one, other], wallMilliseconds: Samples.wall)
    #expect(decided.answers.map(\.lines) == [["1 ok 1", "2 ok 2"], ["1 ok 4"]])
    #expect(decided.applied.map(\.accepted.seq) == [1, 2, 3, 4])
    #expect(machine.lastSeq == 4)
    #expect(machine.lastDecided(of: try Samples.device().replica) == 2)
  }

  @Test func writesWhatTheCodecWouldWrite() throws {
    var machine = machine()
    let decided = machine.decide(
      [Samples.submission([try Samples.act(1, edits: 2)], of: try Samples.device())], wallMilliseconds: Samples.wall)
    let chunk = try #require(decided.chunk)
    let lines = decided.applied.map { "+ \(EditLine.text($0.accepted))" }
    #expect(chunk.lines.lines == lines)
    #expect(chunk.bytes.lines == lines + ["= 2 g1.e5f2a90c41d7b366.2"])
    #expect(decided.applied.map { $0.accepted.receipt }.allSatisfy { $0.milliseconds == Samples.wall })
  }

  @Test func aCopyIsAnsweredAsBeforeAndStoredOnce() throws {
    var machine = machine()
    let device = try Samples.device()
    let act = try Samples.act(1)
    _ = machine.decide([Samples.submission([act], of: device)], wallMilliseconds: Samples.wall)
    let later = act.restamped(Stamp(milliseconds: Samples.wall + 7_005), shift: Shift(seconds: 7))
    let again = machine.decide([Samples.submission([later, act], of: device)], wallMilliseconds: Samples.wall)
    #expect(again.answers.map(\.lines) == [["1 ok 1", "1 ok 1"]])
    #expect(again.applied.isEmpty)
    #expect(again.chunk == nil)
  }

  @Test func theSameContentOfAnotherMomentIsForkedAlsoInOneBatch() throws {
    var machine = machine()
    let act = try Samples.act(1)
    let later = act.restamped(Stamp(milliseconds: Samples.wall + 60_000), shift: .none)
    let decided = machine.decide(
      [Samples.submission([act, later], of: try Samples.device())], wallMilliseconds: Samples.wall)
    #expect(decided.answers.map(\.lines) == [["1 ok 1", "1 stop forked"]])
    #expect(decided.applied.count == 1)
  }

  @Test func otherContentUnderTheSameNumberIsForkedAlsoInOneBatch() throws {
    var machine = machine()
    let acts = [try Samples.act(1, value: "甲"), try Samples.act(1, value: "乙")]
    let decided = machine.decide([Samples.submission(acts, of: try Samples.device())], wallMilliseconds: Samples.wall)
    #expect(decided.answers.map(\.lines) == [["1 ok 1", "1 stop forked"]])
    #expect(decided.applied.count == 1)
  }

  @Test func asksTheStoreOnlyAboutNumbersThatMayBeOld() throws {
    let device = try Samples.device()
    let machine = machine(LedgerFacts(lastSeq: 9, lastByReplica: [device.replica: 5]))
    let acts = [try Samples.act(5), try Samples.act(6), try Samples.act(3)]
    let questions = machine.questions(about: [Samples.submission(acts, of: device)])
    #expect(questions.map { $0.act.id.n } == [5, 3])
    #expect(questions.map { $0.place.act } == [0, 2])
  }

  @Test(arguments: [
    (Prior.accepted(firstSeq: 4), "5 ok 4"), (.shelved("shelve absent p99"), "5 shelve absent p99"),
    (.forked, "5 stop forked"),
  ])
  func answersFromWhatTheStoreSays(prior: Prior, answer: String) throws {
    let device = try Samples.device()
    var machine = machine(LedgerFacts(lastSeq: 9, lastByReplica: [device.replica: 5]))
    let decided = machine.decide(
      [Samples.submission([try Samples.act(5)], of: device)], priors: [ActPlace(submission: 0, act: 0): prior],
      wallMilliseconds: Samples.wall)
    #expect(decided.answers.map(\.lines) == [[answer]])
    #expect(decided.applied.isEmpty)
  }

  @Test func aNumberThatWasNeverUsedMayComeLate() throws {
    let device = try Samples.device()
    var machine = machine(LedgerFacts(lastSeq: 9, lastByReplica: [device.replica: 5]))
    let decided = machine.decide([Samples.submission([try Samples.act(3)], of: device)], wallMilliseconds: Samples.wall)
    #expect(decided.answers.map(\.lines) == [["3 ok 10"]])
    #expect(machine.lastDecided(of: device.replica) == 5)
  }

  @Test func aRefusedActIsShelvedAndRememberedAsSuch() throws {
    var machine = machine()
    let device = try Samples.device()
    let id = ActID(replica: device.replica, n: 1)
    let change = Change(
      entity: .derived("p99"), field: try #require(FieldName("effect")), value: .text("x"))
    let act = try Act(id: id, changes: [(change: change, base: nil)], stamp: Samples.stamp, shift: .none)
    let first = machine.decide([Samples.submission([act], of: device)], wallMilliseconds: Samples.wall)
    #expect(first.answers.map(\.lines) == [["1 shelve absent p99"]])
    #expect(first.shelved.map { $0.error.text } == ["shelve absent p99"])
    let again = machine.decide([Samples.submission([act], of: device)], wallMilliseconds: Samples.wall)
    #expect(again.answers.map(\.lines) == [["1 shelve absent p99"]])
    #expect(again.shelved.isEmpty)
  }

  @Test(arguments: [(119_999, true), (120_000, true), (120_001, false)] as [(UInt64, Bool)])
  func boundsHowFarAheadAStampIs(ahead: UInt64, isTaken: Bool) throws {
    var machine = machine()
    let act = try Samples.act(1, at: Stamp(milliseconds: Samples.wall + ahead))
    let decided = machine.decide([Samples.submission([act], of: try Samples.device())], wallMilliseconds: Samples.wall)
    let now = Stamp(milliseconds: Samples.wall)
    #expect(decided.answers.map(\.lines) == [[isTaken ? "1 ok 1" : "1 restamp ahead now=\(now)"]])
  }

  @Test func laterActsOfTheConnectionWaitUntilTheFirstIsPutAgain() throws {
    var machine = machine()
    let device = try Samples.device()
    let early = try Samples.act(1, at: Stamp(milliseconds: Samples.wall + 500_000))
    let acts = [early, try Samples.act(2)]
    let decided = machine.decide([Samples.submission(acts, of: device)], wallMilliseconds: Samples.wall)
    #expect(
      decided.answers.map(\.lines)
        == [["1 restamp ahead now=\(Stamp(milliseconds: Samples.wall))", "2 wait earlier n=1"]])
    let elsewhere = Samples.submission([try Samples.act(2)], from: 2, of: device)
    let now = [try Samples.act(2), try Samples.act(1), try Samples.act(2)]
    let next = machine.decide([Samples.submission(now, of: device), elsewhere], wallMilliseconds: Samples.wall)
    #expect(next.answers.map(\.lines) == [["2 wait earlier n=1", "1 ok 1", "2 ok 2"], ["2 ok 2"]])
  }

  @Test func anArchivedLedgerTakesNothingButAnswersCopies() throws {
    var machine = machine()
    let device = try Samples.device()
    _ = machine.decide([Samples.submission([try Samples.act(1)], of: device)], wallMilliseconds: Samples.wall)
    let acts = [try Samples.act(1), try Samples.act(2), try Samples.act(3)]
    let decided = machine.decide(
      [Samples.submission(acts, of: device)], isArchived: true, wallMilliseconds: Samples.wall)
    #expect(decided.answers.map(\.lines) == [["1 ok 1", "2 wait archived", "3 wait earlier n=2"]])
  }

  @Test func whenNothingCanBeStoredNothingIsDecided() throws {
    var holds = Holds()
    let device = try Samples.device()
    let acts = [try Samples.act(4), try Samples.act(5)]
    let answers = LedgerMachine.sendBack([Samples.submission(acts, of: device)], saying: .storage, holds: &holds)
    #expect(answers.map(\.lines) == [["4 wait storage", "5 wait earlier n=4"]])
    var machine = LedgerMachine(
      history: Samples.history, state: LedgerState(), facts: LedgerFacts(lastSeq: 7), holds: holds)
    let again = machine.decide(
      [Samples.submission([try Samples.act(5), try Samples.act(4)], of: device)], wallMilliseconds: Samples.wall)
    #expect(again.answers.map(\.lines) == [["5 wait earlier n=4", "4 ok 8"]])
  }

  @Test func theServersTimeIsNeverBelowItsHistory() throws {
    let late = Stamp(milliseconds: Samples.wall + 1_000)
    var machine = machine(LedgerFacts(greatestStamp: late))
    #expect(machine.now(wallMilliseconds: Samples.wall) == late)
    let acts = [try Samples.act(1), try Samples.act(2)]
    let decided = machine.decide([Samples.submission(acts, of: try Samples.device())], wallMilliseconds: Samples.wall)
    #expect(decided.applied.map { $0.accepted.receipt } == [late.next, late.next.next])
  }
}
