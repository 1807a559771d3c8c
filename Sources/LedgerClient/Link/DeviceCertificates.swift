import EditModel
import LedgerIdentity
import ReplicaKeeping

/// Reads the certificates of the device whose folder is `home`.
struct DeviceCertificates: CertificateReader {
  /// The device's folder, with its key.
  let home: String

  func renewalTime(of certificate: [UInt8]) -> Stamp { PeerCertificate.renewalTime(of: certificate) ?? .zero }

  func isForOwnKey(_ certificate: [UInt8]) -> Bool {
    guard let key = DeviceKey.load(home) else { return false }
    return PublicKey(certificate: certificate) == key.publicKey
  }
}
