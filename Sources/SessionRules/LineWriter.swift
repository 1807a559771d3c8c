import EditModel
import LineProtocol
import NIOCore

/// Writes the lines of the hot path straight into a buffer, without a text in between.
enum LineWriter {
  /// `+ SEQ RECEIPT SEAT AUTHOR` and LF; returns where in `buffer` the history's line (without `+ ` and LF) stands.
  static func writeAccepted(
    _ author: ByteBuffer, prefix: AcceptedPrefix, to buffer: inout ByteBuffer
  ) -> Range<Int> {
    buffer.writeInteger(UInt16(0x2B20))  // "+ "
    let start = buffer.writerIndex
    writeDecimal(prefix.seq, to: &buffer)
    buffer.writeInteger(UInt8(ascii: " "))
    writeStamp(prefix.receipt, to: &buffer)
    buffer.writeInteger(UInt8(ascii: " "))
    buffer.writeString(prefix.seat.name.string)
    buffer.writeInteger(UInt8(ascii: " "))
    buffer.writeImmutableBuffer(author)
    let end = buffer.writerIndex
    buffer.writeInteger(UInt8(ascii: "\n"))
    return start..<end
  }

  /// `TAG ok SEQ` and LF.
  static func writeOk(_ tag: Tag, seq: UInt64, to buffer: inout ByteBuffer) {
    buffer.writeString(tag.text.string)
    buffer.writeInteger(UInt32(0x206F_6B20))  // " ok "
    writeDecimal(seq, to: &buffer)
    buffer.writeInteger(UInt8(ascii: "\n"))
  }

  /// `number` in decimal digits.
  static func writeDecimal(_ number: UInt64, to buffer: inout ByteBuffer) {
    _ = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 20) { bytes in
      var rest = number
      var position = 20
      repeat {
        position -= 1
        bytes[position] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
      } while rest > 0
      let count = 20 - position
      for offset in 0..<count { bytes[offset] = bytes[position + offset] }
      return count
    }
  }

  /// The thirteen digits of `stamp`.
  private static func writeStamp(_ stamp: Stamp, to buffer: inout ByteBuffer) {
    let high = stamp.milliseconds
    let low = stamp.counter
    _ = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: Stamp.textLength) { bytes in
      for position in 0..<10 { bytes[position] = Crockford.digits[Int(high >> UInt64(45 - 5 * position)) & 31] }
      for position in 0..<3 { bytes[10 + position] = Crockford.digits[Int(low >> UInt64(10 - 5 * position)) & 31] }
      return Stamp.textLength
    }
  }
}

/// What the server puts in front of an author's part.
struct AcceptedPrefix {
  let seq: UInt64
  let receipt: Stamp
  let seat: SeatID
}
