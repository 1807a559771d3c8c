package import EditModel

/// What is to be known of a device's certificates, from whoever can read them.
package protocol CertificateReader {
  /// From which server time on the device asks for the next one; at once when `certificate`, in DER, cannot be read.
  func renewalTime(of certificate: [UInt8]) -> Stamp
  /// Whether `certificate`, in DER, is one for the device's own key.
  func isForOwnKey(_ certificate: [UInt8]) -> Bool
}
