package import Crypto
import EditModel

/// The three public keys that an enrolment is about. Whoever stands between a device and its server has another key than
/// one of them, and then no proof fits.
package struct EnrolmentParties: Sendable {
  /// The device's own key.
  package let device: P256.Signing.PublicKey
  /// The key of the certificate that the server showed.
  package let server: P256.Signing.PublicKey
  /// The key of the organisation that signed it.
  package let organisation: P256.Signing.PublicKey

  /// The keys of one enrolment.
  package init(
    device: P256.Signing.PublicKey, server: P256.Signing.PublicKey, organisation: P256.Signing.PublicKey
  ) {
    self.device = device
    self.server = server
    self.organisation = organisation
  }

  /// The keys as they are proved: 65 bytes each.
  var bytes: [UInt8] {
    Array(device.x963Representation) + Array(server.x963Representation) + Array(organisation.x963Representation)
  }
}

/// What each side says to show that it knows the code: HMAC-SHA256 under the code's key over who speaks, a zero byte,
/// the three keys, and, from the server, the certificate that it gives.
package struct EnrolmentProof: Sendable {
  /// The 32 bytes.
  package let bytes: [UInt8]

  /// What the device sends.
  package static func ofClient(_ key: EnrolmentKey, _ parties: EnrolmentParties) -> EnrolmentProof {
    EnrolmentProof(key, speaker: "client", parties, certificate: [])
  }

  /// What the server answers with `certificate`, in DER.
  package static func ofServer(
    _ key: EnrolmentKey, _ parties: EnrolmentParties, certificate: [UInt8]
  ) -> EnrolmentProof {
    EnrolmentProof(key, speaker: "server", parties, certificate: certificate)
  }

  private init(_ key: EnrolmentKey, speaker: String, _ parties: EnrolmentParties, certificate: [UInt8]) {
    let message = Array(speaker.utf8) + [0] + parties.bytes + certificate
    bytes = Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key.bytes)))
  }

  /// The proof as a word of a line.
  package var text: String { Base64URL.text(bytes) }

  /// Whether `other` are its bytes, in a time that does not tell how many agree.
  package func matches(_ other: [UInt8]) -> Bool {
    guard other.count == bytes.count else { return false }
    return zip(bytes, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
