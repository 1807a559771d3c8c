import Crypto
import EditModel
import LineProtocol

/// Whole lines of a snapshot that are packed together, and how far the history goes with them.
package struct SnapshotBlock: Sendable {
  /// The lines, each with LF.
  let text: [UInt8]
  /// How many lines of the history there are up to its end.
  let lines: UInt64
  /// How far they are linked.
  let head: ChainHead

  /// A block takes no more lines once it has this many bytes.
  static let fullBytes = 1 << 20
}

/// A block as it stands in the file.
package struct PackedBlock: Sendable {
  /// Its bytes.
  package let bytes: [UInt8]
  /// What the index says of it.
  package let entry: IndexEntry

  /// Packs `block`; that keeps one core busy for some hundredths of a second, and several may be packed at once.
  package init(_ block: SnapshotBlock) throws(SnapshotError) {
    bytes = try GzipBlock.packed(block.text)
    entry = IndexEntry(bytes[...], lines: block.lines, head: block.head)
  }
}

/// What a snapshot's index says of one of its blocks.
package struct IndexEntry: Hashable, Sendable {
  /// `block BYTES SHA256 LINES HEAD`.
  let text: String

  /// Of a block of these file bytes, at whose end the history has `lines` lines, linked as far as `head`.
  init(_ bytes: ArraySlice<UInt8>, lines: UInt64, head: ChainHead) {
    let digest = bytes.withUnsafeBytes { SHA256.hash(data: $0) }
    text = "block \(bytes.count) \(digest.hexadecimal) \(lines) \(head)"
  }
}
