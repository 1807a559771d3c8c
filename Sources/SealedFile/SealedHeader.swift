/// What stands before the payload: the file key, wrapped for one key in each stanza, and a proof of it all (c2sp.org/age,
/// "Header").
struct SealedHeader {
  /// The stanzas, of any type.
  let stanzas: [Stanza]
  /// What the proof is over: from the first line to `---`.
  let proved: ArraySlice<UInt8>
  /// The proof.
  let mac: [UInt8]
  /// How many bytes it has, its last LF among them.
  let byteCount: Int

  static let versionLine = Array("age-encryption.org/v1\n".utf8)
  static let endMark = Array("---".utf8)
  /// How many bytes a proof has.
  static let macBytes = 32
  /// The most bytes that are read of a header. The specification has no limit, and a file can come from anybody.
  static let limitBytes = 65_536
  /// The most stanzas that are read, and written: each costs an agreement for every secret before anything is proved.
  static let limitStanzas = 64

  private static let passphraseType = "scrypt"

  /// The header that wraps `fileKey` for each of `keys`.
  static func bytes(
    wrapping fileKey: FileKey, for keys: [RecoveryKey], using generator: inout some RandomNumberGenerator
  ) -> [UInt8] {
    var bytes = versionLine
    for key in keys { bytes += X25519Stanza.text(wrapping: fileKey, for: key, using: &generator).utf8 }
    bytes += endMark
    return bytes + " \(RawBase64.text(fileKey.headerMAC(of: bytes[...])))\n".utf8
  }

  /// The file key that one of `secrets` opens. Throws `forOtherKeys` when none does, `damaged` when a stanza or the proof is
  /// not right.
  func fileKey(for secrets: [RecoverySecret]) throws(SealError) -> FileKey {
    // c2sp.org/age, "scrypt recipient stanza": whoever opens with a passphrase takes it that its owner made the file.
    if stanzas.count > 1, let stanza = stanzas.first(where: { $0.type == SealedHeader.passphraseType }) {
      throw SealError(.damaged, at: stanza.position)
    }
    // All are read before one is tried, so that it is the same whose secret it is. Other types are passed over, as the
    // specification has it ("Recipient stanza").
    var ours: [X25519Stanza] = []
    for stanza in stanzas {
      if let stanza = try X25519Stanza(stanza) { ours.append(stanza) }
    }
    for stanza in ours {
      for secret in secrets {
        guard let key = try stanza.fileKey(for: secret) else { continue }
        guard key.isHeaderMAC(mac, of: proved) else { throw SealError(.damaged, at: proved.endIndex) }
        return key
      }
    }
    throw SealError(.forOtherKeys, at: 0)
  }
}

/// A part of the header that wraps the file key (c2sp.org/age, "Recipient stanza").
struct Stanza {
  /// Its first line: the type, and what the type asks for; at least one.
  let arguments: [String]
  /// What its other lines spell.
  let body: [UInt8]
  /// Where it stands in the file.
  let position: Int

  /// What kind of key it is for.
  var type: String { arguments[0] }
}
