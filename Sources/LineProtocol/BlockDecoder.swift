import CZlib
package import NIOCore

/// Expands blocks, each by itself, so that one decoder serves every connection of a thread. Owned by it.
///
/// Never holds more than `Limits.blockBytes` of what a block expands to, whatever was sent.
package final class BlockDecoder {
  private let stream: UnsafeMutablePointer<z_stream>
  private var room: [UInt8]

  /// A decoder.
  package init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // One byte more than may come: when it is written the block is too large.
    room = [UInt8](repeating: 0, count: Limits.blockBytes + 1)
    precondition(tz_inflate_init_raw(stream) == Z_OK, "zlib has no memory")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// What `block`, without its length, expands to over the words and `ending`; throws `block` when it is none.
  package func expanded(_ block: ByteBuffer, ending: [UInt8] = []) throws(WireError) -> ByteBuffer {
    inflateReset(stream)
    for part in [BlockDictionary.words, ending] where !part.isEmpty {
      inflateSetDictionary(stream, part, UInt32(part.count))
    }
    let status = block.withUnsafeReadableBytes { source in
      room.withUnsafeMutableBufferPointer { target in
        stream.pointee.next_in = UnsafeMutablePointer(
          mutating: source.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(source.count)
        stream.pointee.next_out = target.baseAddress
        stream.pointee.avail_out = UInt32(target.count)
        return CZlib.inflate(stream, Z_FINISH)
      }
    }
    let size = room.count - Int(stream.pointee.avail_out)
    if size > Limits.blockBytes { throw BlockFault.expanded.error }
    guard status == Z_STREAM_END, stream.pointee.avail_in == 0, size > 0 else { throw BlockFault.damaged.error }
    return ByteBuffer(bytes: room[..<size])
  }
}
