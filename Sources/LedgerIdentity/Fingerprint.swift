package import Crypto
import EditModel

/// What a client pins: the first 160 bits of the SHA-256 of a public key (its DER form, SubjectPublicKeyInfo), as 32
/// digits of Crockford's base 32.
package struct Fingerprint: Hashable, Sendable, CustomStringConvertible {
  /// The digits, lower case.
  package let digits: String

  /// The fingerprint of `key`.
  package init(of key: P256.Signing.PublicKey) {
    digits = Fingerprint.digits(of: SHA256.hash(data: key.derRepresentation))
  }

  /// Reads 32 digits; nil for anything else.
  package init?(_ text: String) {
    guard text.utf8.count == 32, text.utf8.allSatisfy(Crockford.digits.contains) else { return nil }
    digits = text
  }

  /// The digits.
  package var description: String { digits }

  private static func digits(of hash: SHA256.Digest) -> String {
    var text = ""
    let bytes = Array(hash.prefix(20))
    // Four times forty bits: eight digits each.
    for start in stride(from: 0, to: 20, by: 5) {
      let bits = bytes[start..<start + 5].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      text += Crockford.text(bits, digits: 8)
    }
    return text
  }
}
