/// Bytes as age spells keys: Bech32 (BIP 173, "Bech32") without its limit on length (c2sp.org/age, "Conventions used in
/// this document").
///
/// Strict: a text is read in the case of its prefix alone (`age1…`, `AGE-SECRET-KEY-1…`), as `age` reads it, and each
/// value has one spelling.
enum Bech32 {
  private static let lowerDigits = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
  private static let upperDigits = Array("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L".utf8)
  private static let checkDigits = 6

  /// The text of `bytes` behind `prefix`, in the case of `prefix`.
  static func text(_ bytes: [UInt8], prefix: String) -> String {
    let values = values(of: bytes)
    let check = remainder(of: values + [UInt8](repeating: 0, count: checkDigits), prefix: prefix) ^ 1
    let checkValues = (0..<checkDigits).map { UInt8(check >> UInt32(5 * (checkDigits - 1 - $0)) & 31) }
    let digits = digits(for: prefix)
    return "\(prefix)1" + String(decoding: (values + checkValues).map { digits[Int($0)] }, as: UTF8.self)
  }

  /// The `count` bytes that `text` spells behind `prefix`; nil when it spells anything else.
  static func bytes(_ text: some StringProtocol, prefix: String, count: Int) -> [UInt8]? {
    let head = "\(prefix)1".utf8
    // The length first: a text of another one, however long, is not looked at.
    let valueCount = (count * 8 + 4) / 5
    guard text.utf8.count == head.count + valueCount + checkDigits, text.utf8.starts(with: head) else { return nil }
    let digits = digits(for: prefix)
    let values = text.utf8.dropFirst(head.count).compactMap { digits.firstIndex(of: $0).map { UInt8($0) } }
    guard values.count == valueCount + checkDigits, remainder(of: values, prefix: prefix) == 1 else { return nil }
    return bytes(of: values.dropLast(checkDigits))
  }

  private static func digits(for prefix: String) -> [UInt8] {
    prefix == prefix.uppercased() ? upperDigits : lowerDigits
  }

  /// The remainder of the code over GF(32) that BIP 173 ("Checksum") chose; the prefix counts as lower case.
  private static func remainder(of values: [UInt8], prefix: String) -> UInt32 {
    let generator: [UInt32] = [0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3]
    let name = prefix.lowercased().utf8
    let all = name.map { $0 >> 5 } + [0] + name.map { $0 & 31 } + values
    return all.reduce(1) { sum, value in
      let shifted = (sum & 0x1FF_FFFF) << 5 ^ UInt32(value)
      return generator.indices.reduce(shifted) { $0 ^ (sum >> UInt32(25 + $1) & 1 == 1 ? generator[$1] : 0) }
    }
  }

  /// Bits in fives, the last filled with zeros.
  private static func values(of bytes: [UInt8]) -> [UInt8] {
    var values: [UInt8] = []
    var (bits, count): (UInt32, UInt32) = (0, 0)
    for byte in bytes {
      bits = bits << 8 | UInt32(byte)
      count += 8
      while count >= 5 {
        count -= 5
        values.append(UInt8(bits >> count & 31))
      }
    }
    if count > 0 { values.append(UInt8(bits << (5 - count) & 31)) }
    return values
  }

  /// Fives of bits as bytes; nil when what fills the last is not zero.
  private static func bytes(of values: ArraySlice<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var (bits, count): (UInt32, UInt32) = (0, 0)
    for value in values {
      bits = bits << 5 | UInt32(value)
      count += 5
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(bits >> count & 0xFF))
        bits &= (1 << count) - 1
      }
    }
    return bits == 0 ? bytes : nil
  }
}
