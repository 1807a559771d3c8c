import LedgerIdentity
import NIOCore
import NIOSSL
import Synchronization

/// One device's side of TLS: its key, its certificate once it has one. Believes the server that it talks to: what is
/// measured is on this machine.
final class BenchTLS: Sendable {
  let key: KeyPair
  private let context: NIOSSLContext
  private let shown = Mutex<[[UInt8]]>([])

  init(key: KeyPair = KeyPair(), certificate: [UInt8]? = nil) throws {
    self.key = key
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv13
    configuration.certificateVerification = .noHostnameVerification
    configuration.trustRoots = .certificates([])
    configuration.curves = [.x25519]
    if let certificate {
      configuration.certificateChain = [.certificate(try NIOSSLCertificate(bytes: certificate, format: .der))]
      configuration.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: key.der, format: .der))
    }
    context = try NIOSSLContext(configuration: configuration)
  }

  /// The certificates that the server showed last, DER.
  var chain: [[UInt8]] { shown.withLock { $0 } }

  func handler() throws -> NIOSSLClientHandler {
    try NIOSSLClientHandler(
      context: context, serverHostname: nil,
      customVerificationCallback: { chain, answer in
        // What cannot be read makes the enrolment fail, which says so.
        let read = chain.compactMap { try? $0.toDERBytes() }
        self.shown.withLock { $0 = read }
        answer.succeed(.certificateVerified)
      })
  }
}
