import Crypto
import EditModel
import LineProtocol

/// Reads a snapshot of format 1, which is one gzip member: gzip's check sum, the order and gaplessness of the lines, the
/// canonical spelling of each, the counts, and the hash over everything before the trailer.
///
/// Memory: what `receive` was given, one piece of zlib's, one line.
struct FirstFormatReader {
  private let gzip: GzipDecoder
  private var hash = SHA256()
  private var plain: [UInt8] = []
  private var start = 0
  private var lineNumber = 0
  private var parser = FirstFormatParser()
  /// The plain text of the lines.
  var keptText: KeptText

  private static let lineEnd = [UInt8(ascii: "\n")]

  /// A reader at the start of a file.
  init(keepingText: Bool) throws(SnapshotError) {
    self.gzip = try GzipDecoder()
    self.keptText = KeptText(isKept: keepingText)
  }

  /// Takes the next bytes of the file. Call `next` until it answers nil, then this again.
  mutating func receive(_ bytes: [UInt8]) throws(SnapshotError) {
    try gzip.receive(bytes)
  }

  /// The next entry; nil when more bytes are needed.
  mutating func next() throws(SnapshotError) -> SnapshotEntry? {
    while let line = try nextLine() {
      lineNumber += 1
      let entry = try take(line)
      keptText.add(line)
      keptText.add(FirstFormatReader.lineEnd)
      if let entry { return entry }
    }
    return nil
  }

  /// Says that the file ended and every entry was taken; throws unless everything was there and proved.
  mutating func finish() throws(SnapshotError) {
    try gzip.finish()
    guard parser.isEnded, start == plain.count else {
      throw SnapshotError(.truncated, at: lineNumber)
    }
  }

  /// The bytes of the next line without LF; nil when more are needed.
  private mutating func nextLine() throws(SnapshotError) -> [UInt8]? {
    var searched = start
    while true {
      if let end = plain[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = Array(plain[start..<end])
        start = end + 1
        return line
      }
      if plain.count - start > SnapshotHeader.limitLineBytes {
        throw SnapshotError(.malformed, at: lineNumber + 1)
      }
      guard let piece = try gzip.next() else { return nil }
      plain.removeFirst(start)
      start = 0
      searched = plain.count
      plain += piece
    }
  }

  private mutating func take(_ line: [UInt8]) throws(SnapshotError) -> SnapshotEntry? {
    guard line.count <= SnapshotHeader.limitLineBytes,
      let text = line.withUnsafeBytes({ ExactString(bytes: $0) })
    else {
      throw SnapshotError(.malformed, at: lineNumber)
    }
    if line.starts(with: "end ".utf8) {
      return try parser.end(text.string, digest: hash.finalize().hexadecimal, at: lineNumber)
    }
    hash.update(data: line)
    hash.update(data: [UInt8(ascii: "\n")])
    return try parser.take(text.string, at: lineNumber)
  }
}
