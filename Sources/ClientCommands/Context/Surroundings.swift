import TerminalKit

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What the process was started with.
enum Surroundings {
  private static let names = [
    "COLORTERM", "COLUMNS", "EDITOR", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "NO_COLOR",
    Confinement.variable, "TAIZHANG_HOME", TerminalEncoding.variable, "TERM", "TMPDIR", "USER", "VISUAL",
  ]

  /// The environment variables that this program looks at, and no others.
  static let environment: [String: String] = {
    var values: [String: String] = [:]
    for name in names {
      if let value = getenv(name) { values[name] = String(cString: value) }
    }
    return values
  }()

  /// The program's name and its arguments as they came: Swift repairs what is not UTF-8.
  static var argumentBytes: [[UInt8]] {
    UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc)).compactMap {
      $0.map { bytes(of: $0) }
    }
  }

  /// The command that was asked for over ssh, where sshd runs another instead; in whatever encoding.
  static var sshCommand: [UInt8]? { getenv("SSH_ORIGINAL_COMMAND").map { bytes(of: $0) } }

  private static func bytes(of text: UnsafePointer<CChar>) -> [UInt8] {
    Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
  }

  /// Whether what is printed goes to a terminal.
  static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Whether what is said beside the output goes to a terminal.
  static var errorsAreTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// How many columns the output has; nil when it is no terminal and lines may be as long as they are.
  static var outputWidth: Int? {
    if let columns = environment["COLUMNS"].flatMap({ Int($0) }), columns > 0 { return columns }
    guard outputIsTerminal else { return nil }
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
