import Crypto

/// The cipher of age (RFC 8439, section 2.8) with the tag behind the cipher text and no associated data.
enum ChaCha20Poly1305 {
  static let nonceBytes = 12
  static let tagBytes = 16

  /// The cipher text of `plain` and its tag. A key never meets the same nonce again.
  static func seal(_ plain: ArraySlice<UInt8>, using key: SymmetricKey, nonce: [UInt8]) -> [UInt8] {
    // Nothing but a key or a nonce of another length is refused.
    guard let nonce = try? ChaChaPoly.Nonce(data: nonce),
      let box = try? ChaChaPoly.seal(plain, using: key, nonce: nonce)
    else { preconditionFailure("a key has 32 bytes and a nonce 12") }
    return [UInt8](box.ciphertext) + [UInt8](box.tag)
  }

  /// What was sealed; nil when it was not with this key and nonce, or was changed.
  static func open(_ sealed: ArraySlice<UInt8>, using key: SymmetricKey, nonce: [UInt8]) -> [UInt8]? {
    // Every refusal says the same: these are not the bytes that were sealed.
    guard sealed.count >= tagBytes, let nonce = try? ChaChaPoly.Nonce(data: nonce),
      let box = try? ChaChaPoly.SealedBox(
        nonce: nonce, ciphertext: sealed.dropLast(tagBytes), tag: sealed.suffix(tagBytes)),
      let plain = try? ChaChaPoly.open(box, using: key)
    else { return nil }
    return [UInt8](plain)
  }
}
