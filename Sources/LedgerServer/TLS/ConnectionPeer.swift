import EditModel
import LedgerIdentity
import LineProtocol
import NIOSSL

/// What the other side of a connection has shown of itself.
enum ConnectionPeer: Sendable {
  /// It came over plain TCP, from this machine.
  case plain
  /// It came over TLS and showed no certificate, as one that is to be enrolled.
  case unnamed
  /// It has the private key of this device's certificate.
  case device(DevicePeer)
  /// It showed a certificate that the organisation did not sign for a device.
  case stranger
}

/// A device's certificate as far as a connection needs it.
struct DevicePeer: Sendable {
  /// The replica id that the certificate was made for; its device may have got another since.
  let name: String
  /// The device's public key.
  let key: PublicKey
  /// The last moment of the certificate.
  let ends: Stamp
}

/// Why a device may not come in over TLS, as the wire says it.
enum CertificateProblem: String, Sendable {
  /// It showed none.
  case missing
  /// The one that it showed has run out.
  case expired
  /// The one that it showed is not this device's.
  case other

  /// The error that is answered.
  var error: WireError { WireError(.certificate, [ExactString(rawValue)]) }
}

/// One TLS connection's two ends: what the server showed, and what the peer did. Owned by the connection's event loop.
final class TLSPeer {
  /// What the server showed; the proofs of an enrolment are over it.
  let shown: ShownCertificate
  /// What the peer has shown so far.
  private(set) var peer = ConnectionPeer.unnamed
  private let organisation: PublicKey

  init(shown: ShownCertificate, organisation: PublicKey) {
    self.shown = shown
    self.organisation = organisation
  }

  /// The peer showed `chain` and proved that it has the first certificate's key. Whatever it is, the handshake goes on:
  /// `auth` says in words what is wrong with it.
  func showed(_ chain: [NIOSSLCertificate]) {
    do {
      let der = try chain.first?.toDERBytes() ?? []
      let certificate = try PeerCertificate(der: der, as: .device, signedBy: organisation)
      peer = .device(DevicePeer(name: certificate.name, key: certificate.key, ends: certificate.ends))
    } catch {
      peer = .stranger
    }
  }
}
