// LedgerIdentity: who a server and its devices are: the organisation key, the certificates that it signs, the proofs of
// an enrolment. Values and functions without sockets, files, clocks or logs. It may import EditModel, Crypto,
// CryptoExtras, X509, SwiftASN1 and what dates need.

package import Crypto
package import FoundationEssentials
import SwiftASN1
package import X509

/// An organisation's certificate authority: its key and its own certificate.
///
/// It signs the certificates of the server, of a follower and of every device. Clients pin its public key, so that a
/// server that was moved or restored is still the right one. Whoever has the key is the organisation.
package struct OrganisationKey: Sendable {
  /// The private key, P-256.
  package let privateKey: P256.Signing.PrivateKey
  /// The certificate that it made for itself.
  package let certificate: Certificate

  /// How long the authority's own certificate is valid, in seconds: thirty years.
  package static let validitySeconds: Double = 30 * 365 * 86_400

  /// A new key whose certificate is valid from `now` on; `name` is what the certificate calls the organisation.
  package static func make(name: String, now: Date) throws -> OrganisationKey {
    let key = P256.Signing.PrivateKey()
    let subject = try DistinguishedName { CommonName(name) }
    let signing = Certificate.PrivateKey(key)
    let certificate = try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: signing.publicKey,
      notValidBefore: now.addingTimeInterval(-CertificateRole.slackSeconds),
      notValidAfter: now.addingTimeInterval(validitySeconds), issuer: subject, subject: subject,
      signatureAlgorithm: .ecdsaWithSHA256,
      extensions: try Certificate.Extensions {
        Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
        Critical(KeyUsage(keyCertSign: true))
      }, issuerPrivateKey: signing)
    return OrganisationKey(privateKey: key, certificate: certificate)
  }

  /// The key and certificate that were made before.
  package init(privateKey: P256.Signing.PrivateKey, certificate: Certificate) {
    self.privateKey = privateKey
    self.certificate = certificate
  }

  /// Signs a certificate for `publicKey` that may be used as `role` says; `name` is its subject.
  package func sign(
    _ publicKey: P256.Signing.PublicKey, as role: CertificateRole, name: String, now: Date
  ) throws -> Certificate {
    try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: Certificate.PublicKey(publicKey),
      notValidBefore: now.addingTimeInterval(-CertificateRole.slackSeconds),
      notValidAfter: now.addingTimeInterval(role.validitySeconds), issuer: certificate.subject,
      subject: try DistinguishedName { CommonName(name) }, signatureAlgorithm: .ecdsaWithSHA256,
      extensions: try Certificate.Extensions {
        Critical(BasicConstraints.notCertificateAuthority)
        Critical(KeyUsage(digitalSignature: true))
        try ExtendedKeyUsage([role.usage])
      }, issuerPrivateKey: Certificate.PrivateKey(privateKey))
  }
}

/// What a certificate of the organisation is for.
package enum CertificateRole: Hashable, Sendable {
  /// A server's, or a follower's.
  case server
  /// A device's.
  case device

  /// How long such a certificate is valid, in seconds. A device may be off line for a year and more.
  package var validitySeconds: Double {
    switch self {
    case .server: 400 * 86_400
    case .device: 3 * 365 * 86_400
    }
  }

  /// How far before its making a certificate is valid, in seconds: clocks differ.
  package static let slackSeconds: Double = 86_400

  var usage: ExtendedKeyUsage.Usage {
    switch self {
    case .server: .serverAuth
    case .device: .clientAuth
    }
  }
}
