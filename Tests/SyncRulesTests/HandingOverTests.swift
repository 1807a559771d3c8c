import EditModel
import LineProtocol
import SyncRules
import Testing

/// A device that its server has shut out or does not know.
@Suite struct HandingOverTests {
  private func held(_ outbox: [OutboxAct]) throws -> (SyncMachine, [SyncAction]) {
    var machine = SyncMachine(facts: try Fixture.facts(counter: 9), outbox: outbox, random: 1)
    _ = machine.handle(.started)
    _ = machine.handle(.connected)
    _ = try machine.hear("* taizhang 1 taizhangd/0.1.0 now=01hfn7ysv0000 line=65536 cap=snap")
    let actions = try machine.hear("1 ok held=1 last=0", "2 stop removed")
    return (machine, actions)
  }

  @Test func offersEveryActOnceAndSaysHowManyAreKept() throws {
    var (machine, first) = try held(Fixture.outbox(1, 2, 3))
    #expect(first.map(\.word).contains("mark [1, 2, 3]"))
    #expect(first.map(\.word).last?.hasPrefix("send 3 put q2w8rt5n.1/1; 4 put q2w8rt5n.2/1") == true)
    let last = try machine.hear("3 wait held", "5 wait held-full", "4 wait held")
    #expect(last.map(\.word) == ["removed 2", "disconnect"])
    let closed = machine.handle(.disconnected(.closed, random: 0)).map(\.word)
    #expect(closed.contains("report offline(SyncRules.SyncFailure.removed(handedOver: 2))"))
    // Nothing was decided: all of it stays.
    #expect(machine.undecidedCount == 3)
  }

  @Test func endsAtOnceWithoutAnyAct() throws {
    let (_, actions) = try held([])
    #expect(actions.map(\.word).suffix(2) == ["removed 0", "disconnect"])
  }

  @Test func whatTheServerCannotKeepNowIsNotAskedAgainAtOnce() throws {
    var (machine, _) = try held(Fixture.outbox(1, 2))
    #expect(try machine.hear("3 wait storage").isEmpty)
    #expect(try machine.hear("4 wait held").map(\.word) == ["removed 1", "disconnect"])
  }

  @Test func offersWhatBuildsOnItsOwnUndecidedThingsToo() throws {
    let note = try Fixture.change("x", entity: "\(Fixture.own).1/1", field: "note")
    let outbox = try Fixture.outbox(1) + [OutboxAct(act: try Fixture.act(2, [note]), phase: .pending)]
    let (_, actions) = try held(outbox)
    #expect(actions.map(\.word).last == "send 3 put q2w8rt5n.1/1; 4 put q2w8rt5n.2/1")
  }

  @Test func goesOnAsEverOnceItIsLetInAgain() throws {
    var (machine, _) = try held(Fixture.outbox(1))
    _ = try machine.hear("3 wait held")
    _ = machine.handle(.disconnected(.closed, random: 0))
    _ = machine.handle(.woke(.reconnect))
    _ = machine.handle(.connected)
    _ = try machine.hear("* taizhang 1 taizhangd/0.1.0 now=01hfn7ysv0000 line=65536 cap=snap")
    var actions = try machine.hear("1 ok seat=zhangbaiwan role=village_clerk last=0")
    actions += try machine.hear("2 ok \(Fixture.epoch)", "= 4 \(Fixture.epoch).4")
    #expect(actions.map(\.word).contains("send 3 put q2w8rt5n.1/1"))
  }
}
