import EditModel
import LineProtocol

/// Reads a ledger's snapshot piece by piece and proves it: check sums, the order and gaplessness of the lines, the canonical
/// spelling of each, their links, the counts, and the hashes of the index.
///
/// Entries are handed out as they are read, before the end has proved them: whoever uses them writes to a place that is
/// thrown away when `finish` throws. Memory: what `receive` was given, one block with its text and what it says, and eight bytes
/// for each cell.
package struct SnapshotReader {
  private enum Format {
    /// Too little is there to tell.
    case unknown([UInt8])
    case first(FirstFormatReader)
    case blocks(BlockReader)
  }

  private var format = Format.unknown([])
  private let keepsText: Bool

  /// A reader at the start of a file; with `keepingText` it keeps the plain lines too, for `takeText`.
  package init(keepingText: Bool = false) {
    self.keepsText = keepingText
  }

  /// The plain bytes of whole lines that were proved to be in their place and were not taken yet: of blocks, a block's at once.
  /// They are kept also when `next` throws.
  package mutating func takeText() -> [UInt8] {
    switch format {
    case .unknown: return []
    case .first(var reader):
      format = .unknown([])
      defer { format = .first(reader) }
      return reader.keptText.take()
    case .blocks(var reader):
      format = .unknown([])
      defer { format = .blocks(reader) }
      return reader.keptText.take()
    }
  }

  /// Takes the next bytes of the file. Call `next` until it answers nil, then this again.
  package mutating func receive(_ bytes: [UInt8]) throws(SnapshotError) {
    switch format {
    case .unknown(let before):
      let start = before + bytes
      // gzip's flags: a member of format 1 has none, a block of any later one says its length.
      guard start.count > 3 else {
        format = .unknown(start)
        return
      }
      format =
        start[3] == 0
        ? .first(try FirstFormatReader(keepingText: keepsText)) : .blocks(BlockReader(keepingText: keepsText))
      try receive(start)
    case .first(var reader):
      // Taken out while it changes, so that its bytes are not copied.
      format = .unknown([])
      try reader.receive(bytes)
      format = .first(reader)
    case .blocks(var reader):
      format = .unknown([])
      reader.receive(bytes)
      format = .blocks(reader)
    }
  }

  /// The next entry; nil when more bytes are needed.
  package mutating func next() throws(SnapshotError) -> SnapshotEntry? {
    switch format {
    case .unknown: return nil
    case .first(var reader):
      format = .unknown([])
      defer { format = .first(reader) }
      return try reader.next()
    case .blocks(var reader):
      format = .unknown([])
      defer { format = .blocks(reader) }
      return try reader.next()
    }
  }

  /// Says that the file ended and every entry was taken; throws unless everything was there and proved.
  package mutating func finish() throws(SnapshotError) {
    switch format {
    case .unknown(let bytes): throw SnapshotError(.truncated, at: bytes.count)
    case .first(var reader): try reader.finish()
    case .blocks(let reader): try reader.finish()
    }
  }
}

/// The plain text of what was read, where somebody wants it.
struct KeptText {
  private let isKept: Bool
  private var bytes: [UInt8] = []

  init(isKept: Bool) {
    self.isKept = isKept
  }

  mutating func add(_ more: [UInt8]) {
    if isKept { bytes += more }
  }

  mutating func take() -> [UInt8] {
    defer { bytes = [] }
    return bytes
  }
}
