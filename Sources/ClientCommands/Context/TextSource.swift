import TerminalKit

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Text from files, from the standard input and from the user's editor.
enum TextSource {
  /// The most that is read: 16 MiB.
  private static let limitBytes = 16 << 20

  /// Why a text did not come.
  enum Flaw: Error {
    /// The system's words.
    case unreadable(String)
    case tooLong
    /// Neither UTF-8 nor GB 18030.
    case encoding
    /// The editor could not be run, or said that it failed.
    case editor(String)
  }

  /// All of the file at `path`.
  static func bytes(of path: String) throws(Flaw) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(systemWords) }
    defer { close(descriptor) }
    return try bytes(from: descriptor)
  }

  /// The standard input to its end, as it is.
  static func inputBytes() throws(Flaw) -> [UInt8] { try bytes(from: STDIN_FILENO) }

  /// The standard input to its end, without line ends behind it.
  static func standardInput() throws(Flaw) -> String {
    tidied(try Charset.text(of: try inputBytes()))
  }

  /// What the user leaves in `editor`, which is started on a file of its own; empty when nothing was written.
  static func edited(with editor: String, folder: String) throws(Flaw) -> String {
    var template = Array("\(folder)/taizhang-note-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw .unreadable(systemWords) }
    close(descriptor)
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { unlink(path) }
    // By way of the shell, because the variable may hold options too; the path is quoted for it.
    let quoted =
      "'" + path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
    guard system("\(editor) \(quoted)") == 0 else { throw .editor(editor) }
    return tidied(try Charset.text(of: try bytes(of: path)))
  }

  private static var systemWords: String { String(cString: strerror(errno)) }

  private static func bytes(from descriptor: Int32) throws(Flaw) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .unreadable(systemWords) }
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
      guard bytes.count <= limitBytes else { throw .tooLong }
    }
  }

  /// Unix line ends, and none behind the last line.
  private static func tidied(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars where scalar != "\r" { scalars.append(scalar) }
    while let last = scalars.last, last == "\n" { scalars.removeLast() }
    return String(scalars)
  }
}

/// What bytes say: UTF-8, with or without its mark; else GB 18030, which Chinese Windows still writes.
enum Charset {
  static func text(of bytes: [UInt8]) throws(TextSource.Flaw) -> String {
    let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    if let text = String(validating: body, as: UTF8.self) { return text }
    guard let converted = Charsets.converted(Array(bytes), from: "GB18030", to: "UTF-8"),
      let text = String(validating: converted, as: UTF8.self)
    else {
      throw .encoding
    }
    return text
  }
}
