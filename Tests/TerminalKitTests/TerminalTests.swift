import Glibc
import Testing

@testable import TerminalKit

/// A terminal of the kernel's own, with nobody looking at it.
private struct PseudoTerminal {
  let outside: Int32
  let inside: Int32

  /// TIOCSPTLCK and TIOCGPTN of Linux, which Swift does not import.
  private static let unlockRequest: UInt = 0x4004_5431
  private static let numberRequest: UInt = 0x8004_5430

  init() throws {
    outside = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var number: Int32 = 0
    var unlocked: Int32 = 0
    try #require(outside >= 0, "the system has no pseudo-terminals")
    let isUnlocked = ioctl(outside, Self.unlockRequest, &unlocked) == 0
    let isNamed = ioctl(outside, Self.numberRequest, &number) == 0
    try #require(isUnlocked && isNamed)
    inside = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(inside >= 0)
  }

  var settings: TerminalSettings { TerminalSettings(input: inside, output: inside) }

  /// Whether lines are edited and echoed, as a shell expects.
  var isCooked: Bool {
    var modes = termios()
    tcgetattr(inside, &modes)
    return modes.c_lflag & tcflag_t(ICANON | ECHO | ISIG) == tcflag_t(ICANON | ECHO | ISIG)
  }

  func resize(_ width: UInt16, _ height: UInt16) {
    var window = winsize(ws_row: height, ws_col: width, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(outside, UInt(TIOCSWINSZ), &window)
  }

  func type(_ text: String) {
    var text = text
    _ = text.withUTF8 { write(outside, $0.baseAddress, $0.count) }
  }

  /// Everything shown so far.
  func shown() -> String {
    _ = fcntl(outside, F_SETFL, fcntl(outside, F_GETFL) | O_NONBLOCK)
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = read(outside, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  func close() {
    _ = Glibc.close(inside)
    _ = Glibc.close(outside)
  }
}

/// Leaves at `q`, shows news.
private struct NewsScreen: Screen {
  var news: [String] = []
  var isStopped = false

  mutating func update(_ event: ScreenEvent<String>) -> [ScreenEffect<String>] {
    switch event {
    case .input(.key(.character("q"))): return [.leave]
    case .input: return []
    case .news(let text):
      news.append(text)
      return [.perform(text)]
    case .stopRequested:
      isStopped = true
      return []
    }
  }

  func draw(size: GridSize) -> CellGrid {
    var grid = CellGrid(size: size)
    grid.write(news.last ?? "等待", at: GridPosition(row: 0, column: 0))
    return grid
  }
}

/// Serialized: a process has one terminal at a time.
@Suite(.serialized)
struct TerminalTests {
  /// Far beyond what any machine needs; only a hang reaches it.
  private static let patience = Duration.seconds(30)

  /// The next thing that is more than a wake-up; tests of mailboxes wake whoever waits.
  private func next(of terminal: inout Terminal) -> [TerminalInput] {
    for _ in 0..<1_000 {
      let inputs = terminal.waitForInput(atMost: Self.patience)
      if inputs != [.woken] { return inputs.filter { $0 != .woken } }
    }
    return []
  }

  @Test func takesTheTerminalAndGivesItBack() throws {
    let pseudo = try PseudoTerminal()
    defer { pseudo.close() }
    pseudo.resize(100, 40)
    do {
      let terminal = try Terminal(pseudo.settings)
      #expect(!pseudo.isCooked)
      #expect(terminal.size == GridSize(width: 100, height: 40))
      #expect(pseudo.shown().hasPrefix("\u{1B}[?1049h"))
      #expect(throws: TerminalError.alreadyTaken) { _ = try Terminal(pseudo.settings) }
    }
    #expect(pseudo.isCooked)
    #expect(pseudo.shown().hasSuffix("\u{1B}[?25h\u{1B}[?1049l"))
  }

  @Test func refusesWhatIsNoTerminal() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    let settings = TerminalSettings(input: ends[0], output: ends[1])
    #expect(throws: TerminalError.notATerminal) { _ = try Terminal(settings) }
    #expect(!Terminal.isInteractive(settings, abilities: TerminalAbilities(environment: ["TERM": "xterm"])))
  }

  @Test func bringsBytesSizesAndSignals() throws {
    let pseudo = try PseudoTerminal()
    defer { pseudo.close() }
    var terminal = try Terminal(pseudo.settings)
    pseudo.type("台账\u{3}")
    #expect(next(of: &terminal) == [.bytes(Array("台账\u{3}".utf8))])
    pseudo.resize(33, 11)
    raise(SIGWINCH)
    #expect(next(of: &terminal) == [.resized(GridSize(width: 33, height: 11))])
    raise(SIGTERM)
    #expect(next(of: &terminal) == [.stopRequested(.terminate)])
    raise(SIGCONT)
    #expect(next(of: &terminal) == [.resumed(GridSize(width: 33, height: 11))])
    TerminalWaker.wake()
    #expect(terminal.waitForInput(atMost: Self.patience) == [.woken])
  }

  @Test func isGivenBackWhileAside() throws {
    let pseudo = try PseudoTerminal()
    defer { pseudo.close() }
    var terminal = try Terminal(pseudo.settings)
    #expect(terminal.withTerminalAside { pseudo.isCooked })
    #expect(!pseudo.isCooked)
  }

  @Test func saysWhenTheTerminalIsGone() throws {
    let pseudo = try PseudoTerminal()
    var terminal = try Terminal(pseudo.settings)
    _ = close(pseudo.outside)
    #expect(next(of: &terminal) == [.closed])
    #expect(next(of: &terminal) == [.closed])
    _ = close(pseudo.inside)
  }

  /// Each ends the process; what was done on the signal before comes last, and here it looks at the terminal.
  @Test(arguments: [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP])
  func isGivenBackOnEveryCrash(_ crash: Int32) async {
    await #expect(processExitsWith: .exitCode(42)) { [crash = crash as Int32] in
      let pseudo = try PseudoTerminal()
      witness = pseudo.inside
      signal(crash) { _ in leaveWithVerdict() }
      let terminal = try Terminal(pseudo.settings)
      try #require(!pseudo.isCooked && terminal.size.width > 0)
      raise(crash)
    }
  }

  @Test func aSecondSignalEndsAScreenThatHangs() async {
    await #expect(processExitsWith: .signal(SIGTERM)) {
      let pseudo = try PseudoTerminal()
      let terminal = try Terminal(pseudo.settings)
      raise(SIGTERM)
      try #require(!pseudo.isCooked && terminal.size.width > 0)
      raise(SIGTERM)
    }
  }

  @Test func isGivenBackByExit() async {
    await #expect(processExitsWith: .exitCode(42)) {
      let pseudo = try PseudoTerminal()
      witness = pseudo.inside
      // Functions run in the opposite order: this one after the terminal's own.
      atexit { leaveWithVerdict() }
      let terminal = try Terminal(pseudo.settings)
      try #require(terminal.size.width > 0)
      exit(0)
    }
  }

  @Test func aLoopShowsNewsAndLeaves() async throws {
    let pseudo = try PseudoTerminal()
    defer { pseudo.close() }
    let mailbox = ScreenMailbox<String>()
    let loop = ScreenLoop<NewsScreen>(settings: pseudo.settings, colors: .none, mailbox: mailbox)
    #expect(mailbox.post("早"))
    let ended = try await loop.run(NewsScreen()) { effect in
      // On the loop's thread, once the news has come: the second round begins from here.
      if effect == "早" { mailbox.post("晚") } else { pseudo.type("q") }
    }
    #expect(ended.news == ["早", "晚"])
    #expect(!ended.isStopped)
    #expect(pseudo.isCooked)
    #expect(pseudo.shown().contains("等待"))
  }

  @Test func aLoopEndsWithItsTask() async throws {
    let pseudo = try PseudoTerminal()
    defer { pseudo.close() }
    let mailbox = ScreenMailbox<String>()
    let loop = ScreenLoop<NewsScreen>(settings: pseudo.settings, colors: .none, mailbox: mailbox)
    mailbox.post("早")
    let stopped = try await withThrowingTaskGroup(of: Bool.self) { group in
      let (started, starter) = AsyncStream.makeStream(of: Void.self)
      group.addTask { try await loop.run(NewsScreen()) { _ in starter.finish() }.isStopped }
      for await _ in started {}
      group.cancelAll()
      return try await group.next()
    }
    #expect(stopped == true)
    #expect(pseudo.isCooked)
  }
}

// SAFETY: written once, in a process of its own, before the handler that reads it can run.
nonisolated(unsafe) private var witness: Int32 = -1

/// Ends the process with 42 when the terminal has been given back, else with 41.
private func leaveWithVerdict() {
  var modes = termios()
  tcgetattr(witness, &modes)
  _exit(modes.c_lflag & tcflag_t(ICANON) == 0 ? 41 : 42)
}
