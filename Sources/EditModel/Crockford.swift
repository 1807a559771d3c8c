/// Crockford's base 32 in lower case, the digits of stamps and replica ids.
///
/// Source: Douglas Crockford, "Base 32": the letters i, l, o and u are left out. The protocol knows one spelling only,
/// so the lenient readings of that page (i as 1, o as 0, upper case) are refused.
package enum Crockford {
  /// The thirty-two digits, in the order of their values, as ASCII.
  package static let digits: [UInt8] = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

  /// The value of each ASCII byte as a digit; 0xFF where it is none.
  private static let values: [UInt8] = {
    var table = [UInt8](repeating: 0xFF, count: 256)
    for (value, digit) in digits.enumerated() { table[Int(digit)] = UInt8(value) }
    return table
  }()

  /// The value of `byte` as a digit, or nil when it is none.
  package static func value(of byte: UInt8) -> UInt64? {
    let value = values[Int(byte)]
    return value == 0xFF ? nil : UInt64(value)
  }

  /// The number that `bytes` spell, most significant digit first; nil when a byte is no digit. At most 12 digits.
  package static func number(_ bytes: UnsafeRawBufferPointer) -> UInt64? {
    precondition(bytes.count <= 12, "twelve base-32 digits are what fits in 64 bits")
    var number: UInt64 = 0
    for byte in bytes {
      guard let digit = value(of: byte) else { return nil }
      number = number << 5 | digit
    }
    return number
  }

  /// The lowest `count` digits of `number`, most significant first.
  package static func text(_ number: UInt64, digits count: Int) -> String {
    String(unsafeUninitializedCapacity: count) { buffer in
      for position in 0..<count {
        buffer[position] = digits[Int(number >> UInt64(5 * (count - 1 - position)) & 31)]
      }
      return count
    }
  }
}
