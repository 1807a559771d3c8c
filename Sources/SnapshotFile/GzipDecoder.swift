import CZlib

/// Unpacks one gzip member piece by piece and refuses anything behind it. Owned by whoever reads the file.
///
/// `receive` takes compressed bytes, `next` gives plain ones, at most 64 KiB at a time: no file, however it was made,
/// makes the decoder hold more than what it was given and one piece.
package final class GzipDecoder {
  private let stream: UnsafeMutablePointer<z_stream>
  private var input: [UInt8] = []
  private var used = 0
  private var isFinished = false
  private var hasMore = false
  /// How many compressed bytes were read so far: where an error is.
  package private(set) var position = 0

  /// A decoder at the start of a file; throws when zlib has no memory.
  package init() throws(SnapshotError) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard tz_inflate_init_gzip(stream) == Z_OK else {
      throw SnapshotError(.compression, at: 0)
    }
  }

  // Also run when `init` throws behind the first line: ending a stream that never began does nothing.
  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Takes the next compressed bytes of the file. Call `next` until it answers nil, then this again.
  package func receive(_ bytes: [UInt8]) throws(SnapshotError) {
    try checkHeader(bytes)
    if used == input.count {
      input = bytes
      used = 0
    } else {
      input.append(contentsOf: bytes)
    }
    hasMore = true
    try refuseTrailingBytes()
  }

  /// The next plain bytes, at most 64 KiB and never none; nil when more compressed bytes are needed. Throws when they
  /// are not gzip, are damaged, or go on behind the end.
  package func next() throws(SnapshotError) -> [UInt8]? {
    guard hasMore, !isFinished else { return nil }
    var piece = [UInt8](repeating: 0, count: Gzip.pieceBytes)
    let status = inflate(into: &piece)
    guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
      throw SnapshotError(.damaged, at: position)
    }
    isFinished = status == Z_STREAM_END
    // A piece that was filled may have more behind it although all input is used.
    hasMore = stream.pointee.avail_out == 0 || used < input.count
    try refuseTrailingBytes()
    piece.removeLast(Int(stream.pointee.avail_out))
    return piece.isEmpty ? try next() : piece
  }

  /// Says that there is no more input; throws when the member had not ended.
  package func finish() throws(SnapshotError) {
    if !isFinished { throw SnapshotError(.truncated, at: position) }
  }

  private func inflate(into piece: inout [UInt8]) -> Int32 {
    let available = input.count - used
    let status = input.withUnsafeMutableBufferPointer { source in
      piece.withUnsafeMutableBufferPointer { target in
        stream.pointee.next_in = source.baseAddress.map { $0 + used }
        stream.pointee.avail_in = UInt32(available)
        stream.pointee.next_out = target.baseAddress
        stream.pointee.avail_out = UInt32(target.count)
        return CZlib.inflate(stream, Z_NO_FLUSH)
      }
    }
    let taken = available - Int(stream.pointee.avail_in)
    used += taken
    position += taken
    return status
  }

  private func refuseTrailingBytes() throws(SnapshotError) {
    if isFinished, used < input.count { throw SnapshotError(.trailingBytes, at: position) }
  }

  /// gzip's check sum does not cover its own header, so that is held against the one that is ours.
  private func checkHeader(_ bytes: [UInt8]) throws(SnapshotError) {
    let start = position + input.count - used
    for (byte, expected) in zip(bytes, Gzip.header.dropFirst(start)) where byte != expected {
      throw SnapshotError(.damaged, at: start)
    }
  }
}
