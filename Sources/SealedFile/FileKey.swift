import Crypto

/// The key of one sealed file, from which those of its header and its payload are made (c2sp.org/age, "File key").
struct FileKey {
  static let byteCount = 16

  /// The 16 bytes.
  let secret: SymmetricKey

  /// A new key: no two files have the same.
  init(using generator: inout some RandomNumberGenerator) {
    secret = SymmetricKey(data: generator.bytes(FileKey.byteCount))
  }

  /// The key of these bytes, as they were wrapped.
  init(_ bytes: [UInt8]) {
    secret = SymmetricKey(data: bytes)
  }

  /// What proves the header: HMAC-SHA-256 over `bytes`, from the first line to `---` (c2sp.org/age, "Header MAC").
  func headerMAC(of bytes: ArraySlice<UInt8>) -> [UInt8] {
    [UInt8](HMAC<SHA256>.authenticationCode(for: bytes, using: headerKey))
  }

  /// Whether `mac` proves the header `bytes`.
  func isHeaderMAC(_ mac: [UInt8], of bytes: ArraySlice<UInt8>) -> Bool {
    HMAC<SHA256>.isValidAuthenticationCode(mac, authenticating: bytes, using: headerKey)
  }

  /// The key of the chunks behind `nonce` (c2sp.org/age, "Payload").
  func payloadKey(nonce: [UInt8]) -> SymmetricKey {
    derived(salt: nonce, info: "payload")
  }

  private var headerKey: SymmetricKey { derived(salt: [], info: "header") }

  private func derived(salt: [UInt8], info: String) -> SymmetricKey {
    HKDF<SHA256>.deriveKey(inputKeyMaterial: secret, salt: salt, info: Array(info.utf8), outputByteCount: 32)
  }
}
