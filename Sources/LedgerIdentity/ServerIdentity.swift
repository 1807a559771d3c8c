import Crypto
package import EditModel
import FoundationEssentials
import SwiftASN1
import X509

/// What a server needs to be the organisation's: the authority, and a certificate for its own key.
package struct ServerIdentity: Sendable {
  /// The authority.
  package let organisation: OrganisationKey
  /// The server's own key.
  package let key: KeyPair
  /// The server's certificate, as clients check it.
  package let certificate: PeerCertificate

  /// What the certificate calls the server.
  package static let serverName = "taizhangd"
  /// What the authority's certificate calls the organisation.
  package static let organisationName = "taizhang"

  /// The parts that were made before; throws when the certificate is not the authority's for this key.
  package init(
    organisation: OrganisationKey, key: KeyPair, certificate der: [UInt8]
  ) throws(PeerCertificate.Flaw) {
    let certificate = try PeerCertificate(der: der, as: .server, signedBy: organisation.publicKey)
    guard certificate.key == key.publicKey else { throw .malformed }
    self.organisation = organisation
    self.key = key
    self.certificate = certificate
  }

  /// A new server of `organisation`, whose certificate is valid from `now` on; `key` is kept when it is given.
  package static func make(
    of organisation: OrganisationKey, key: KeyPair = KeyPair(), now: Stamp
  ) throws -> ServerIdentity {
    let certificate = try organisation.sign(key.publicKey.key, as: .server, name: serverName, now: Date(now))
    return try ServerIdentity(organisation: organisation, key: key, certificate: certificate.derBytes())
  }

  /// What clients pin.
  package var fingerprint: Fingerprint { organisation.publicKey.fingerprint }
}

extension OrganisationKey {
  /// The public key.
  package var publicKey: PublicKey { PublicKey(privateKey.publicKey) }

  /// The private key as a text file.
  package var keyPEM: String { privateKey.pemRepresentation + "\n" }

  /// Its private key and its certificate from PEM text; throws when one is none, or they do not belong together.
  package init(keyPEM: String, certificatePEM: String) throws(PeerCertificate.Flaw) {
    guard let key = try? P256.Signing.PrivateKey(pemRepresentation: keyPEM),
      let certificate = try? Certificate(pemEncoded: certificatePEM),
      PublicKey(certificate) == PublicKey(key.publicKey)
    else { throw .malformed }
    self.init(privateKey: key, certificate: certificate)
  }

  /// A device's certificate: `key` belongs to the replica `name` from `now` on. DER.
  package func deviceCertificate(for key: PublicKey, name: String, now: Stamp) throws -> [UInt8] {
    try sign(key.key, as: .device, name: name, now: Date(now)).derBytes()
  }

  /// The certificate as DER.
  package func certificateDER() throws -> [UInt8] { try certificate.derBytes() }
}

/// Certificates as text files.
package enum PEMText {
  /// The DER of the one certificate in `text`; nil when there is none.
  package static func certificate(_ text: String) -> [UInt8]? {
    try? Certificate(pemEncoded: text).derBytes()
  }

  /// The certificate `der` as text; nil when it is none.
  package static func text(certificate der: [UInt8]) -> String? {
    try? Certificate(derEncoded: der).serializeAsPEM().pemString + "\n"
  }
}

extension Certificate {
  /// The certificate as DER.
  func derBytes() throws -> [UInt8] { try serializeAsPEM().derBytes }
}
