import Crypto
import EditModel
import SnapshotFile

/// The seats' file of a set: `taizhang-snapshot 1 seats`, the rows as the seat store words them, the trailer.
enum SeatsFile {
  /// The format's number.
  private static let format = 1

  /// The most bytes that are read, packed or plain: a county has thousands of devices, not millions.
  static let limitBytes = 64 << 20

  /// The file of `lines`.
  static func bytes(_ lines: [String]) throws(SnapshotError) -> [UInt8] {
    var text = "taizhang-snapshot \(SeatsFile.format) seats\n"
    for line in lines { text += line + "\n" }
    text += "count \(lines.count)\n"
    let gzip = try GzipEncoder()
    var output: [UInt8] = []
    try gzip.write(Array((text + "end sha256 \(hash(text))\n").utf8), to: &output)
    try gzip.finish(to: &output)
    return output
  }

  /// The plain text of a file's bytes; throws when they are not whole.
  static func text(_ bytes: [UInt8]) throws(SnapshotError) -> String {
    let text = try unpacked(bytes)
    _ = try lines(of: text)
    return text
  }

  /// The rows in a file's bytes; throws when they are not whole.
  static func lines(_ bytes: [UInt8]) throws(SnapshotError) -> [String] {
    try lines(of: try unpacked(bytes))
  }

  private static func unpacked(_ bytes: [UInt8]) throws(SnapshotError) -> String {
    guard let text = String(validating: try plain(bytes), as: UTF8.self) else {
      throw SnapshotError(.malformed, at: 0)
    }
    return text
  }

  private static func lines(of text: String) throws(SnapshotError) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard lines.popLast() == "", let end = lines.popLast(), let count = lines.last, lines.count >= 2
    else {
      throw SnapshotError(.truncated, at: lines.count)
    }
    let first = lines[0].split(separator: " ", omittingEmptySubsequences: false)
    guard first.count == 3, first[0] == "taizhang-snapshot", first[2] == "seats" else {
      throw SnapshotError(.malformed, at: 1)
    }
    guard first[1] == "\(SeatsFile.format)" else { throw SnapshotError(.newerFormat, at: 1) }
    let hashed = lines.map { $0 + "\n" }.joined()
    guard end == "end sha256 \(hash(hashed))", count == "count \(lines.count - 2)" else {
      throw SnapshotError(.mismatch, at: lines.count)
    }
    return Array(lines.dropFirst().dropLast())
  }

  private static func plain(_ bytes: [UInt8]) throws(SnapshotError) -> [UInt8] {
    let gzip = try GzipDecoder()
    try gzip.receive(bytes)
    var plain: [UInt8] = []
    while let piece = try gzip.next() {
      plain += piece
      if plain.count > limitBytes { throw SnapshotError(.malformed, at: 0) }
    }
    try gzip.finish()
    return plain
  }

  private static func hash(_ text: String) -> String {
    SHA256.hash(data: Array(text.utf8)).hexadecimal
  }
}
