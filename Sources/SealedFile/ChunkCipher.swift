import Crypto

/// The chunks of a payload in their order, each sealed with its number and whether it is the last: so none can be changed,
/// dropped, put elsewhere or put behind (c2sp.org/age, "Payload"; Hoang, Reyhanitabar, Rogaway, Vizár, "Online
/// Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", 2015: STREAM).
struct ChunkCipher {
  /// How many plain bytes a chunk has, but for the last.
  static let plainBytes = 65_536
  /// How many bytes such a chunk has when it is sealed.
  static let sealedBytes = plainBytes + ChaCha20Poly1305.tagBytes

  /// How many chunks were sealed or opened.
  private(set) var count: UInt64 = 0
  private let key: SymmetricKey

  /// How many bytes stand before the first chunk, for the payload's key.
  static let saltBytes = 16

  /// The payload of `fileKey` behind `salt`, which the specification calls its nonce.
  init(_ fileKey: FileKey, salt: [UInt8]) {
    key = fileKey.payloadKey(nonce: salt)
  }

  /// Seals the next chunk.
  mutating func seal(_ plain: ArraySlice<UInt8>, isLast: Bool) -> [UInt8] {
    defer { count += 1 }
    return ChaCha20Poly1305.seal(plain, using: key, nonce: nonce(isLast: isLast))
  }

  /// Opens the next chunk; nil, and it is still the next, when it is not that one, or not the last just as `isLast` says.
  mutating func open(_ sealed: ArraySlice<UInt8>, isLast: Bool) -> [UInt8]? {
    let plain = ChaCha20Poly1305.open(sealed, using: key, nonce: nonce(isLast: isLast))
    if plain != nil { count += 1 }
    return plain
  }

  /// Eleven bytes of the chunk's number, the greatest first, and one for the last.
  private func nonce(isLast: Bool) -> [UInt8] {
    let number = (0..<8).reversed().map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) }
    return [0, 0, 0] + number + [isLast ? 1 : 0]
  }
}
