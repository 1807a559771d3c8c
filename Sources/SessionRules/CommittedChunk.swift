import EditModel
package import LineProtocol
package import NIOCore

/// What one commit added to a ledger, as every unfiltered watcher is sent it.
package struct CommittedChunk: Sendable {
  /// The first seq that it holds.
  package let firstSeq: UInt64
  /// The last seq that it holds.
  package let lastSeq: UInt64
  /// `+ LINE` for each edit, then `= SEQ CURSOR`: encoded once, shared by everyone.
  package let bytes: ByteBuffer
  /// Whether it changes who may see what.
  package let movesAudiences: Bool
  /// How many of the bytes are the lines, which is what is stored.
  private let lineBytes: Int

  /// A chunk from its parts: the first `lineBytes` of `bytes` are its lines.
  package init(firstSeq: UInt64, lastSeq: UInt64, bytes: ByteBuffer, lineBytes: Int, movesAudiences: Bool = false) {
    self.firstSeq = firstSeq
    self.lastSeq = lastSeq
    self.bytes = bytes
    self.lineBytes = lineBytes
    self.movesAudiences = movesAudiences
  }

  /// The lines alone, `+ LINE` for each.
  package var lines: ByteBuffer {
    guard let lines = bytes.getSlice(at: bytes.readerIndex, length: lineBytes) else {
      preconditionFailure("a chunk's lines are part of its bytes")
    }
    return lines
  }

  /// What a view with `filter` is sent of it, before its `=`.
  func visibleLines(through filter: ViewFilter) -> ByteBuffer {
    var visible = ByteBuffer()
    var rest = lines
    while let length = rest.readableBytesView.firstIndex(of: UInt8(ascii: "\n")).map({ $0 - rest.readerIndex + 1 }),
      let whole = rest.readSlice(length: length)
    {
      if StreamLine.passes(whole, filter) { visible.writeImmutableBuffer(whole) }
    }
    return visible
  }
}

/// The lines of the stream as bytes.
package enum StreamLine {
  /// `= SEQ CURSOR` and LF.
  package static func writeReached(_ cursor: Cursor, to buffer: inout ByteBuffer) {
    ServerMessage.reached(seq: cursor.reached, cursor: ExactString(cursor.description)).write(to: &buffer)
  }

  /// `+ LINE` and LF for a line of the history.
  package static func writeLine(_ line: ByteBuffer, to buffer: inout ByteBuffer) {
    buffer.writeInteger(UInt16(0x2B20))  // "+ "
    buffer.writeImmutableBuffer(line)
    buffer.writeInteger(UInt8(ascii: "\n"))
  }

  /// `- ENTITY` and LF.
  static func writeWithdrawn(_ entity: EntityID, to buffer: inout ByteBuffer) {
    ServerMessage.withdrawn(entity).write(to: &buffer)
  }

  /// Whether `whole`, `+ LINE` with its LF, may be sent to a view with `filter`.
  static func passes(_ whole: ByteBuffer, _ filter: ViewFilter) -> Bool {
    whole.getSlice(at: whole.readerIndex + 2, length: whole.readableBytes - 3).map { filter.passes(line: $0) } ?? false
  }
}
