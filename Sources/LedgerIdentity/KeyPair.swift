package import Crypto

/// A private key of the P-256 curve: a server's or a device's own. It never leaves its machine.
package struct KeyPair: Sendable {
  /// The key for signatures.
  package let privateKey: P256.Signing.PrivateKey

  /// A new key, from the system's random numbers.
  package init() {
    privateKey = P256.Signing.PrivateKey()
  }

  /// The key in the PEM `text`; nil when there is none of this curve.
  package init?(pem text: String) {
    guard let key = try? P256.Signing.PrivateKey(pemRepresentation: text) else { return nil }
    privateKey = key
  }

  /// The key as a text file.
  package var pem: String { privateKey.pemRepresentation + "\n" }

  /// The key as DER.
  package var der: [UInt8] { Array(privateKey.derRepresentation) }

  /// What others know it by.
  package var publicKey: PublicKey { PublicKey(privateKey.publicKey) }
}
