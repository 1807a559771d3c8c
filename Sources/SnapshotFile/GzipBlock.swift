import CZlib

/// A gzip member that says how long it is (protocol/09-snapshots.md, "Blocks"): its header has one spelling but for that
/// length, so whoever has one block finds the next without unpacking it, and can unpack several at once.
enum GzipBlock {
  /// How many bytes stand before the packed ones: gzip's header and the one extra field.
  static let headerBytes = 20
  /// How many stand behind them: the check sum and the length of what is packed.
  private static let trailerBytes = 8
  /// The most plain bytes that a block may have.
  static let limitPlainBytes = 2 << 20
  /// The least bytes that a member may have: something is packed in it.
  static let leastBytes = headerBytes + trailerBytes + 1
  /// The most bytes that a member may have: plain ones that do not shrink, and what deflate and gzip put around them.
  static let limitBytes = limitPlainBytes + (64 << 10)

  /// Deflate, an extra field, no time, no extra flags, Unix; the extra field is one subfield `TZ` of four bytes.
  private static let header: [UInt8] = [
    0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 3, 8, 0, UInt8(ascii: "T"), UInt8(ascii: "Z"), 4, 0,
  ]

  /// How many bytes the member has that begins with `bytes`; nil when fewer than a header's are there. Throws `damaged` where
  /// none can begin so: gzip's check sum does not cover its own header.
  static func length(_ bytes: ArraySlice<UInt8>) throws(SnapshotError) -> Int? {
    guard zip(bytes, header).allSatisfy(==) else { throw SnapshotError(.damaged, at: 0) }
    guard bytes.count >= headerBytes else { return nil }
    let length = Int(number(bytes.dropFirst(header.count)))
    guard (leastBytes...limitBytes).contains(length) else {
      throw SnapshotError(.damaged, at: header.count)
    }
    return length
  }

  /// The member of `plain`, which has at most `limitPlainBytes`; throws `compression` when it has more, or there is no memory.
  static func packed(_ plain: [UInt8]) throws(SnapshotError) -> [UInt8] {
    guard plain.count <= limitPlainBytes else { throw SnapshotError(.compression, at: plain.count) }
    var stream = z_stream()
    // zlib keeps a pointer to its stream, so all of its work is done while it has one address.
    let member: [UInt8]? = withUnsafeMutablePointer(to: &stream) { stream in
      guard tz_deflate_init_raw(stream, level) == Z_OK else { return nil }
      defer { deflateEnd(stream) }
      let room = headerBytes + Int(deflateBound(stream, UInt(plain.count))) + trailerBytes
      return [UInt8](unsafeUninitializedCapacity: room) { member, count in
        count = pack(plain, into: member, stream)
      }
    }
    guard let member, !member.isEmpty else { throw SnapshotError(.compression, at: 0) }
    return member
  }

  /// What is packed in the member `bytes`, whose length is that of its header.
  static func unpacked(_ bytes: ArraySlice<UInt8>) throws(SnapshotError) -> [UInt8] {
    let trailer = bytes.suffix(trailerBytes)
    let (sum, count) = (number(trailer), Int(number(trailer.dropFirst(4))))
    guard count <= limitPlainBytes else { throw SnapshotError(.damaged, at: bytes.count) }
    var stream = z_stream()
    let plain: [UInt8]? = withUnsafeMutablePointer(to: &stream) { stream in
      guard tz_inflate_init_raw(stream) == Z_OK else { return nil }
      defer { inflateEnd(stream) }
      // One byte more than there are: a member that goes on is seen.
      return [UInt8](unsafeUninitializedCapacity: count + 1) { plain, written in
        written = unpack(bytes.dropFirst(headerBytes).dropLast(trailerBytes), into: plain, stream)
      }
    }
    guard let plain else { throw SnapshotError(.compression, at: 0) }
    guard plain.count == count, checkSum(plain) == sum else { throw SnapshotError(.damaged, at: bytes.count) }
    return plain
  }

  /// zlib's own, as gzip's.
  private static let level: Int32 = 6

  /// Writes the member; answers its length, 0 when zlib refused.
  private static func pack(
    _ plain: [UInt8], into member: UnsafeMutableBufferPointer<UInt8>, _ stream: z_streamp
  ) -> Int {
    let status = plain.withUnsafeBufferPointer { plain in
      stream.pointee.next_in = UnsafeMutablePointer(mutating: plain.baseAddress)
      stream.pointee.avail_in = UInt32(plain.count)
      stream.pointee.next_out = member.baseAddress.map { $0 + headerBytes }
      stream.pointee.avail_out = UInt32(member.count - headerBytes - trailerBytes)
      return deflate(stream, Z_FINISH)
    }
    guard status == Z_STREAM_END else { return 0 }
    let packed = member.count - trailerBytes - Int(stream.pointee.avail_out)
    let length = packed + trailerBytes
    let ends = header + spelled(UInt32(length)) + spelled(checkSum(plain)) + spelled(UInt32(plain.count))
    for (index, byte) in ends.enumerated() {
      member[index < headerBytes ? index : packed + index - headerBytes] = byte
    }
    return length
  }

  /// Writes what is packed; answers how much it is, `plain.count` or nothing where it is more or none.
  private static func unpack(
    _ packed: ArraySlice<UInt8>, into plain: UnsafeMutableBufferPointer<UInt8>, _ stream: z_streamp
  ) -> Int {
    let status = packed.withUnsafeBufferPointer { packed in
      stream.pointee.next_in = UnsafeMutablePointer(mutating: packed.baseAddress)
      stream.pointee.avail_in = UInt32(packed.count)
      stream.pointee.next_out = plain.baseAddress
      stream.pointee.avail_out = UInt32(plain.count)
      return inflate(stream, Z_FINISH)
    }
    // Everything was packed here, and nothing stands behind it.
    guard status == Z_STREAM_END, stream.pointee.avail_in == 0 else { return 0 }
    return plain.count - Int(stream.pointee.avail_out)
  }

  private static func checkSum(_ plain: [UInt8]) -> UInt32 {
    plain.withUnsafeBufferPointer { UInt32(truncatingIfNeeded: crc32(0, $0.baseAddress, UInt32($0.count))) }
  }

  /// Four bytes, the least first, as gzip spells numbers.
  private static func spelled(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(number >> ($0 * 8) & 0xFF) } }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
