import CZlib

/// A text behind a mark, its own length in bytes and a CRC-32 of it: whether all of it is as it was written can be told from
/// it alone, wherever it is found. CRC-32 finds every change within four bytes that follow each other, and so every single
/// byte or bit; it is there against a failing disk, not against somebody's hand.
enum CheckedText {
  /// What every one begins with. No text of ours holds it: no such byte stands at the beginning of an edit.
  static let mark = "~act1 "
  /// The bytes in front of the content: the mark, eight digits, a space, eight digits, a space.
  static let headBytes = 24
  /// More bytes than an act, however it is written, takes.
  static let limitBytes = 4 << 20

  /// `content` with its head.
  static func text(_ content: String) -> String {
    let bytes = Array(content.utf8)
    return mark + digits(bytes.count, radix: 10) + " " + digits(Int(checksum(bytes)), radix: 16) + " " + content
  }

  /// What stands behind the head; nil unless `text` is exactly as it was written.
  static func content(_ text: String) -> String? {
    let bytes = Array(text.utf8)
    guard let head = head(bytes), bytes.count == headBytes + head.length else { return nil }
    let content = bytes[headBytes...]
    return checksum(content) == head.checksum ? String(decoding: content, as: UTF8.self) : nil
  }

  /// The length of the content and its checksum, as the head at the beginning of `bytes` has them; nil where none is.
  static func head(_ bytes: some Collection<UInt8>) -> (length: Int, checksum: UInt32)? {
    let head = Array(bytes.prefix(headBytes))
    guard head.count == headBytes, head.starts(with: mark.utf8), head[14] == space, head[23] == space,
      let length = number(head[6..<14], radix: 10), let checksum = number(head[15..<23], radix: 16),
      length <= limitBytes
    else { return nil }
    return (length, UInt32(truncatingIfNeeded: checksum))
  }

  /// The CRC-32 of `bytes`, as gzip and PNG have it.
  static func checksum(_ bytes: some Collection<UInt8>) -> UInt32 {
    let whole = bytes.withContiguousStorageIfAvailable { UInt32(truncatingIfNeeded: CheckedText.sum($0)) }
    return whole ?? Array(bytes).withUnsafeBufferPointer { UInt32(truncatingIfNeeded: CheckedText.sum($0)) }
  }

  private static func sum(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt {
    crc32(0, bytes.baseAddress, UInt32(clamping: bytes.count))
  }

  private static let space = UInt8(ascii: " ")

  private static func digits(_ number: Int, radix: Int) -> String {
    let digits = String(number, radix: radix)
    return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }

  /// Only the spelling that `digits` writes.
  private static func number(_ bytes: ArraySlice<UInt8>, radix: Int) -> Int? {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let number = Int(text, radix: radix), digits(number, radix: radix) == text else { return nil }
    return number
  }
}
