/// Decimal numbers in their one spelling: ASCII digits, no sign, no leading zero.
package enum Decimal {
  /// The number that `bytes` spell; nil when empty, not canonical, or over 18 digits.
  package static func number(_ bytes: UnsafeRawBufferPointer) -> UInt64? {
    guard (1...18).contains(bytes.count) else { return nil }
    if bytes[0] == UInt8(ascii: "0") { return bytes.count == 1 ? 0 : nil }
    var number: UInt64 = 0
    for byte in bytes {
      let digit = byte &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      number = number &* 10 &+ UInt64(digit)
    }
    return number
  }

  /// The number that `text` spells; nil when it is not canonical.
  package static func number(_ text: String) -> UInt64? {
    var copy = text
    return copy.withUTF8 { number(UnsafeRawBufferPointer($0)) }
  }
}
