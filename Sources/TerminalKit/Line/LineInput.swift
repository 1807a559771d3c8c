import Glibc

/// Reads lines that a person types at a prompt, with `LineEditor`. The terminal is raw only while a line is read, so that
/// whatever runs in between finds it as it was. For one thread, which waits.
package struct LineInput: ~Copyable {
  /// What came.
  package enum Line: Hashable, Sendable {
    /// A line.
    case text(String)
    /// None: the person gave it up.
    case interrupted
    /// No more: the person left, or the terminal is gone.
    case ended
  }

  private let input: Int32
  private let measure: DisplayWidth
  private let write: (String) -> Void
  private var editor: LineEditor
  private var bytesDecoder: TerminalDecoder
  private var decoder = KeyDecoder()
  /// What was typed ahead of the prompt that it is for.
  private var waiting: [InputEvent] = []

  /// How long an Escape may be the beginning of something longer, in milliseconds.
  private static let escapeMilliseconds: Int32 = 50

  /// Lines from the descriptor `input`, a terminal that writes in `encoding`; `write` sends text to the same terminal.
  package init(
    input: Int32 = 0, encoding: TerminalEncoding = .ofProcess, measure: DisplayWidth = .standard,
    write: @escaping (String) -> Void
  ) {
    self.bytesDecoder = TerminalDecoder(encoding)
    self.input = input
    self.measure = measure
    self.write = write
    self.editor = LineEditor(measure: measure)
  }

  /// Has the system take whole characters of UTF-8 back in what is typed while no line is read, not bytes of them.
  package static func setUTF8(_ input: Int32 = 0) {
    var settings = termios()
    guard tcgetattr(input, &settings) == 0 else { return }
    settings.c_iflag |= tcflag_t(IUTF8)
    tcsetattr(input, TCSANOW, &settings)
  }

  /// The next line behind `prompt`.
  package mutating func line(behind prompt: String) -> Line {
    guard let terminal = RawTerminal(input) else { return .ended }
    defer { terminal.restore() }
    write("\u{1B}[?2004h")
    defer { write("\u{1B}[?2004l") }
    var shown: LineEditor.Row?
    while true {
      // What was typed ahead, or pasted, is drawn once.
      if waiting.isEmpty {
        let row = editor.row(behind: prompt, width: terminal.width)
        write(row.drawing(over: shown, measure: measure))
        shown = row
      }
      guard let event = nextEvent() else { return .ended }
      switch editor.take(event) {
      case .changed: continue
      case .entered(let text):
        write("\r\(prompt)\(text)\u{1B}[K\r\n")
        return .text(text)
      case .interrupted:
        write("^C\r\n")
        return .interrupted
      case .ended:
        write("\r\n")
        return .ended
      }
    }
  }

  private mutating func nextEvent() -> InputEvent? {
    while waiting.isEmpty {
      if decoder.awaitsTimeout, !isReadable(within: LineInput.escapeMilliseconds) {
        waiting = decoder.timeoutReached()
        continue
      }
      var bytes = [UInt8](repeating: 0, count: 4_096)
      let count = read(input, &bytes, bytes.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return nil }
      waiting = decoder.decode(bytesDecoder.decode(bytes.prefix(count)))
    }
    return waiting.removeFirst()
  }

  private func isReadable(within milliseconds: Int32) -> Bool {
    var polled = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
    return poll(&polled, 1, milliseconds) > 0
  }
}

/// A terminal whose keys come one by one, until it is given back.
struct RawTerminal {
  private let descriptor: Int32
  private let saved: termios

  /// Takes it; nil when `descriptor` is no terminal.
  init?(_ descriptor: Int32) {
    var saved = termios()
    guard tcgetattr(descriptor, &saved) == 0 else { return nil }
    self.descriptor = descriptor
    self.saved = saved
    var raw = saved
    cfmakeraw(&raw)
    tcsetattr(descriptor, TCSANOW, &raw)
  }

  func restore() {
    var saved = saved
    tcsetattr(descriptor, TCSANOW, &saved)
  }

  /// Its columns; 80 where it does not say.
  var width: Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
