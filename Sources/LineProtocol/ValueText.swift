package import EditModel

/// The spelling of values: the rest of the line, in which only `\\`, `\n` and `\t` are escapes and `\-` alone means
/// cleared. Never empty; C0, DEL and C1 controls are refused (protocol/03-lines.md).
package enum ValueText {
  /// Reads a value; nil when it is not canonical.
  package static func value(_ bytes: UnsafeRawBufferPointer) -> EditValue? {
    guard !bytes.isEmpty else { return nil }
    switch scan(bytes) {
    case .refused: return nil
    case .plain: return ExactString(bytes: bytes).map { .text($0) }
    case .escaped: return unescaped(bytes)
    }
  }

  /// Whether `text` can be a value: not empty, and no control in it but tab and line feed.
  package static func isAllowed(_ text: String) -> Bool {
    !text.isEmpty
      && text.unicodeScalars.allSatisfy { scalar in
        scalar == "\t" || scalar == "\n" || !(scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value))
      }
  }

  /// The value as it is written on a line.
  package static func text(_ value: EditValue) -> String {
    guard let text = value.text else { return "\\-" }
    guard text.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 < 0x20 }) else { return text }
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\t": escaped += "\\t"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  private enum Scan { case plain, escaped, refused }

  private static func scan(_ bytes: UnsafeRawBufferPointer) -> Scan {
    isSurelyPlain(bytes) ? .plain : scanByByte(bytes)
  }

  /// Whether no byte of `bytes` needs a look, which is so for almost every value; eight bytes at a time.
  private static func isSurelyPlain(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count >= 8 else { return false }
    var position = 0
    while position + 8 <= bytes.count {
      if mayBeSpecial(bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)) { return false }
      position += 8
    }
    // The last eight once more, whole, in place of the rest.
    return !mayBeSpecial(bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self))
  }

  /// Whether one of eight bytes is below 0x20, DEL, a backslash, or 0xC2, which begins the C1 controls among others.
  ///
  /// Source: S. E. Anderson, "Bit Twiddling Hacks", "Determine if a word has a byte less than n" and "… a zero byte".
  private static func mayBeSpecial(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    func hasByte(_ byte: UInt64) -> UInt64 {
      let rest = word ^ (ones &* byte)
      return (rest &- ones) & ~rest
    }
    let isLess = (word &- ones &* 0x20) & ~word
    return (isLess | hasByte(0x7F) | hasByte(0x5C) | hasByte(0xC2)) & (ones &* 0x80) != 0
  }

  private static func scanByByte(_ bytes: UnsafeRawBufferPointer) -> Scan {
    var result = Scan.plain
    var previous: UInt8 = 0
    for byte in bytes {
      if byte < 0x20 || byte == 0x7F { return .refused }
      if previous == 0xC2, byte < 0xA0 { return .refused }
      if byte == UInt8(ascii: "\\") { result = .escaped }
      previous = byte
    }
    return result
  }

  private static func unescaped(_ bytes: UnsafeRawBufferPointer) -> EditValue? {
    if bytes.elementsEqual([UInt8(ascii: "\\"), UInt8(ascii: "-")]) { return .cleared }
    var plain: [UInt8] = []
    plain.reserveCapacity(bytes.count)
    var isEscape = false
    for byte in bytes {
      if isEscape {
        switch byte {
        case UInt8(ascii: "\\"): plain.append(byte)
        case UInt8(ascii: "n"): plain.append(UInt8(ascii: "\n"))
        case UInt8(ascii: "t"): plain.append(UInt8(ascii: "\t"))
        default: return nil
        }
        isEscape = false
      } else if byte == UInt8(ascii: "\\") {
        isEscape = true
      } else {
        plain.append(byte)
      }
    }
    guard !isEscape else { return nil }
    return plain.withUnsafeBytes { ExactString(bytes: $0) }.map { .text($0) }
  }
}
