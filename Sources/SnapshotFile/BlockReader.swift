import EditModel
import LineProtocol

/// Reads a snapshot block by block.
struct BlockReader {
  private var bytes: [UInt8] = []
  private var start = 0
  /// Where in the file `bytes[start]` stands.
  private var position = 0
  private var parser = BlockParser()
  /// What the last block said, from its end.
  private var entries: [SnapshotEntry] = []
  /// The plain text of the blocks.
  var keptText: KeptText

  /// A reader at the start of a file.
  init(keepingText: Bool) {
    keptText = KeptText(isKept: keepingText)
  }

  /// Takes the next bytes of the file.
  mutating func receive(_ more: [UInt8]) {
    bytes.removeFirst(start)
    start = 0
    bytes += more
  }

  /// The next entry; nil when more bytes are needed.
  mutating func next() throws(SnapshotError) -> SnapshotEntry? {
    while true {
      if let entry = entries.popLast() { return entry }
      guard start < bytes.count else { return nil }
      guard !parser.isEnded else { throw SnapshotError(.trailingBytes, at: position) }
      guard let block = try nextBlock() else { return nil }
      entries = try parser.take(block)
      keptText.add(block.text)
      entries.reverse()
    }
  }

  /// Says that the file ended; throws unless everything was there.
  func finish() throws(SnapshotError) {
    guard parser.isEnded, start == bytes.count, entries.isEmpty else {
      throw SnapshotError(.truncated, at: position, block: parser.blockCount + 1)
    }
  }

  private mutating func nextBlock() throws(SnapshotError) -> FoundBlock? {
    do throws(SnapshotError) {
      guard let length = try GzipBlock.length(bytes[start...]), bytes.count - start >= length else { return nil }
      let member = bytes[start..<start + length]
      let block = FoundBlock(bytes: member, text: try GzipBlock.unpacked(member))
      start += length
      position += length
      return block
    } catch {
      throw SnapshotError(error.kind, at: position + error.position, block: parser.blockCount + 1)
    }
  }
}

/// A block as it was found in the file.
struct FoundBlock {
  /// The gzip member.
  let bytes: ArraySlice<UInt8>
  /// What was packed in it.
  let text: [UInt8]
}
