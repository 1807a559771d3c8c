import Crypto

/// A stanza that wraps the file key for one recovery key (c2sp.org/age, "X25519 recipient stanza"). It does not say for
/// which: whoever has a secret tries.
struct X25519Stanza {
  /// Where it stands in the file.
  private let position: Int
  /// The public half of a secret that was drawn for this stanza and is kept nowhere.
  private let share: [UInt8]
  /// The file key, and the tag of the cipher.
  private let wrapped: [UInt8]

  private static let type = "X25519"
  private static let info = Array("age-encryption.org/v1/X25519".utf8)
  /// A wrap key seals one thing, so the nonce may be the same for all.
  private static let nonce = [UInt8](repeating: 0, count: ChaCha20Poly1305.nonceBytes)
  private static let wrappedBytes = FileKey.byteCount + ChaCha20Poly1305.tagBytes

  /// The stanza that wraps `fileKey` for `key`, as it stands in the header; its body is shorter than a line.
  static func text(
    wrapping fileKey: FileKey, for key: RecoveryKey, using generator: inout some RandomNumberGenerator
  ) -> String {
    let secret = X25519.secret(generator.bytes(X25519.byteCount))
    guard let shared = X25519.agreement(of: secret, with: key.point) else {
      preconditionFailure("a recovery key is no point of small order")
    }
    let share = [UInt8](secret.publicKey.rawRepresentation)
    let wrapKey = wrapKey(shared, share: share, key: key)
    let plain = fileKey.secret.withUnsafeBytes { [UInt8]($0) }
    let wrapped = ChaCha20Poly1305.seal(plain[...], using: wrapKey, nonce: nonce)
    return "-> \(type) \(RawBase64.text(share))\n\(RawBase64.text(wrapped))\n"
  }

  /// Reads `stanza`; nil when it is of another type. Throws `damaged` when it is of this one and not well formed. The body's
  /// length is checked before anything is opened, as the specification has it.
  init?(_ stanza: Stanza) throws(SealError) {
    guard stanza.type == X25519Stanza.type else { return nil }
    guard stanza.arguments.count == 2, let share = RawBase64.bytes(stanza.arguments[1].utf8),
      share.count == X25519.byteCount, stanza.body.count == X25519Stanza.wrappedBytes
    else { throw SealError(.damaged, at: stanza.position) }
    self.position = stanza.position
    self.share = share
    self.wrapped = stanza.body
  }

  /// The file key; nil when it is wrapped for another. Throws `damaged` for a share with which everybody would know the wrap
  /// key.
  func fileKey(for secret: RecoverySecret) throws(SealError) -> FileKey? {
    guard let shared = X25519.agreement(of: secret.number, with: share) else { throw SealError(.damaged, at: position) }
    let wrapKey = X25519Stanza.wrapKey(shared, share: share, key: secret.key)
    return ChaCha20Poly1305.open(wrapped[...], using: wrapKey, nonce: X25519Stanza.nonce).map { FileKey($0) }
  }

  private static func wrapKey(_ shared: SharedSecret, share: [UInt8], key: RecoveryKey) -> SymmetricKey {
    shared.hkdfDerivedSymmetricKey(
      using: SHA256.self, salt: share + key.point, sharedInfo: info, outputByteCount: 32)
  }
}
