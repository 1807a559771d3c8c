import CZlib
package import NIOCore

/// Makes blocks. Nothing of one block is in the next, so one encoder serves every connection of a thread. Owned by it.
package final class BlockEncoder {
  private let stream: UnsafeMutablePointer<z_stream>
  private var room: [UInt8]

  /// zlib's level: above it nothing was gained on blocks of this size (docs/decisions/0017-deflate-blocks.md).
  private static let level: Int32 = 6
  /// What a stored block adds to its bytes, and the most bytes that one holds.
  private static let storedHead = 5
  private static let storedBytes = 65_535

  /// An encoder.
  package init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    room = [UInt8](repeating: 0, count: Limits.deflatedBytes)
    precondition(tz_deflate_init_raw(stream, BlockEncoder.level) == Z_OK, "zlib has no memory")
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  /// Writes all of `lines` as blocks over the words and `ending`; nothing for nothing.
  package func write(_ lines: ByteBuffer, ending: [UInt8] = [], to buffer: inout ByteBuffer) {
    var rest = lines
    while let piece = rest.readSlice(length: min(rest.readableBytes, Limits.blockBytes)), piece.readableBytes > 0 {
      let size = deflated(piece, ending)
      BlockLength.write(size, to: &buffer)
      buffer.writeBytes(room[..<size])
    }
  }

  /// Writes `lines` as blocks that are not compressed, so that their length says nothing of what they hold.
  package func writeStored(_ lines: ByteBuffer, to buffer: inout ByteBuffer) {
    var rest = lines
    while let piece = rest.readSlice(length: min(rest.readableBytes, BlockEncoder.storedBytes)),
      piece.readableBytes > 0
    {
      let size = UInt16(piece.readableBytes)
      BlockLength.write(piece.readableBytes + BlockEncoder.storedHead, to: &buffer)
      buffer.writeInteger(UInt8(1))
      buffer.writeInteger(size, endianness: .little)
      buffer.writeInteger(~size, endianness: .little)
      buffer.writeImmutableBuffer(piece)
    }
  }

  /// Fills `room`; how many bytes of it.
  private func deflated(_ piece: ByteBuffer, _ ending: [UInt8]) -> Int {
    deflateReset(stream)
    for part in [BlockDictionary.words, ending] where !part.isEmpty {
      deflateSetDictionary(stream, part, UInt32(part.count))
    }
    let status = piece.withUnsafeReadableBytes { source in
      room.withUnsafeMutableBufferPointer { target in
        // zlib reads from what it calls mutable.
        stream.pointee.next_in = UnsafeMutablePointer(
          mutating: source.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(source.count)
        stream.pointee.next_out = target.baseAddress
        stream.pointee.avail_out = UInt32(target.count)
        return CZlib.deflate(stream, Z_FINISH)
      }
    }
    precondition(status == Z_STREAM_END, "a block fits its limit whatever it holds")
    return room.count - Int(stream.pointee.avail_out)
  }
}

/// A block's length as it stands before it: seven bits a byte, the low ones first, the eighth bit when more follow.
enum BlockLength {
  static func write(_ size: Int, to buffer: inout ByteBuffer) {
    var rest = size
    while rest > 127 {
      buffer.writeInteger(UInt8(rest & 127) | 128)
      rest >>= 7
    }
    buffer.writeInteger(UInt8(rest))
  }

  /// Reads a length; nil while it has not come whole.
  static func read(_ buffer: inout ByteBuffer) throws(WireError) -> Int? {
    var size = 0
    for index in 0..<3 {
      guard let byte = buffer.getInteger(at: buffer.readerIndex + index, as: UInt8.self) else { return nil }
      size |= Int(byte & 127) << (7 * index)
      guard byte < 128 else { continue }
      guard size > 0, size <= Limits.deflatedBytes, index == 0 || byte > 0 else { throw BlockFault.length.error }
      buffer.moveReaderIndex(forwardBy: index + 1)
      return size
    }
    throw BlockFault.length.error
  }
}
