import Crypto
import Foundation

/// A sealed file that is put together from parts, each of which a test can make otherwise; the proof and the chunks are made
/// for what it became. Written from the specification, without the code that it tries.
struct ForgedFile {
  var version = "age-encryption.org/v1\n"
  /// Each with its lines' ends.
  var stanzas: [String] = []
  /// What stands behind the stanzas, before the proof's own text.
  var endMark = "---"
  /// What becomes of the proof's text, space and LF with it.
  var end: @Sendable (String) -> String = { $0 }
  /// The plain bytes of each chunk, and whether it is sealed as the last.
  var chunks: [(plain: [UInt8], isLast: Bool)] = [(SealSample.plain, true)]

  static let fileKey = [UInt8](repeating: 0x2A, count: 16)

  /// A stanza that the owner of `secret` opens.
  init(for secret: Curve25519.KeyAgreement.PrivateKey) throws {
    let ephemeral = try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: [UInt8](repeating: 9, count: 32))
    let owner = secret.publicKey
    let share = ephemeral.publicKey.rawRepresentation
    let shared = try ephemeral.sharedSecretFromKeyAgreement(with: owner)
    stanzas = [try ForgedFile.stanza(share: share, owner: owner.rawRepresentation, shared.withUnsafeBytes { Data($0) })]
  }

  /// A stanza of `share`, whose wrap key is made of `shared`.
  static func stanza(share: Data, owner: Data, _ shared: Data, fileKey: [UInt8] = fileKey) throws -> String {
    let wrapKey = HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: shared), salt: share + owner,
      info: Data("age-encryption.org/v1/X25519".utf8), outputByteCount: 32)
    let nonce = try ChaChaPoly.Nonce(data: Data(count: 12))
    let box = try ChaChaPoly.seal(fileKey, using: wrapKey, nonce: nonce)
    return "-> X25519 \(base64(share))\n\(base64(box.ciphertext + box.tag))\n"
  }

  static func base64(_ bytes: Data) -> String { bytes.base64EncodedString().filter { $0 != "=" } }

  /// The header of it.
  var header: String {
    let proved = version + stanzas.joined() + endMark
    let mac = HMAC<SHA256>.authenticationCode(for: Data(proved.utf8), using: ForgedFile.derived(Data(), "header"))
    return proved + end(" \(ForgedFile.base64(Data(mac)))\n")
  }

  /// All of it.
  func bytes() throws -> [UInt8] {
    let salt = Data(repeating: 3, count: 16)
    var bytes = Data(header.utf8) + salt
    for (number, chunk) in chunks.enumerated() {
      let nonce = Data(count: 7) + withUnsafeBytes(of: UInt32(number).bigEndian) { Data($0) } + [chunk.isLast ? 1 : 0]
      let box = try ChaChaPoly.seal(
        chunk.plain, using: ForgedFile.derived(salt, "payload"), nonce: ChaChaPoly.Nonce(data: nonce))
      bytes += box.ciphertext + box.tag
    }
    return [UInt8](bytes)
  }

  private static func derived(_ salt: Data, _ info: String) -> SymmetricKey {
    HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: fileKey), salt: salt, info: Data(info.utf8), outputByteCount: 32)
  }
}
