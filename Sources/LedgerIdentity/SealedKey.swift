import Crypto
import CryptoExtras
import FoundationEssentials
import SwiftASN1

/// The organisation key as a file that a passphrase opens, for the safe: `taizhangd identity export`.
///
/// Text: a first line that says the version, how the passphrase was stretched and with which salt, then one line of
/// base 64: nonce, cipher text and tag of ChaCha20-Poly1305 over the PEM of key and certificate. The first line is
/// authenticated with it.
package enum SealedKey {
  /// The version that is written.
  package static let version = 1
  /// The fewest characters that a passphrase may have.
  package static let passphraseCharacters = 12
  /// The most bytes that a file may have.
  package static let limitBytes = 65_536

  private static let heading = "taizhang-identity"
  private static let saltBytes = 16
  /// Stretching takes 64 MiB and a third of a second: once for the owner, again for each guess.
  private static let rounds = 1 << 16
  private static let blockSize = 8

  /// Why a file was not opened.
  package enum Flaw: Error, Hashable, Sendable {
    /// It is no sealed organisation key.
    case malformed
    /// A later version of this program wrote it.
    case newer
    /// The passphrase is another one, or the file is damaged: the two cannot be told apart.
    case otherPassphrase
  }

  /// The file of `organisation`, opened by `passphrase` only; `generator` must be the system's, but for tests.
  package static func seal(
    _ organisation: OrganisationKey, passphrase: String, using generator: inout some RandomNumberGenerator
  ) throws -> String {
    let salt = (0..<saltBytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    let first = "\(heading) \(version) scrypt n=\(rounds) r=\(blockSize) p=1 salt=\(Data(salt).base64EncodedString())"
    let key = try stretched(passphrase, salt: salt)
    let plain = organisation.keyPEM + (try organisation.certificate.serializeAsPEM().pemString)
    let box = try ChaChaPoly.seal(Data(plain.utf8), using: key, authenticating: Data(first.utf8))
    return "\(first)\n\(box.combined.base64EncodedString())\n"
  }

  /// Opens the file `text`.
  package static func open(_ text: String, passphrase: String) throws(Flaw) -> OrganisationKey {
    let lines = text.split(whereSeparator: \.isNewline).map(String.init)
    guard let first = lines.first else { throw .malformed }
    let words = first.split(separator: " ")
    guard words.count >= 2, words[0] == heading, let found = Int(words[1]) else { throw .malformed }
    guard found == version else { throw .newer }
    let prefix = "\(heading) \(version) scrypt n=\(rounds) r=\(blockSize) p=1 salt="
    guard lines.count == 2, first.hasPrefix(prefix),
      let salt = Data(base64Encoded: String(first.dropFirst(prefix.count))),
      let combined = Data(base64Encoded: lines[1])
    else { throw .malformed }
    let plain: Data
    do {
      let box = try ChaChaPoly.SealedBox(combined: combined)
      let key = try stretched(passphrase, salt: Array(salt))
      plain = try ChaChaPoly.open(box, using: key, authenticating: Data(first.utf8))
    } catch {
      throw .otherPassphrase
    }
    return try organisation(String(decoding: plain, as: UTF8.self))
  }

  private static func organisation(_ plain: String) throws(Flaw) -> OrganisationKey {
    let mark = "-----BEGIN CERTIFICATE-----"
    guard let start = plain.firstRange(of: mark)?.lowerBound else { throw .malformed }
    do throws(PeerCertificate.Flaw) {
      return try OrganisationKey(keyPEM: String(plain[..<start]), certificatePEM: String(plain[start...]))
    } catch {
      throw .malformed
    }
  }

  private static func stretched(_ passphrase: String, salt: [UInt8]) throws -> SymmetricKey {
    try KDF.Scrypt.deriveKey(
      from: Array(passphrase.utf8), salt: salt, outputByteCount: 32, rounds: rounds, blockSize: blockSize,
      parallelism: 1)
  }
}
