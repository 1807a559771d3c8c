import EditModel
import LineProtocol
import NIOCore

/// Writes the lines of the hot path straight into a buffer, without a text in between.
enum LineWriter {
  /// `+ SEQ RECEIPT SEAT AUTHOR` and LF.
  static func writeAccepted(_ author: ByteBuffer, prefix: AcceptedPrefix, to buffer: inout ByteBuffer) {
    let bound = 40 + prefix.seat.name.byteCount + author.readableBytes
    buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { bytes in
      var place = LinePlace(bytes)
      place.write(UInt8(ascii: "+"))
      place.write(UInt8(ascii: " "))
      place.write(decimal: prefix.seq)
      place.write(UInt8(ascii: " "))
      place.write(prefix.receipt)
      place.write(UInt8(ascii: " "))
      place.write(prefix.seat.name)
      place.write(UInt8(ascii: " "))
      author.withUnsafeReadableBytes { place.write($0) }
      place.write(UInt8(ascii: "\n"))
      return place.count
    }
  }

  /// `TAG ok SEQ` and LF.
  static func writeOk(_ tag: Tag, seq: UInt64, to buffer: inout ByteBuffer) {
    buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 25 + tag.text.byteCount) { bytes in
      var place = LinePlace(bytes)
      place.write(tag.text)
      place.write(UInt8(ascii: " "))
      place.write(UInt8(ascii: "o"))
      place.write(UInt8(ascii: "k"))
      place.write(UInt8(ascii: " "))
      place.write(decimal: seq)
      place.write(UInt8(ascii: "\n"))
      return place.count
    }
  }
}

/// The place of one line in a buffer's memory, which is large enough for it, and how much of it is written.
private struct LinePlace {
  private let bytes: UnsafeMutableRawBufferPointer
  private(set) var count = 0

  init(_ bytes: UnsafeMutableRawBufferPointer) {
    self.bytes = bytes
  }

  mutating func write(_ byte: UInt8) {
    bytes[count] = byte
    count += 1
  }

  mutating func write(_ other: UnsafeRawBufferPointer) {
    UnsafeMutableRawBufferPointer(rebasing: bytes[count...]).copyMemory(from: other)
    count += other.count
  }

  mutating func write(_ text: ExactString) {
    var copy = text.string
    copy.withUTF8 { write(UnsafeRawBufferPointer($0)) }
  }

  /// `number` in decimal digits.
  mutating func write(decimal number: UInt64) {
    var end = count + 1
    var bound = number / 10
    while bound > 0 {
      bound /= 10
      end += 1
    }
    var rest = number
    for position in (count..<end).reversed() {
      bytes[position] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
    count = end
  }

  /// The thirteen digits of `stamp`.
  mutating func write(_ stamp: Stamp) {
    let (high, low) = (stamp.milliseconds, stamp.counter)
    for position in 0..<10 { write(Crockford.digits[Int(high >> UInt64(45 - 5 * position)) & 31]) }
    for position in 0..<3 { write(Crockford.digits[Int(low >> UInt64(10 - 5 * position)) & 31]) }
  }
}

/// What the server puts in front of an author's part.
struct AcceptedPrefix {
  let seq: UInt64
  let receipt: Stamp
  let seat: SeatID
}
