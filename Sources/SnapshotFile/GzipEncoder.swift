/// # SnapshotFile
///
/// The snapshot format (protocol/09-snapshots.md): gzip around the same lines as on the wire, with a header and a
/// trailer that prove them whole. Sans-IO: lines in, bytes out, and back, piece by piece, in bounded memory. It may not
/// open a file, read a clock or know a store.

import CZlib

/// Compresses a stream to one gzip member. Owned by whoever writes the file; not shared.
package final class GzipEncoder {
  /// zlib keeps a pointer to its stream, so the stream has an address of its own.
  private let stream: UnsafeMutablePointer<z_stream>
  private var waiting: [UInt8] = []
  private var piece = [UInt8](repeating: 0, count: Gzip.pieceBytes)

  /// A stream at zlib's own level, 6; throws when zlib has no memory.
  package init() throws(SnapshotError) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard tz_deflate_init_gzip(stream, 6) == Z_OK else {
      throw SnapshotError(.compression, at: 0)
    }
  }

  // Also run when `init` throws behind the first line: ending a stream that never began does nothing.
  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  /// Compresses `bytes`; what is ready is appended to `output`, a piece at a time: lines are short.
  package func write(_ bytes: [UInt8], to output: inout [UInt8]) throws(SnapshotError) {
    waiting += bytes
    if waiting.count >= Gzip.pieceBytes { try run(flush: Z_NO_FLUSH, to: &output) }
  }

  /// Ends the member; nothing may be written behind it.
  package func finish(to output: inout [UInt8]) throws(SnapshotError) {
    try run(flush: Z_FINISH, to: &output)
  }

  private func run(flush: Int32, to output: inout [UInt8]) throws(SnapshotError) {
    let status = waiting.withUnsafeMutableBufferPointer { source -> Int32 in
      stream.pointee.next_in = source.baseAddress
      stream.pointee.avail_in = UInt32(source.count)
      return drain(flush: flush, to: &output)
    }
    waiting.removeAll(keepingCapacity: true)
    let expected = flush == Z_FINISH ? Z_STREAM_END : Z_OK
    guard status == expected else { throw SnapshotError(.compression, at: 0) }
  }

  private func drain(flush: Int32, to output: inout [UInt8]) -> Int32 {
    var status = Z_OK
    repeat {
      piece.withUnsafeMutableBufferPointer { target in
        stream.pointee.next_out = target.baseAddress
        stream.pointee.avail_out = UInt32(target.count)
        status = CZlib.deflate(stream, flush)
      }
      output += piece.prefix(piece.count - Int(stream.pointee.avail_out))
    } while stream.pointee.avail_out == 0
    // Z_BUF_ERROR only says that there was nothing left to do.
    return status == Z_BUF_ERROR ? Z_OK : status
  }
}

/// What both directions share.
enum Gzip {
  /// How many bytes zlib may hand out at once.
  static let pieceBytes = 65_536

  /// The ten bytes that every member begins with: deflate, no flags, no time, no extra flags, Unix. They say nothing
  /// about the content and stand outside gzip's check sum, so they have one spelling.
  static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
}
