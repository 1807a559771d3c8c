import EditModel
import LineProtocol
import SyncRules
import Testing

/// However a server ends a connection, attempts come at a rate that a town can bear; on a clock of the test's own.
@Suite struct NeverSpinsTests {
  /// Where each connection ends.
  enum End: CaseIterable, Sendable {
    case unreachable, closedAtOnce, afterTheGreeting, afterTheAnswerToAuth, afterOpening, silent, sentBack, denied
  }

  /// How many attempts an hour brings, with jitter from a seed.
  private func attempts(_ end: End, hours: Int = 1) throws -> Int {
    var machine = SyncMachine(facts: try Fixture.facts(counter: 1), outbox: try Fixture.outbox(1), random: 1)
    var (clock, count, random) = (Duration.zero, 0, UInt64(end.hashValue.magnitude % 97) << 40)
    var actions = machine.handle(.started)
    while clock < .seconds(3_600 * hours) {
      var connects = false
      var wait: Duration?
      for action in actions {
        switch action {
        case .connect: connects = true
        case .wake(.reconnect, let delay): wait = delay
        default: break
        }
      }
      if connects {
        count += 1
        random = random &* 6_364_136_223_846_793_005 &+ 1
        actions = try run(end, &machine, random, &clock)
      } else {
        clock += try #require(wait, "nothing is waited for")
        actions = machine.handle(.woke(.reconnect))
      }
      guard count < 100_000 else { break }
    }
    return count
  }

  /// One connection that ends as `end` says; what is to be done then.
  private func run(
    _ end: End, _ machine: inout SyncMachine, _ random: UInt64, _ clock: inout Duration
  ) throws -> [SyncAction] {
    if end == .unreachable { return machine.handle(.disconnected(.unreachable("refused"), random: random)) }
    _ = machine.handle(.connected)
    if end == .silent {
      clock += SyncLimits.handshake
      _ = machine.handle(.woke(.watchdog))
    }
    if end != .closedAtOnce, end != .silent { try speak(end, &machine) }
    return machine.handle(.disconnected(.closed, random: random))
  }

  private func speak(_ end: End, _ machine: inout SyncMachine) throws {
    _ = try machine.hear("* taizhang 1 taizhangd/0.1.0 now=01hfn7ysv0000 line=65536")
    if end == .afterTheGreeting { return }
    if end == .denied {
      _ = try machine.hear("1 stop denied")
      return
    }
    _ = try machine.hear("1 ok seat=zhangbaiwan role=village_clerk last=0")
    if end == .afterTheAnswerToAuth { return }
    _ = try machine.hear("2 ok \(Fixture.epoch) last=9")
    if end == .sentBack { _ = try machine.hear("* stop seat-changed") }
  }

  @Test(arguments: End.allCases) func anHourBringsFewAttempts(end: End) throws {
    // Once a minute and, for the jitter, up to twice; and those of the first minute.
    let count = try attempts(end)
    #expect(count >= 10 && count < 130, "\(end): \(count)")
  }

  /// Two that a server asked to wait at one moment come back at two.
  @Test func thePausesThatAServerAsksForAreSpread() throws {
    func pauses(_ random: UInt64) throws -> [Duration] {
      var (machine, _) = try Fixture.live(Fixture.outbox(1), random: random)
      return try (3...8).map { tag in
        let actions = try machine.hear("\(tag) retry busy")
        let pause = actions.lazy.compactMap { if case .wake(.resume, let delay) = $0 { delay } else { nil } }.first
        _ = machine.handle(.woke(.resume))
        return try #require(pause)
      }
    }
    let (one, other) = (try pauses(1), try pauses(2))
    #expect(Set(one).isDisjoint(with: other))
    for (index, pause) in (one + other).enumerated() {
      let whole = SyncLimits.firstPause * (1 << (index % 6))
      #expect(pause >= whole / 2 && pause <= whole * 3 / 2, "\(index)")
    }
  }

  /// One that brought something is followed by a short wait, and the next barren ones by longer ones.
  @Test func whatBroughtSomethingBeginsTheWaitsAnew() throws {
    var (machine, _) = try Fixture.live([])
    func wait(_ actions: [SyncAction]) -> Duration? {
      actions.lazy.compactMap { if case .wake(.reconnect, let delay) = $0 { delay } else { nil } }.first
    }
    let middle = UInt64(1) << 63
    #expect(wait(machine.handle(.disconnected(.closed, random: middle))) == .seconds(1))
    var waits: [Duration?] = []
    for _ in 1...8 {
      _ = machine.handle(.woke(.reconnect))
      waits.append(wait(machine.handle(.disconnected(.unreachable("x"), random: middle))))
    }
    #expect(waits == [2, 4, 8, 16, 32, 60, 60, 60].map { .seconds($0) })
    _ = machine.handle(.woke(.reconnect))
    _ = machine.handle(.connected)
    _ = try machine.hear("* taizhang 1 taizhangd/0.1.0 now=01hfn7ysv0000 line=65536")
    _ = try machine.hear("1 ok seat=zhangbaiwan role=village_clerk last=0", "2 ok \(Fixture.epoch)")
    _ = try machine.hear("= 4 \(Fixture.epoch).4")
    #expect(wait(machine.handle(.disconnected(.closed, random: middle))) == .seconds(1))
  }

  /// A line that is long on its way over a slow link is a sign of life before it has come whole.
  @Test func whatHasComeInPartKeepsTheConnection() throws {
    var (machine, _) = try Fixture.live([])
    _ = machine.handle(.woke(.watchdog))
    #expect(machine.handle(.woke(.watchdog)).words == ["send 3 ping unsent=0"])
    _ = machine.handle(.readEnded)
    #expect(machine.handle(.woke(.watchdog)).words == [])
  }
}
