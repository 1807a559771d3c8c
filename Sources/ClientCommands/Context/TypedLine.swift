import TerminalKit

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A line of the standard input: from a terminal in the terminal's encoding, else in UTF-8.
enum TypedLine {
  /// The longest line that is taken, in bytes.
  private static let limit = 65_536

  /// The next line without its end; nil when there is no more.
  static func next() -> String? {
    guard let bytes = nextBytes() else { return nil }
    var decoder = TerminalDecoder(isatty(STDIN_FILENO) == 1 ? .ofProcess : .utf8)
    return String(decoding: decoder.decode(bytes), as: UTF8.self)
  }

  /// The same as it came.
  static func nextBytes() -> [UInt8]? {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while bytes.count < limit {
      let count = read(STDIN_FILENO, &byte, 1)
      if count < 0, errno == EINTR { continue }
      guard count == 1 else {
        if bytes.isEmpty { return nil }
        break
      }
      if byte == UInt8(ascii: "\n") { break }
      bytes.append(byte)
    }
    return bytes
  }
}
