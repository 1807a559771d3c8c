import Glibc
import Testing

/// A program that runs in a terminal of its own, and whoever sits before it: a pseudo-terminal that is the program's
/// controlling one, so that `/dev/tty` is there for it. Waits for what is shown, with a bound of a minute.
final class PseudoTerminal {
  /// Everything that was shown, as bytes.
  private var received: [UInt8] = []
  /// Where what was waited for last ends.
  private var place = 0
  private let master: Int32
  private let child: pid_t
  /// The column, from 1, that the terminal says its cursor stands in when it is asked; nil: it does not answer.
  private let column: Int?
  private var answered = 0
  private var isAtEnd = false
  private static let boundMilliseconds: Int32 = 60_000

  /// What Swift's module of the C library leaves out.
  private enum Linux {
    /// TIOCSPTLCK
    static let setLock: UInt = 0x4004_5431
    /// TIOCGPTN
    static let getNumber: UInt = 0x8004_5430
    /// POSIX_SPAWN_SETSID
    static let newSession: Int16 = 0x80
  }

  /// Starts `program`, all three of whose streams are the terminal, under the name `name` and with `environment`; without
  /// them under its own, with this process's.
  init(
    _ program: String, _ arguments: [String] = [], name: String? = nil, environment: [String: String]? = nil,
    answering column: Int? = 5
  ) throws {
    self.column = column
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(master >= 0)
    var (unlocked, number): (Int32, Int32) = (0, -1)
    try #require(ioctl(master, Linux.setLock, &unlocked) == 0)
    try #require(ioctl(master, Linux.getNumber, &number) == 0)
    var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
    try #require(ioctl(master, UInt(TIOCSWINSZ), &size) == 0)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    // The first terminal that the leader of a new session opens is its controlling one.
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/pts/\(number)", O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    // The threads that tests run on take no signals; what they start must.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Linux.newSession)
    // Other tests' pipes are closed first: what kept one open would keep its reader waiting.
    let closing =
      #"for f in /proc/self/fd/*; do n=${f##*/}; [ "$n" -gt 2 ] && eval "exec $n>&-"; done; exec -a "$0" "$@""#
    var words = (["bash", "-c", closing, name ?? program, program] + arguments).map { strdup($0) } + [nil]
    var settings = (environment ?? [:]).map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + settings { free(text) } }
    var started: pid_t = 0
    let error =
      environment == nil
      ? posix_spawn(&started, "/bin/bash", &actions, &attributes, &words, environ)
      : posix_spawn(&started, "/bin/bash", &actions, &attributes, &words, &settings)
    try #require(error == 0, "\(program)")
    child = started
  }

  deinit {
    close(master)
    // One that was waited for is not there any more.
    if !isAtEnd {
      kill(child, SIGKILL)
      waitpid(child, nil, 0)
    }
  }

  /// Whether the terminal shows what is typed.
  var echoes: Bool {
    get throws {
      var settings = termios()
      try #require(tcgetattr(master, &settings) == 0)
      return settings.c_lflag & tcflag_t(ECHO) != 0
    }
  }

  /// Everything that was shown, as UTF-8.
  var all: String { String(decoding: received, as: UTF8.self) }

  /// Waits until the terminal has shown `text` behind what was waited for before.
  func awaits(_ text: String) throws { try awaits(Array(text.utf8)) }

  /// The same for bytes, in whatever encoding.
  func awaits(_ wanted: [UInt8]) throws {
    while true {
      if let found = received[place...].firstRange(of: wanted) {
        place = found.upperBound
        return
      }
      let isMore = try read()
      try #require(
        isMore, "the program ended without \(String(decoding: wanted, as: UTF8.self)): \(all.debugDescription)")
    }
  }

  /// Presses the keys of `text`; Enter is `\r`.
  func types(_ text: String) { types(Array(text.utf8)) }

  /// Sends the bytes of keys, in whatever encoding.
  func types(_ keys: [UInt8]) {
    _ = write(master, keys, keys.count)
  }

  /// The line is cut: the program hears of it.
  func hangsUp() { kill(child, SIGHUP) }

  /// Waits for the program's end; answers its exit code, or what signal ended it, below zero.
  func ends() throws -> Int32 {
    while try read() {}
    isAtEnd = true
    var status: Int32 = 0
    waitpid(child, &status, 0)
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
  }

  /// Takes more of what is shown; answers whether there was more.
  private func read() throws -> Bool {
    var waiting = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    let isReady = poll(&waiting, 1, PseudoTerminal.boundMilliseconds) == 1
    try #require(isReady, "nothing was shown for a minute; before: \(all.debugDescription)")
    var block = [UInt8](repeating: 0, count: 65_536)
    // Where nobody has the terminal open any more this is an error.
    let count = Glibc.read(master, &block, block.count)
    guard count > 0 else { return false }
    received += block[..<count]
    answerProbe()
    return true
  }

  /// What a terminal does that is asked where its cursor stands.
  private func answerProbe() {
    let asked = received.ranges(of: Array("\u{1B}[6n".utf8)).count
    while answered < asked {
      answered += 1
      if let column { types("\u{1B}[1;\(column)R") }
    }
  }
}
