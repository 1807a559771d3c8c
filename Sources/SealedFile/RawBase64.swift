import EditModel

/// Base 64 (RFC 4648, section 4) without padding, in the one canonical spelling of each value (its section 3.5): what
/// stands in the header of a sealed file (c2sp.org/age, "Conventions used in this document"). It is `Base64URL` but for two
/// digits.
enum RawBase64 {
  /// The text of `bytes`.
  static func text(_ bytes: [UInt8]) -> String {
    String(
      decoding: Base64URL.text(bytes).utf8.map { byte in
        switch byte {
        case UInt8(ascii: "-"): UInt8(ascii: "+")
        case UInt8(ascii: "_"): UInt8(ascii: "/")
        default: byte
        }
      }, as: UTF8.self)
  }

  /// The bytes that `text` spells; nil when it spells none, or not in the canonical way.
  static func bytes(_ text: some Collection<UInt8>) -> [UInt8]? {
    let digits = text.map { byte in
      switch byte {
      case UInt8(ascii: "+"): UInt8(ascii: "-")
      case UInt8(ascii: "/"): UInt8(ascii: "_")
      // A digit of the other alphabet is none of this one.
      case UInt8(ascii: "-"), UInt8(ascii: "_"): UInt8(ascii: "=")
      default: byte
      }
    }
    guard let word = String(validating: digits, as: UTF8.self) else { return nil }
    return Base64URL.bytes(word)
  }
}
