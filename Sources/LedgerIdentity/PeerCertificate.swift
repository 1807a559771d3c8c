package import Crypto
package import EditModel
import FoundationEssentials
import SwiftASN1
import X509

/// A certificate that the other side showed, understood and found to be signed by the organisation for its use.
///
/// Whether it has run out is asked apart, with the time of whoever asks: a client knows better than its own clock.
package struct PeerCertificate: Hashable, Sendable {
  /// Whom it names: a device's replica id, or the server.
  package let name: String
  /// The public key that it is for.
  package let key: PublicKey
  /// The first moment of its validity.
  package let begins: Stamp
  /// The last moment of its validity, in whole seconds.
  package let ends: Stamp
  /// The certificate as it came.
  package let der: [UInt8]

  /// Why a certificate is not believed.
  package enum Flaw: Error, Hashable, Sendable {
    /// The bytes are no certificate with a P-256 key and one name.
    case malformed
    /// Another authority signed it.
    case otherAuthority
    /// It is not for this use.
    case otherUse
  }

  /// Reads `der` and checks that `authority` signed it for `role`.
  package init(der: [UInt8], as role: CertificateRole, signedBy authority: PublicKey) throws(Flaw) {
    guard let certificate = try? Certificate(derEncoded: der), let key = PublicKey(certificate),
      let name = PeerCertificate.commonName(certificate)
    else { throw .malformed }
    guard
      Certificate.PublicKey(authority.key).isValidSignature(certificate.signature, for: certificate)
    else { throw .otherAuthority }
    guard PeerCertificate.mayBeUsed(certificate, as: role) else { throw .otherUse }
    self.name = name
    self.key = key
    self.begins = Stamp(certificate.notValidBefore)
    self.ends = Stamp(certificate.notValidAfter)
    self.der = der
  }

  /// Whether it has run out at `now`.
  package func hasEnded(at now: Stamp) -> Bool { ends < now }

  /// When a third of the time of the certificate `der` is over, so that its owner asks for the next one; nil when it is no
  /// certificate.
  package static func renewalTime(of der: [UInt8]) -> Stamp? {
    guard let certificate = try? Certificate(derEncoded: der) else { return nil }
    let (begins, ends) = (Stamp(certificate.notValidBefore), Stamp(certificate.notValidAfter))
    let lifetime = ends.milliseconds - min(begins.milliseconds, ends.milliseconds)
    return Stamp(milliseconds: begins.milliseconds + lifetime / 3)
  }

  private static func mayBeUsed(_ certificate: Certificate, as role: CertificateRole) -> Bool {
    // An extension that cannot be read says nothing in the certificate's favour.
    guard case .notCertificateAuthority? = try? certificate.extensions.basicConstraints,
      let usages = try? certificate.extensions.extendedKeyUsage
    else { return false }
    return usages.contains(role.usage)
  }

  private static func commonName(_ certificate: Certificate) -> String? {
    let names = certificate.subject.flatMap { Array($0) }
      .filter { $0.type == ASN1ObjectIdentifier.RDNAttributeType.commonName }
    guard names.count == 1 else { return nil }
    return String(names[0].value)
  }
}

/// A public key of the P-256 curve as certificates and proofs name it.
package struct PublicKey: Hashable, Sendable {
  /// The 65 bytes of its uncompressed form (ANSI X9.63).
  package let x963: [UInt8]

  /// The key that `certificate` is for; nil when it is of another kind.
  init?(_ certificate: Certificate) {
    guard let key = P256.Signing.PublicKey(certificate.publicKey) else { return nil }
    self.init(key)
  }

  /// The key of the certificate `der`; nil when that is none with a P-256 key.
  package init?(certificate der: [UInt8]) {
    guard let certificate = try? Certificate(derEncoded: der) else { return nil }
    self.init(certificate)
  }

  /// `key` in this form.
  package init(_ key: P256.Signing.PublicKey) {
    x963 = Array(key.x963Representation)
  }

  /// Reads the 65 bytes; nil when they are no point of the curve.
  package init?(x963: [UInt8]) {
    guard (try? P256.Signing.PublicKey(x963Representation: x963)) != nil else { return nil }
    self.x963 = x963
  }

  /// The key for signatures.
  package var key: P256.Signing.PublicKey {
    guard let key = try? P256.Signing.PublicKey(x963Representation: x963) else {
      preconditionFailure("every way to make a public key has read its point")
    }
    return key
  }

  /// What a client pins of it.
  package var fingerprint: Fingerprint { Fingerprint(of: key) }

  /// SHA-256 of the 65 bytes in hexadecimal: what a device's row keeps of its key.
  package var digest: String {
    SHA256.hash(data: x963).map { byte in
      let text = String(byte, radix: 16)
      return text.utf8.count == 1 ? "0" + text : text
    }.joined()
  }
}

extension Stamp {
  /// The moment of `date`; what lies before 1970 is 1970.
  init(_ date: Date) {
    self.init(milliseconds: UInt64(max(0, date.timeIntervalSince1970) * 1_000))
  }
}

extension Date {
  /// The moment of `stamp`.
  package init(_ stamp: Stamp) {
    self.init(timeIntervalSince1970: Double(stamp.milliseconds) / 1_000)
  }
}
