import Glibc
import Testing

/// A terminal of the test's own with a program on it, which takes it for a person's. Reads until something is there, with
/// a bound; never waits for a time to pass.
final class PseudoTerminal {
  /// Everything that the program has sent, as bytes.
  private(set) var received: [UInt8] = []
  private let master: Int32
  private let child: pid_t
  /// The column, from 1, that the terminal says its cursor stands in when it is asked; nil: it does not answer.
  private let column: Int?
  private var answered = 0

  /// Starts `words` (the program's path first) with `environment` on a terminal of `columns` x 24.
  init(
    _ words: [String], name: String? = nil, environment: [String: String], columns: UInt16 = 80,
    answering column: Int? = 5
  ) throws {
    self.column = column
    // Linux's own way to a new terminal: the C library's functions for it are hidden from Swift.
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (number, isLocked): (UInt32, Int32) = (0, 0)
    let isReady = ioctl(master, 0x8004_5430, &number) == 0 && ioctl(master, 0x4004_5431, &isLocked) == 0
    try #require(isReady, "no terminal: \(String(cString: strerror(errno)))")
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // The first terminal that the leader of a new session opens becomes its own.
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/pts/\(number)", O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The threads that tests run on take no signals; what they start must.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | 0x80)  // POSIX_SPAWN_SETSID
    // Other tests' pipes are closed first: what kept one open would keep its reader waiting.
    let closing =
      #"for f in /proc/self/fd/*; do n=${f##*/}; [ "$n" -gt 2 ] && eval "exec $n>&-"; done; exec -a "$0" "$@""#
    var arguments = (["bash", "-c", closing, name ?? words[0]] + words).map { strdup($0) } + [nil]
    var settings = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in arguments + settings { free(text) } }
    var child: pid_t = 0
    try #require(posix_spawn(&child, "/bin/bash", &actions, &attributes, &arguments, &settings) == 0, "\(words[0])")
    self.child = child
  }

  deinit {
    kill(child, SIGKILL)
    waitpid(child, nil, 0)
    close(master)
  }

  /// Types bytes.
  func type(_ bytes: some Sequence<UInt8>) {
    let bytes = Array(bytes)
    _ = write(master, bytes, bytes.count)
  }

  /// Types a text in UTF-8.
  func type(_ text: String) { type(Array(text.utf8)) }

  /// Waits until what came behind its first `start` bytes holds `text` in UTF-8; answers where that ends. Fails after 60 s
  /// in which nothing came, or at the program's end.
  @discardableResult
  func wait(for text: String, after start: Int = 0) throws -> Int {
    try wait(for: Array(text.utf8), after: start)
  }

  /// The same for bytes, in whatever encoding.
  @discardableResult
  func wait(for wanted: [UInt8], after start: Int = 0) throws -> Int {
    while true {
      if let found = received[min(start, received.count)...].firstRange(of: wanted) { return found.upperBound }
      guard receive() else {
        let (text, all) = (String(decoding: wanted, as: UTF8.self), String(decoding: received, as: UTF8.self))
        Issue.record(
          "the program ended, or said nothing for 60 s, without \(text.debugDescription): \(all.debugDescription)")
        throw Gone()
      }
    }
  }

  /// Waits for the program's end; answers its status.
  func status() -> Int32 {
    while receive() {}
    var status: Int32 = 0
    waitpid(child, &status, 0)
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
  }

  /// The person goes away: the line is cut, and the program hears of it.
  func hangUp() { kill(child, SIGHUP) }

  struct Gone: Error {}

  private func receive() -> Bool {
    var waiting = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, 60_000) == 1 else { return false }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = read(master, &bytes, bytes.count)
    guard count > 0 else { return false }
    received += bytes.prefix(count)
    answerProbe()
    return true
  }

  /// What a terminal does that is asked where its cursor stands.
  private func answerProbe() {
    let asked = received.ranges(of: Array("\u{1B}[6n".utf8)).count
    while answered < asked {
      answered += 1
      if let column { type("\u{1B}[1;\(column)R") }
    }
  }
}
