import EditModel
import LedgerIdentity
import NIOCore
import NIOSSL
import Synchronization

/// The client's side of TLS in a test: with a certificate, another, or none. It believes every server, and keeps what
/// that showed.
final class TLSSide: Sendable {
  let key: KeyPair
  private let certificate: [UInt8]?
  private let version: TLSVersion
  private let chain = Mutex<[[UInt8]]>([])

  init(
    key: KeyPair = KeyPair(), certificate: [UInt8]? = nil, version: TLSVersion = .tlsv13
  ) {
    self.key = key
    self.certificate = certificate
    self.version = version
  }

  /// With a certificate that `organisation` signs for `name` at `now`.
  convenience init(_ organisation: OrganisationKey, key: KeyPair, name: String, now: Stamp) throws {
    let der = try organisation.deviceCertificate(for: key.publicKey, name: name, now: now)
    self.init(key: key, certificate: der)
  }

  /// What the server showed.
  var shown: [[UInt8]] { chain.withLock { $0 } }

  func handler() throws -> NIOSSLClientHandler {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = version
    configuration.maximumTLSVersion = version
    configuration.certificateVerification = .noHostnameVerification
    configuration.trustRoots = .certificates([])
    if let certificate {
      configuration.certificateChain = [.certificate(try NIOSSLCertificate(bytes: certificate, format: .der))]
      configuration.privateKey = .privateKey(
        try NIOSSLPrivateKey(bytes: key.der, format: .der))
    }
    return try NIOSSLClientHandler(
      context: NIOSSLContext(configuration: configuration), serverHostname: nil,
      customVerificationCallback: { chain, promise in
        let shown = chain.compactMap { try? $0.toDERBytes() }
        self.chain.withLock { $0 = shown }
        promise.succeed(.certificateVerified)
      })
  }
}
