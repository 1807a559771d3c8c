package import NIOCore

/// Cuts a stream of bytes into lines: LF ends a line, a CR before it is dropped, and no line is over the limit.
///
/// Incremental: bytes come in as they arrive, a line goes out when its LF has come. Holds at most one unfinished line
/// (`limitBytes` and a CR) beside what the last read brought. Owned by one connection.
package struct LineFramer: Sendable {
  private var buffer: ByteBuffer?
  /// How many readable bytes of `buffer` are known to hold no LF, so that a line that drips in is scanned once.
  private var scanned = 0
  private let limitBytes: Int

  /// A framer for lines of at most `limitBytes`.
  package init(limitBytes: Int = Limits.lineBytes) {
    self.limitBytes = limitBytes
  }

  /// Takes what one read brought.
  package mutating func receive(_ bytes: ByteBuffer) {
    guard bytes.readableBytes > 0 else { return }
    guard var held = buffer, held.readableBytes > 0 else {
      buffer = bytes
      scanned = 0
      return
    }
    buffer = nil  // the only owner may write in place: a line that drips in is not copied for every byte
    held.discardReadBytes()  // else a stream whose reads never end on a line's end would grow for ever
    held.writeImmutableBuffer(bytes)
    buffer = held
  }

  /// The next whole line without its end, nil when none has come whole; throws `too-long` as soon as one is over the
  /// limit, after which the stream has no more meaning and the connection is closed.
  package mutating func nextLine() throws(WireError) -> ByteBuffer? {
    guard var held = buffer else { return nil }
    let start = scanned
    let found = held.withUnsafeReadableBytes { bytes in
      LineFramer.lineFeed(in: bytes, from: start)
    }
    guard let found else {
      scanned = held.readableBytes
      if scanned > limitBytes + 1 { throw WireError(.tooLong) }
      return nil
    }
    let length = found
    guard var line = held.readSlice(length: length) else { return nil }
    held.moveReaderIndex(forwardBy: 1)
    buffer = held.readableBytes == 0 ? nil : held
    scanned = 0
    if length > 0, line.getInteger(at: line.readerIndex + length - 1, as: UInt8.self) == UInt8(ascii: "\r") {
      line.moveWriterIndex(to: line.writerIndex - 1)
    }
    if line.readableBytes > limitBytes { throw WireError(.tooLong) }
    return line
  }

  /// Where the first LF at or behind `start` is, looked for eight bytes at a time.
  private static func lineFeed(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var position = start
    while position + 8 <= bytes.count {
      // A byte of `rest` is zero just where the word has a LF; then one of the top bits below stands.
      let rest = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self) ^ (ones &* UInt64(UInt8(ascii: "\n")))
      if (rest &- ones) & ~rest & (ones &* 0x80) != 0 { break }
      position += 8
    }
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "\n") { return position }
      position += 1
    }
    return nil
  }

  /// Gives up what has come behind the last line that was cut: it is no lines.
  package mutating func takeRest() -> ByteBuffer? {
    defer {
      buffer = nil
      scanned = 0
    }
    return buffer
  }

  /// How many bytes of an unfinished line are held.
  package var pendingBytes: Int { buffer?.readableBytes ?? 0 }
}
