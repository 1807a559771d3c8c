import EditModel
import LedgerAdmin
import LedgerIdentity
import NIOCore
import NIOSSL

/// What a server shows to those who connect over TLS: its certificate and the authority that signed it, which clients
/// pin. The organisation's own, or one that the configuration names.
struct ShownCertificate: Sendable {
  /// The server's certificate.
  let certificate: PeerCertificate
  /// The authority's public key.
  let authority: PublicKey
  /// The authority's certificate, DER.
  let authorityDER: [UInt8]
  private let key: NIOSSLPrivateKey

  /// The organisation's own.
  init(_ identity: ServerIdentity) throws {
    certificate = identity.certificate
    authority = identity.organisation.publicKey
    authorityDER = try identity.organisation.certificateDER()
    key = try NIOSSLPrivateKey(bytes: identity.key.der, format: .der)
  }

  /// The one of the files that the configuration names.
  init(_ files: OutsideCertificate) throws(ServerError) {
    guard let der = PEMText.certificate(try files.text(files.certificate)) else {
      throw .certificate(file: files.certificate, .noCertificate)
    }
    guard let authorityDER = PEMText.certificate(try files.text(files.authority)),
      let authority = PublicKey(certificate: authorityDER)
    else { throw .certificate(file: files.authority, .noCertificate) }
    guard let key = KeyPair(pem: try files.text(files.privateKey)) else {
      throw .certificate(file: files.privateKey, .noKey)
    }
    do throws(PeerCertificate.Flaw) {
      certificate = try PeerCertificate(der: der, as: .server, signedBy: authority)
    } catch {
      throw .certificate(file: files.certificate, error == .malformed ? .noCertificate : .notOfAuthority)
    }
    guard certificate.key == key.publicKey else {
      throw .certificate(file: files.privateKey, .otherKey)
    }
    self.authority = authority
    self.authorityDER = authorityDER
    do {
      self.key = try NIOSSLPrivateKey(bytes: key.der, format: .der)
    } catch {
      throw .certificate(file: files.privateKey, .noKey)
    }
  }

  /// What connections are made with from now on.
  func context(minimum: TLSMinimum) throws -> NIOSSLContext {
    let authority = try NIOSSLCertificate(bytes: authorityDER, format: .der)
    let own = try NIOSSLCertificate(bytes: certificate.der, format: .der)
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: [.certificate(own), .certificate(authority)], privateKey: .privateKey(key))
    configuration.minimumTLSVersion = minimum.version
    configuration.certificateVerification = .optionalVerification
    // Nothing is verified by it: every connection has its own verification.
    configuration.trustRoots = .certificates([authority])
    configuration.curves = [.x25519, .secp256r1]
    configuration.shutdownTimeout = .seconds(2)
    return try NIOSSLContext(configuration: configuration)
  }
}

/// The files of a certificate that another authority than the organisation made for the server.
struct OutsideCertificate: Hashable, Sendable {
  let certificate: String
  let privateKey: String
  let authority: String

  /// The text of one of the files.
  func text(_ path: String) throws(ServerError) -> String {
    guard let text = PlainFile.text(of: path) else { throw PlainFile.problem(path) }
    return text
  }

  /// Changes when one of the files does.
  var mark: [FileMark] { [certificate, privateKey, authority].map(PlainFile.mark) }
}

extension TLSMinimum {
  /// The version as the TLS library calls it.
  var version: TLSVersion {
    switch self {
    case .v12: .tlsv12
    case .v13: .tlsv13
    }
  }
}
