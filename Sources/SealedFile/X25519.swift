import Crypto

/// The agreement of two keys (RFC 7748, section 5).
enum X25519 {
  typealias PrivateKey = Curve25519.KeyAgreement.PrivateKey

  /// How many bytes a secret has, and a point.
  static let byteCount = 32

  /// The secret key of these 32 bytes.
  static func secret(_ bytes: [UInt8]) -> PrivateKey {
    // Any 32 bytes are a secret key, so nothing but another count is refused.
    guard let secret = try? PrivateKey(rawRepresentation: bytes) else {
      preconditionFailure("a secret key has 32 bytes")
    }
    return secret
  }

  /// What `secret` and the owner of `point` share. Nil when it is all zeros, which everybody knows: c2sp.org/age, "X25519
  /// recipient stanza", has it refused, and the library leaves that to its callers.
  static func agreement(of secret: PrivateKey, with point: [UInt8]) -> SharedSecret? {
    // A point that is none, and one that a library refuses by itself, come to the same.
    guard let key = try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: point),
      let shared = try? secret.sharedSecretFromKeyAgreement(with: key)
    else { return nil }
    return shared.withUnsafeBytes { $0.reduce(0, |) } == 0 ? nil : shared
  }
}
