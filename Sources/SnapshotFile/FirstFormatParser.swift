import EditModel
import LineProtocol

/// The order in which the lines of a snapshot of format 1 may come, and what each says.
struct FirstFormatParser {
  private enum State {
    case header, lines, refusals, counted, ended
  }

  private var state = State.header
  private var first = HeaderParser(format: SnapshotHeader.firstFormat)
  private var seq: UInt64 = 0
  private var lineCount: UInt64 = 0
  private var refusalCount: UInt64 = 0
  private var lastRefusal: KeptRefusal?

  /// Whether the trailer was read.
  var isEnded: Bool { state == .ended }

  /// Takes a line before the last; answers the entry that it makes or completes.
  mutating func take(_ text: String, at line: Int) throws(SnapshotError) -> SnapshotEntry? {
    if state == .header { return try first.take(text, at: line).map { begin($0) } }
    switch (state, text.utf8.prefix(while: { $0 != UInt8(ascii: " ") }).count, text.utf8.first) {
    case (.lines, 1, UInt8(ascii: "+")): return try edit(String(text.utf8.dropFirst(2)) ?? "", at: line)
    case (.lines, 1, UInt8(ascii: "-")), (.refusals, 1, UInt8(ascii: "-")): return try refusal(text, at: line)
    case (.lines, 5, UInt8(ascii: "c")), (.refusals, 5, UInt8(ascii: "c")): try count(text, at: line)
    default: throw SnapshotError(.malformed, at: line)
    }
    return nil
  }

  /// Takes the last line: `digest` is the hash of all lines before it.
  mutating func end(_ text: String, digest: String, at line: Int) throws(SnapshotError) -> SnapshotEntry {
    guard state == .counted else { throw SnapshotError(.malformed, at: line) }
    guard text == "end sha256 \(digest)" else { throw SnapshotError(.mismatch, at: line) }
    state = .ended
    return .end
  }

  private mutating func begin(_ header: SnapshotHeader) -> SnapshotEntry {
    seq = header.seq
    state = .lines
    return .header(header)
  }

  private mutating func edit(_ text: String, at line: Int) throws(SnapshotError) -> SnapshotEntry {
    guard let edit = EditLine.accepted(text) else { throw SnapshotError(.malformed, at: line) }
    lineCount += 1
    guard edit.seq == lineCount, edit.seq <= seq else { throw SnapshotError(.mismatch, at: line) }
    return .line(SnapshotLine(text: Array(text.utf8)[...], edit: edit, salt: nil))
  }

  private mutating func refusal(_ text: String, at line: Int) throws(SnapshotError) -> SnapshotEntry {
    guard let refusal = KeptRefusal(line: text) else { throw SnapshotError(.malformed, at: line) }
    guard refusal.follows(lastRefusal) else { throw SnapshotError(.mismatch, at: line) }
    lastRefusal = refusal
    state = .refusals
    refusalCount += 1
    return .refusal(refusal)
  }

  private mutating func count(_ text: String, at line: Int) throws(SnapshotError) {
    let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard words.count == 3, words[0] == "count" else { throw SnapshotError(.malformed, at: line) }
    guard Decimal.number(words[1]) == lineCount, lineCount == seq, Decimal.number(words[2]) == refusalCount else {
      throw SnapshotError(.mismatch, at: line)
    }
    state = .counted
  }
}
