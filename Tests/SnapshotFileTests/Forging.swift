import EditModel
import LineProtocol
import Testing

@testable import SnapshotFile

/// The blocks before the index of a small file, as lines: header, cells, lines, refusals.
func forgeable() throws -> [[String]] {
  let file = try SnapshotSample(acts: 6, refusals: 2, parents: 1).file()
  return try blocks(of: file).dropLast().map { block in try textLines(of: Array(block)) }
}

/// A file of `blocks` with an index that fits, but for what `change` does to it; each of the index's blocks but the last has
/// `width` lines.
func forged(
  _ blocks: [[String]], width: Int = .max, index change: (inout [String]) -> Void = { _ in }
) throws -> [UInt8] {
  let members = try blocks.map(member)
  let (entries, counts) = indexed(members, blocks)
  var lines = entries + ["count \(counts.cells) \(counts.lines) \(counts.refusals)"]
  change(&lines)
  lines.append("end sha256 \(sha256(lines.map { $0 + "\n" }.joined()))")
  var file = Array(members.joined())
  // The count and the end stand behind an entry.
  while lines.count - 2 > width {
    file += try member(Array(lines.prefix(width)))
    lines.removeFirst(width)
  }
  return try file + member(lines)
}

/// `lines` as one block, of a length that the writer refuses too.
func member(_ lines: [String]) throws -> [UInt8] {
  let text = Array(lines.map { $0 + "\n" }.joined().utf8)
  guard text.count > GzipBlock.limitPlainBytes else { return try GzipBlock.packed(text) }
  // The ten bytes of gzip's plain header make room for twenty.
  let packed = try packed(text)
  return try withLength(packed.count + 10, Array(GzipBlock.packed([0]).prefix(20)) + Array(packed.dropFirst(10)))
}

/// What the index of these says, whatever stands in them.
private func indexed(
  _ members: [[UInt8]], _ blocks: [[String]]
) -> ([String], (cells: Int, lines: Int, refusals: Int)) {
  var counts = (cells: 0, lines: 0, refusals: 0)
  var head = ChainHead.start
  let entries = zip(members, blocks).map { member, block in
    counts.cells += block.count { $0.hasPrefix("=") }
    counts.lines += block.count { $0.hasPrefix("+") }
    counts.refusals += block.count { $0.hasPrefix("-") }
    let salts = block.filter { $0.hasPrefix("~ ") }.flatMap { Base64URL.bytes($0.dropFirst(2)) ?? [] }
    for (number, line) in block.filter({ $0.hasPrefix("+") }).enumerated() where salts.count >= (number + 1) * 16 {
      salts[(number * 16)..<(number * 16 + 16)].withUnsafeBytes { salt in
        Array(line.utf8.dropFirst(2)).withUnsafeBytes { head = head.next(salt: salt, line: $0) }
      }
    }
    return IndexEntry(member[...], lines: UInt64(counts.lines), head: head).text
  }
  return (entries, counts)
}
