import Glibc

/// The person's terminal, taken whole: raw mode, alternate screen, no cursor, bracketed paste.
///
/// One at a time in a process, and one owner: the thread that reads also draws, and is never one of the cooperative
/// pool, for it waits. The terminal is given back when the value goes (normal end, thrown error), when the process
/// exits, and on every signal that ends it, crashes among them; only SIGKILL leaves it as it is.
package struct Terminal: ~Copyable {
  private let settings: TerminalSettings
  private let raw: termios
  private var knownSize: GridSize
  private var decoder: TerminalDecoder
  private var isClosed = false
  /// Whether another program has the terminal, the shell or an editor.
  private var isAside = false

  /// Whether input and output are a terminal with a screen; `abilities` tells what the environment says of it.
  package static func isInteractive(
    _ settings: TerminalSettings = TerminalSettings(), abilities: TerminalAbilities
  ) -> Bool {
    abilities.hasScreen && isatty(settings.input) == 1 && isatty(settings.output) == 1
  }

  /// Takes the terminal. On an error it is as it was.
  package init(_ settings: TerminalSettings = TerminalSettings()) throws(TerminalError) {
    guard isatty(settings.input) == 1, isatty(settings.output) == 1 else { throw .notATerminal }
    guard TerminalRescue.claim() else { throw .alreadyTaken }
    var saved = termios()
    guard tcgetattr(settings.input, &saved) == 0, TerminalRescue.pipeInput >= 0 else {
      let code = errno
      TerminalRescue.unclaim()
      throw .system(call: "tcgetattr", code: code)
    }
    var raw = saved
    cfmakeraw(&raw)
    self.settings = settings
    decoder = TerminalDecoder(settings.encoding)
    self.raw = raw
    knownSize = Self.size(of: settings.output)
    TerminalRescue.prepare(settings, saved: saved)
    enter()
  }

  deinit {
    TerminalRescue.restore()
    TerminalRescue.removeHandlers()
    TerminalRescue.unclaim()
  }

  /// Columns and rows when last told; 80 x 24 from a terminal that does not say, at most 1,000 x 500.
  package var size: GridSize { knownSize }

  /// Sends bytes of UTF-8, no character cut, in the terminal's encoding, waiting while the terminal is slow. Dropped while it is put aside or gone, and once a crash in some
  /// other thread has given it back.
  package mutating func write(_ bytes: [UInt8]) {
    guard !isAside, !isClosed, TerminalRescue.isHeld else { return }
    let bytes = settings.encoding == .gbk ? GBK.bytes(of: String(decoding: bytes, as: UTF8.self)) : bytes
    isClosed = !Self.send(bytes, to: settings.output)
  }

  /// Waits until something comes, at most `duration` (nil: for ever).
  /// - Returns: what came, in order; nothing when time ran out. After `.closed` there is nothing more to wait for.
  package mutating func waitForInput(atMost duration: Duration?) -> [TerminalInput] {
    if isClosed { return [.closed] }
    var polled = [
      // Poll passes over negative descriptors.
      pollfd(fd: isAside ? -1 : settings.input, events: Int16(POLLIN), revents: 0),
      pollfd(fd: TerminalRescue.pipeInput, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&polled, 2, Self.milliseconds(duration)) > 0 else { return [] }
    var inputs: [TerminalInput] = []
    if polled[1].revents != 0 { readMarks(&inputs) }
    if polled[0].revents != 0, !isAside { readBytes(&inputs) }
    return inputs
  }

  /// Stops the program and its job as Ctrl-Z does: the shell comes back until the person says `fg`. Then comes
  /// `.resumed`. Does nothing where no shell waits that could say so.
  package mutating func suspend() {
    // The head of a job whose parent is in another session is a login shell or a window's only program.
    if getpgrp() == getpid(), getsid(getppid()) != getsid(0) { return }
    TerminalRescue.restore()
    // Nothing may be drawn before SIGCONT has been read and the terminal taken again.
    isAside = true
    // The whole job, or a `make` above would wait and its shell never know. Our own handler then stops us.
    kill(0, SIGTSTP)
  }

  /// Puts the terminal aside for another program, an editor say, and takes it again after it; then draw all anew.
  package mutating func withTerminalAside<Result>(_ body: () -> Result) -> Result {
    TerminalRescue.restore()
    isAside = true
    defer {
      isAside = false
      enter()
      knownSize = Self.size(of: settings.output)
    }
    return body()
  }

  /// Time since the machine started, for intervals only.
  static func uptime() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }

  private mutating func enter() {
    TerminalRescue.arm()
    var raw = raw
    tcsetattr(settings.input, TCSANOW, &raw)
    write(settings.enterSequence)
  }

  private mutating func readMarks(_ inputs: inout [TerminalInput]) {
    var marks = [UInt8](repeating: 0, count: 256)
    let count = read(TerminalRescue.pipeInput, &marks, marks.count)
    guard count > 0 else { return }
    for mark in marks.prefix(count) {
      switch Int32(mark) {
      case Int32(TerminalRescue.wakeMark):
        if inputs.last != .woken { inputs.append(.woken) }
      case SIGWINCH: appendResize(&inputs)
      case SIGTSTP: suspend()
      case SIGCONT:
        isAside = false
        enter()
        knownSize = Self.size(of: settings.output)
        inputs.append(.resumed(knownSize))
      case SIGINT: inputs.append(.stopRequested(.interrupt))
      case SIGHUP: inputs.append(.stopRequested(.hangUp))
      default: inputs.append(.stopRequested(.terminate))
      }
    }
  }

  private mutating func appendResize(_ inputs: inout [TerminalInput]) {
    let size = Self.size(of: settings.output)
    guard size != knownSize else { return }
    knownSize = size
    inputs.append(.resized(size))
  }

  private mutating func readBytes(_ inputs: inout [TerminalInput]) {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(settings.input, &bytes, bytes.count)
    if count > 0 {
      inputs.append(.bytes(decoder.decode(bytes.prefix(count))))
    } else if count == 0 || (errno != EINTR && errno != EAGAIN) {
      isClosed = true
      inputs.append(.closed)
    }
  }

  /// False when the terminal is gone.
  private static func send(_ bytes: [UInt8], to output: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(output, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if count < 0, errno == EAGAIN {
        var polled = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
        poll(&polled, 1, -1)
      } else if count == 0 || errno != EINTR {
        return false
      }
    }
    return true
  }

  private static func size(of output: Int32) -> GridSize {
    var window = winsize()
    guard ioctl(output, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else { return .standard }
    return GridSize(width: min(Int(window.ws_col), 1_000), height: min(Int(window.ws_row), 500))
  }

  /// Rounded up, so that a deadline has passed when the wait ends.
  private static func milliseconds(_ duration: Duration?) -> Int32 {
    guard let duration else { return -1 }
    let (seconds, attoseconds) = duration.components
    if seconds >= 1_000_000 { return .max }
    let fraction = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    return Int32(max(0, seconds * 1_000 + fraction))
  }
}
