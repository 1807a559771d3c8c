import EditModel
import SyncRules
import Testing

/// Acts about what acts before them make, none of which is decided yet.
@Suite struct ChainTests {
  /// Act 1 makes a thing, 2 changes it and makes another in it, 3 changes that one, 4 is about something else.
  private func outbox(_ phase: OutboxAct.Phase = .pending, first: OutboxAct.Phase? = nil) throws -> [OutboxAct] {
    let made = try [1, 2].map { EntityID.created(try Fixture.act($0).id.edit(1)).description }
    return [
      OutboxAct(act: try Fixture.act(1), phase: first ?? phase),
      OutboxAct(act: try Fixture.act(2, [try Fixture.change("x", entity: made[0])]), phase: phase),
      OutboxAct(act: try Fixture.act(3, [try Fixture.change("y", entity: made[1])]), phase: phase),
      OutboxAct(act: try Fixture.act(4), phase: phase),
    ]
  }

  @Test func aChainLeavesInOneGo() throws {
    let (_, actions) = try Fixture.live(try outbox(), capabilities: "chain,snap")
    #expect(actions.words.contains("mark [1, 2, 3, 4]"))
    #expect(
      actions.words.contains(
        "send 3 put q2w8rt5n.1/1; 4 put q2w8rt5n.2/1; 5 put q2w8rt5n.3/1; 6 put q2w8rt5n.4/1"))
  }

  @Test func forAServerWithoutChainItWaitsForEachAnswer() throws {
    var (machine, actions) = try Fixture.live(try outbox())
    #expect(actions.words.contains("send 3 put q2w8rt5n.1/1"))
    actions = try machine.hear("3 ok 5")
    #expect(actions.words == ["acknowledge 1 5", "mark [2]", "send 4 put q2w8rt5n.2/1"])
    actions = try machine.hear("4 ok 6")
    #expect(actions.words == ["acknowledge 2 6", "mark [3, 4]", "send 5 put q2w8rt5n.3/1; 6 put q2w8rt5n.4/1"])
  }

  @Test func whatIsAboutAForkedActIsForkedWithIt() throws {
    var (machine, _) = try Fixture.live(try outbox(), capabilities: "chain")
    #expect(try machine.hear("3 stop forked").words == ["forked 1", "forked 2", "forked 3", "need new id"])
    #expect(try machine.hear("4 stop forked", "5 stop forked").words.contains("send 7 replica") == false)
    // Act 4 was sent, is about nothing of the kind, and is decided before a new id is asked for.
    #expect(try machine.hear("6 ok 5").words == ["acknowledge 4 5", "send 7 replica"])
  }

  @Test func whatTheOtherCopySaidUnderThatNumberIsNotOurs() throws {
    var (machine, _) = try Fixture.live(try outbox(), capabilities: "chain")
    _ = try machine.hear("3 stop forked")
    // A server may find the other copy's acts under these numbers, which say the same of another thing.
    #expect(try machine.hear("4 ok 2", "5 shelve value").words == [])
    #expect(try machine.hear("6 ok 5").words == ["acknowledge 4 5", "send 7 replica"])
  }

  @Test func aForkedActThatTheServerWaitsForHoldsNothingUp() throws {
    var (machine, _) = try Fixture.live(try outbox(), capabilities: "chain")
    _ = try machine.hear("3 stop forked")
    #expect(try machine.hear("4 wait storage").words == ["disconnect"])
  }

  @Test func aConnectionOnWhichAForkedActIsWaitedForEnds() throws {
    var (machine, _) = try Fixture.live(try outbox(), capabilities: "chain")
    // A connection may answer for want of room before its ledger does.
    _ = try machine.hear("4 retry busy")
    _ = try machine.hear("3 stop forked")
    #expect(try machine.hear("6 wait earlier n=2").words == ["disconnect"])
  }

  /// An act that a restore took away, and under whose number the other copy put its own meanwhile.
  @Test func whatIsAboutAnActThatCannotBePutAgainDoesNotLeave() throws {
    var acts = try outbox()
    acts[0] = OutboxAct(act: acts[0].act, phase: .sent, wasAccepted: true)
    var (machine, actions) = try Fixture.live(acts)
    #expect(actions.words.contains("send 3 put q2w8rt5n.1/1"))
    actions = try machine.hear("3 stop forked")
    #expect(actions.words == ["shelve 1 stop forked", "mark [4]", "send 4 put q2w8rt5n.4/1"])
  }

  @Test func aStopBetweenMarkingOneForkedAndTheNextLetsNothingLeaveAlone() throws {
    let (_, actions) = try Fixture.live(try outbox(.sent, first: .forked), capabilities: "chain")
    #expect(actions.words.filter { $0.hasPrefix("send") } == ["send 3 put q2w8rt5n.4/1"])
  }
}
