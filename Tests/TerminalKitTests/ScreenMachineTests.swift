import Testing

@testable import TerminalKit

/// Shows what it has been told, and asks for what it is told to ask for.
private struct EchoScreen: Screen {
  var told: [String] = []

  mutating func update(_ event: ScreenEvent<String>) -> [ScreenEffect<String>] {
    switch event {
    case .input(.key(.character("q"))): return [.leave]
    case .input(.key(.character("e"))): return [.performAside("edit")]
    case .input(.key(.control("z"))): return [.suspend]
    case .input(.key(.escape)): told.append("escape")
    case .input(.resized(let size)): told.append("\(size.width)x\(size.height)")
    case .input(.key(let key)): told.append(key.typed.map { String($0) } ?? "?")
    case .input: break
    case .news(let news):
      told.append(news)
      return [.perform("seen " + news)]
    case .stopRequested: return [.perform("stopped")]
    }
    return []
  }

  func draw(size: GridSize) -> CellGrid {
    var grid = CellGrid(size: size)
    grid.write(told.suffix(4).reversed().joined(separator: " "), at: GridPosition(row: 0, column: 0))
    return grid
  }
}

struct ScreenMachineTests {
  private typealias Machine = ScreenMachine<EchoScreen>

  private func startedMachine() -> Machine {
    var machine = Machine(
      screen: EchoScreen(), size: GridSize(width: 20, height: 1), diff: GridDiff(colors: .none))
    #expect(names(machine.timeReached(.zero)) == ["write"])
    return machine
  }

  private func names(_ actions: [Machine.Action]) -> [String] {
    actions.map { action in
      switch action {
      case .write: "write"
      case .perform(let effect): effect
      case .performAside(let effect): "aside " + effect
      case .suspend: "suspend"
      case .leave: "leave"
      }
    }
  }

  @Test func paintsTheFirstKeyAtOnce() {
    var machine = startedMachine()
    #expect(machine.nextTime == nil)
    #expect(names(machine.bytesReceived(Array("台".utf8), at: .seconds(1))) == ["write"])
    #expect(machine.screen.told == ["台"])
    #expect(machine.nextTime == nil)
  }

  @Test func aBurstIsOneFrame() {
    var machine = startedMachine()
    #expect(names(machine.newsReceived(["a"], at: .seconds(1))) == ["seen a", "write"])
    #expect(names(machine.newsReceived(["b", "c"], at: .seconds(1) + .milliseconds(1))) == ["seen b", "seen c"])
    #expect(names(machine.bytesReceived([0x78], at: .seconds(1) + .milliseconds(2))) == [])
    #expect(machine.nextTime == .seconds(1) + FramePacer.interval)
    #expect(names(machine.timeReached(.seconds(1) + FramePacer.interval - .microseconds(1))) == [])
    #expect(names(machine.timeReached(.seconds(1) + FramePacer.interval)) == ["write"])
    #expect(machine.nextTime == nil)
  }

  @Test func neverDrawsMoreThanSixtyTimesASecond() {
    var machine = startedMachine()
    let frames = (0..<2_000).map { machine.newsReceived(["\($0)"], at: .seconds(1) + .microseconds($0 * 500)) }
      .flatMap { names($0) }.filter { $0 == "write" }
    #expect((55...61).contains(frames.count))
  }

  @Test func escapeIsAKeyAfterItsTimeout() {
    var machine = startedMachine()
    _ = machine.bytesReceived([0x1B], at: .seconds(1))
    #expect(machine.nextTime == .seconds(1) + Machine.escapeTimeout)
    _ = machine.timeReached(.seconds(1) + Machine.escapeTimeout - .nanoseconds(1))
    #expect(machine.screen.told == [])
    #expect(names(machine.timeReached(.seconds(1) + Machine.escapeTimeout)) == ["write"])
    #expect(machine.screen.told == ["escape"])
    #expect(machine.nextTime == nil)
  }

  @Test func aSequenceInTimeIsNoEscape() {
    var machine = startedMachine()
    _ = machine.bytesReceived([0x1B], at: .seconds(1))
    _ = machine.bytesReceived(Array("[A".utf8), at: .seconds(1) + .milliseconds(49))
    _ = machine.timeReached(.seconds(2))
    #expect(machine.screen.told == ["?"])
  }

  @Test func anUnchangedPictureSendsNothing() {
    var machine = startedMachine()
    #expect(names(machine.bytesReceived(Array("\u{1B}[I".utf8), at: .seconds(1))) == [])
  }

  @Test func drawsAnewAfterResizeAndLoss() {
    var machine = startedMachine()
    #expect(names(machine.resized(to: GridSize(width: 9, height: 2), at: .seconds(1))) == ["write"])
    #expect(machine.screen.told == ["9x2"])
    #expect(names(machine.pictureLost(size: GridSize(width: 9, height: 2), at: .seconds(2))) == ["write"])
  }

  @Test func handsEffectsOverInOrderAndStopsAtLeave() {
    var machine = startedMachine()
    #expect(
      names(machine.bytesReceived(Array("e\u{1A}qx".utf8), at: .seconds(1))) == ["aside edit", "suspend", "leave"])
    #expect(machine.screen.told == [])
    #expect(names(machine.newsReceived(["late"], at: .seconds(2))) == [])
    #expect(machine.nextTime == nil)
  }

  @Test func leavesWhenAskedToStopWhateverTheScreenSays() {
    var machine = startedMachine()
    #expect(names(machine.stopRequested()) == ["stopped", "leave"])
    #expect(names(machine.stopRequested()) == [])
  }
}
