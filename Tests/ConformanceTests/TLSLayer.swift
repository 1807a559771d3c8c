import LedgerIdentity
import LedgerTestKit
import NIOCore
import NIOEmbedded
import NIOSSL

/// The client's side of TLS, without a socket: bytes in, bytes out. It believes every server and keeps what that showed.
///
/// Owned by the thread that plays the transcript.
final class TLSLayer {
  private let channel = EmbeddedChannel()
  private let chain = ChainKept()
  /// Whether the handshake was done.
  private(set) var isUp = false
  /// Whether the peer has said that it sends nothing more.
  private(set) var saidItsEnd = false

  /// What the peer showed, DER each. The channel's one thread writes it.
  private final class ChainKept {
    var certificates: [[UInt8]] = []
  }

  /// What came of bytes from the peer.
  struct Received {
    /// What they said.
    var text: [UInt8] = []
    /// What the peer is to be sent for them.
    var answer: [UInt8] = []
    /// Whether nothing more comes.
    var isAtEnd = false
  }

  /// A side that shows `certificate`, whose key is `key`, or nothing; it speaks one version, TLS 1.2 when `isOld`.
  init(certificate: [UInt8]?, key: KeyPair, isOld: Bool) throws {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = isOld ? .tlsv12 : .tlsv13
    configuration.maximumTLSVersion = isOld ? .tlsv12 : .tlsv13
    configuration.certificateVerification = .noHostnameVerification
    configuration.trustRoots = .certificates([])
    if let certificate {
      configuration.certificateChain = [.certificate(try NIOSSLCertificate(bytes: certificate, format: .der))]
      configuration.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: key.der, format: .der))
    }
    let kept = NIOLoopBound(chain, eventLoop: channel.eventLoop)
    let handler = try NIOSSLClientHandler(
      context: NIOSSLContext(configuration: configuration), serverHostname: nil,
      customVerificationCallback: { shown, promise in
        kept.value.certificates = shown.compactMap { try? $0.toDERBytes() }  // one that is unreadable fails as missing
        promise.succeed(.certificateVerified)
      })
    try channel.pipeline.syncOperations.addHandler(handler)
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
  }

  deinit {
    // An embedded channel has to be closed; the close waits for its peer's, or for the time that is let pass here.
    channel.close(promise: nil)
    channel.embeddedEventLoop.advanceTime(by: .seconds(60))
  }

  /// What the peer showed, DER each, its own certificate first.
  var shown: [[UInt8]] { chain.certificates }

  /// What is to be sent before anything is received.
  func begin() throws -> [UInt8] { try outgoing() }

  /// The bytes that say `text`; before the handshake is done they come with what is answered to the peer.
  func sealed(_ text: [UInt8]) throws -> [UInt8] {
    try channel.writeOutbound(ByteBuffer(bytes: text))
    return try outgoing()
  }

  /// Takes bytes of the peer.
  func take(_ bytes: ArraySlice<UInt8>) throws -> Received {
    var received = Received()
    do {
      try channel.writeInbound(ByteBuffer(bytes: bytes))
    } catch is NIOSSLError {
      // A handshake that fails, or bytes that are no TLS: the connection is of no more use.
      received.isAtEnd = true
    }
    channel.embeddedEventLoop.run()
    while let buffer = try channel.readInbound(as: ByteBuffer.self) { received.text += Array(buffer.readableBytesView) }
    received.answer = try outgoing()
    if !received.text.isEmpty { isUp = true }
    if !channel.isActive, !received.isAtEnd {
      saidItsEnd = true
      received.isAtEnd = true
    }
    return received
  }

  private func outgoing() throws -> [UInt8] {
    var bytes: [UInt8] = []
    while let buffer = try channel.readOutbound(as: ByteBuffer.self) { bytes += Array(buffer.readableBytesView) }
    return bytes
  }
}
