import Crypto

/// What opens snapshots that are sealed to its key: `AGE-SECRET-KEY-1…` (c2sp.org/age, "The X25519 recipient type"). It
/// belongs in a safe and not on a server. Whatever is printed of it is its key, but by `identityFileText`.
package struct RecoverySecret: Sendable {
  /// The key that files are sealed to for this secret.
  package let key: RecoveryKey

  /// The secret number.
  let number: X25519.PrivateKey

  private static let prefix = "AGE-SECRET-KEY-"

  /// A new secret; `generator` must be the system's, but for tests.
  package init(using generator: inout some RandomNumberGenerator) {
    self.init(bytes: generator.bytes(X25519.byteCount))
  }

  /// Reads `AGE-SECRET-KEY-1…`, upper case; nil for anything else.
  package init?(_ text: some StringProtocol) {
    guard let bytes = Bech32.bytes(text, prefix: RecoverySecret.prefix, count: X25519.byteCount) else { return nil }
    self.init(bytes: bytes)
  }

  private init(bytes: [UInt8]) {
    number = X25519.secret(bytes)
    guard let key = RecoveryKey(point: [UInt8](number.publicKey.rawRepresentation)) else {
      preconditionFailure("a multiple of the base point has a great order and is reduced")
    }
    self.key = key
  }

  /// Reads a file of secrets as `age-keygen` writes it and `age -i` takes it: one a line, between empty lines and comments,
  /// which begin with `#`. Throws `malformedSecret` with the number of a line that is none, `noSecret` when there is none.
  package static func secrets(inIdentityFile text: String) throws(SealError) -> [RecoverySecret] {
    var secrets: [RecoverySecret] = []
    // CR LF is one Character, so the text is cut between scalars.
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let line = Substring(line.last == "\r" ? line.dropLast() : line)
      if line.isEmpty || line.utf8.first == UInt8(ascii: "#") { continue }
      guard let secret = RecoverySecret(line) else { throw SealError(.malformedSecret, at: index + 1) }
      secrets.append(secret)
    }
    guard !secrets.isEmpty else { throw SealError(.noSecret, at: lines.count) }
    return secrets
  }

  /// The file that the administrator keeps, secret and all, as `age-keygen` writes it. `created` is the time in one line.
  package func identityFileText(created: String) -> String {
    precondition(!created.unicodeScalars.contains { $0 == "\n" || $0 == "\r" }, "a comment has one line")
    let secret = Bech32.text([UInt8](number.rawRepresentation), prefix: RecoverySecret.prefix)
    return "# created: \(created)\n# public key: \(key)\n\(secret)\n"
  }
}

extension RecoverySecret: CustomStringConvertible, CustomReflectable {
  /// Whose secret it is, and nothing of it.
  package var description: String { "the secret of \(key)" }

  /// Nothing: what is dumped shows the key alone.
  package var customMirror: Mirror { Mirror(self, children: ["key": key]) }
}
