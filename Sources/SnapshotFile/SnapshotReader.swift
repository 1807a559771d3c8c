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

  /// A reader at the start of a file.
  package init() {}

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
      format = start[3] == 0 ? .first(try FirstFormatReader()) : .blocks(BlockReader())
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
      let entry = try reader.next()
      format = .first(reader)
      return entry
    case .blocks(var reader):
      format = .unknown([])
      let entry = try reader.next()
      format = .blocks(reader)
      return entry
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
