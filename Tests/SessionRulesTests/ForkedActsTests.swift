import EditModel
import LedgerRules
import LineProtocol
import Testing

@testable import SessionRules

/// What a copied folder sends: numbers under which the other copy's acts were decided, and what is about them.
@Suite struct ForkedActsTests {
  private func machine() -> LedgerMachine {
    LedgerMachine(history: Samples.history, state: LedgerState(), facts: LedgerFacts())
  }

  /// Act `n`, which says how far the problem is that act `maker` makes.
  private func about(_ maker: UInt64, _ n: UInt64) throws -> Act {
    let change = Change(
      entity: .created(try Samples.act(maker).id.edit(1)), field: try #require(FieldName("progress")),
      value: .text("已整改"))
    return try Act(
      id: ActID(replica: try Samples.device().replica, n: n), changes: [(change: change, base: nil)],
      stamp: Samples.stamp, shift: .none)
  }

  @Test func whatIsAboutAForkedActIsForkedOnItsConnectionOnly() throws {
    var machine = machine()
    let device = try Samples.device()
    _ = machine.decide([Samples.submission([try Samples.act(1)], of: device)], wallMilliseconds: Samples.wall)
    let second = [try Samples.act(1, value: "乙"), try about(1, 2), try Samples.act(3), try about(3, 4)]
    let copy = machine.decide([Samples.submission(second, from: 2, of: device)], wallMilliseconds: Samples.wall)
    #expect(copy.answers.map(\.lines) == [["1 stop forked", "2 stop forked", "3 ok 2", "4 ok 3"]])
    #expect(copy.applied.count == 2)
    let first = machine.decide([Samples.submission([try about(1, 2)], of: device)], wallMilliseconds: Samples.wall)
    #expect(first.answers.map(\.lines) == [["2 ok 4"]])
    // It says the same of another thing: the second one's is not done by it.
    let again = machine.decide(
      [Samples.submission([try about(1, 2)], from: 2, of: device)], wallMilliseconds: Samples.wall)
    #expect(again.answers.map(\.lines) == [["2 stop forked"]])
    let own = machine.decide(
      [Samples.submission([try about(3, 4)], from: 2, of: device)], wallMilliseconds: Samples.wall)
    #expect(own.answers.map(\.lines) == [["4 ok 3"]])
  }

  @Test func aConnectionThatIsGoneIsForgotten() throws {
    var machine = machine()
    let device = try Samples.device()
    let acts = [try Samples.act(1), try Samples.act(1, value: "乙")]
    _ = machine.decide([Samples.submission(acts, of: device)], wallMilliseconds: Samples.wall)
    machine.holds.forget(ConnectionNumber(1))
    let later = machine.decide([Samples.submission([try about(1, 2)], of: device)], wallMilliseconds: Samples.wall)
    #expect(later.answers.map(\.lines) == [["2 ok 2"]])
  }

  /// The store did not keep the first copy's act, which was decided and not yet answered.
  @Test func anActThatIsAcceptedAfterAllIsForkedNoMore() throws {
    var machine = machine()
    let device = try Samples.device()
    _ = machine.decide([Samples.submission([try Samples.act(1)], of: device)], wallMilliseconds: Samples.wall)
    let own = Samples.submission([try Samples.act(1, value: "乙")], from: 2, of: device)
    #expect(machine.decide([own], wallMilliseconds: Samples.wall).answers[0].lines == ["1 stop forked"])
    var later = self.machine()
    later.holds = machine.holds
    let both = Samples.submission([try Samples.act(1, value: "乙"), try about(1, 2)], from: 2, of: device)
    #expect(later.decide([both], wallMilliseconds: Samples.wall).answers[0].lines == ["1 ok 1", "2 ok 2"])
  }

  @Test(arguments: [(Limits.forkedActs - 1, false), (Limits.forkedActs, false), (Limits.forkedActs + 1, true)])
  func beyondTheNumbersThatAreKnownEveryOwnThingCounts(count: Int, isForked: Bool) throws {
    var machine = machine()
    let device = try Samples.device()
    let last = UInt64(count) + 1
    let acts = try (1...last).map { try Samples.act($0) }
    _ = machine.decide([Samples.submission(acts, of: device)], wallMilliseconds: Samples.wall)
    let others = try (1...UInt64(count)).map { try Samples.act($0, value: "乙") }
    let forked = machine.decide([Samples.submission(others, of: device)], wallMilliseconds: Samples.wall)
    #expect(forked.answers[0].lines == others.map { "\($0.id.n) stop forked" })
    let answer = machine.decide(
      [Samples.submission([try about(last, last + 1)], of: device)], wallMilliseconds: Samples.wall)
    #expect(answer.answers[0].lines == [isForked ? "\(last + 1) stop forked" : "\(last + 1) ok \(last + 1)"])
    // What was decided before is answered as it was.
    let another = Samples.submission([try about(last, last + 1)], from: 2, of: device)
    _ = machine.decide([another], wallMilliseconds: Samples.wall)
    let again = machine.decide(
      [Samples.submission([try about(last, last + 1)], of: device)], wallMilliseconds: Samples.wall)
    #expect(again.answers[0].lines == ["\(last + 1) ok \(last + 1)"])
  }
}
