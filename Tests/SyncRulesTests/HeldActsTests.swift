import EditModel
import LineProtocol
import SyncRules
import Testing

/// Acts that a ledger holds back since a restore: somebody decides about them.
@Suite struct HeldActsTests {
  private func live(_ outbox: [OutboxAct]) throws -> (SyncMachine, [SyncAction]) {
    var machine = SyncMachine(facts: try Fixture.facts(counter: 9), outbox: outbox, random: 1)
    _ = machine.handle(.started)
    _ = machine.handle(.connected)
    _ = try machine.hear("* taizhang 1 taizhangd/0.1.0 now=01hfn7ysv0000 line=65536 cap=chain")
    var actions = try machine.hear("1 ok seat=zhangbaiwan role=village_clerk last=0")
    actions += try machine.hear("2 ok \(Fixture.epoch)", "= 4 \(Fixture.epoch).4")
    return (machine, actions)
  }

  @Test func areOfferedOnceOnAConnectionAndKeepNoOtherFromLeaving() throws {
    var (machine, _) = try live(Fixture.outbox(1, 2, 3))
    let actions = try machine.hear("3 wait held", "4 ok 5", "5 wait held-full")
    #expect(actions.map(\.word).contains("report held(2)"))
    #expect(!actions.map(\.word).contains { $0.hasPrefix("send 6 put") })
    #expect(machine.undecidedCount == 2)
  }

  @Test func aReplicaIsLevelThoughTheyWait() throws {
    var (machine, _) = try live(Fixture.outbox(1))
    let actions = try machine.hear("3 wait held")
    #expect(actions.map(\.word).contains("report settled"))
    #expect(machine.isSettled)
  }

  @Test func areOfferedAgainOnTheNextConnectionAndLeaveOnceTheyAreDecided() throws {
    var (machine, _) = try live(Fixture.outbox(1, 2))
    _ = try machine.hear("3 wait held", "4 wait held")
    _ = machine.handle(.disconnected(.closed, random: 0))
    _ = machine.handle(.woke(.reconnect))
    _ = machine.handle(.connected)
    _ = try machine.hear("* taizhang 1 taizhangd/0.1.0 now=01hfn7ysv0000 line=65536 cap=chain")
    var actions = try machine.hear("1 ok seat=zhangbaiwan role=village_clerk last=0")
    actions += try machine.hear("2 ok \(Fixture.epoch)", "= 4 \(Fixture.epoch).4")
    #expect(actions.map(\.word).contains { $0.hasPrefix("send 3 put q2w8rt5n.1/1; 4 put q2w8rt5n.2/1") })
    actions = try machine.hear("3 ok 3", "4 shelve declined bangongshi")
    #expect(actions.map(\.word).contains { $0.hasPrefix("shelve 2") })
    #expect(machine.undecidedCount == 0)
  }
}
