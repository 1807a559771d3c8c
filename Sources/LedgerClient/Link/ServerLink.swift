import EditModel
import LedgerIdentity
import LedgerStore
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import SyncRules

/// How a server is reached and by what it is recognised: the one place where a client opens a connection.
struct ServerLink: Sendable {
  /// Where the server is: tried in turn. Where it is said to have moved, and was not found yet, stands last: whatever is
  /// said, a server that is where it was is found there.
  let addresses: [HostPort]
  /// What is spoken there.
  let security: Security

  /// What is spoken at an address.
  enum Security: Sendable {
    /// Plain TCP, to this machine only.
    case plain
    /// TLS with a server that is recognised by `pin`; the device shows its own certificate when it has one.
    case tls(pin: ServerPin, certificate: [UInt8]?, key: KeyPair?, lastContact: Stamp?)
  }

  /// A connection, and what the server showed on it.
  struct Opened: Sendable {
    let channel: any Channel
    let address: HostPort
    let chain: ServerChain?
  }

  /// Why there is no connection.
  enum Failure: Error, Hashable, Sendable {
    /// Nobody answers at any of the addresses; the system's words.
    case unreachable(String)
    /// The other side is not to be talked to.
    case distrusted(SyncDistrust)
    /// Whoever listens there does not speak TLS, or not ours.
    case notTaizhang
    /// The connection was closed before anything was said.
    case closed
    /// Nothing came for too long.
    case timedOut
  }

  /// How long one address may take to connect, in seconds, and then TLS.
  private static let connectSeconds: Int64 = 8
  private static let handshakeSeconds: Int64 = 15

  init(addresses: [HostPort], security: Security) {
    var known: Set<HostPort> = []
    self.addresses = addresses.filter { known.insert($0).inserted }
    self.security = security
  }

  /// The link of the replica in `home`, whose file says `header`; to `place` and nowhere else when that is said. A device
  /// that stays on its machine is not led away from it by what a server says.
  init(
    _ header: ReplicaHeader, home: String, at place: HostPort? = nil, staysOnMachine: Bool = false
  ) throws(Failure) {
    guard let address = place ?? HostPort(header.server) else { throw .unreachable(header.server) }
    guard let trust = header.trust else {
      guard address.isThisMachine else { throw .distrusted(.plain(address.description)) }
      self.init(addresses: [address], security: .plain)
      return
    }
    guard let authority = PublicKey(x963: trust.authority), let key = DeviceKey.load(home) else {
      throw .distrusted(.noKey)
    }
    let others = place != nil ? [] : [trust.second, header.movingTo].compactMap { $0.flatMap { HostPort($0) } }
    let addresses = ([address] + others).filter { !staysOnMachine || $0.isThisMachine }
    guard !addresses.isEmpty else { throw .distrusted(.confined(address.description)) }
    self.init(
      addresses: addresses,
      security: .tls(
        pin: .key(authority), certificate: trust.certificate, key: key, lastContact: header.contact))
  }

  /// Opens a connection whose last handler is `handler`; over TLS it is kept when the server is the right one.
  func open(
    on loop: any EventLoop, _ handler: @escaping @Sendable () -> any ChannelHandler
  ) -> EventLoopFuture<Opened> {
    let context: NIOSSLContext?
    do {
      context = try tlsContext()
    } catch {
      return loop.makeFailedFuture(Failure.distrusted(.noKey))
    }
    return open(addresses[...], context, on: loop, first: nil, handler)
  }

  /// `first` is why the address that stands first was not good: told when none is. What is found at the others alarms
  /// nobody; at the first the server was found before.
  private func open(
    _ rest: ArraySlice<HostPort>, _ context: NIOSSLContext?, on loop: any EventLoop, first: (any Error)?,
    _ handler: @escaping @Sendable () -> any ChannelHandler
  ) -> EventLoopFuture<Opened> {
    guard let address = rest.first else { return loop.makeFailedFuture(Failure.unreachable("")) }
    return connect(to: address, context, on: loop, handler).flatMapError { error in
      guard rest.count > 1 else { return loop.makeFailedFuture(first ?? error) }
      return open(rest.dropFirst(), context, on: loop, first: first ?? error, handler)
    }
  }

  private func connect(
    to address: HostPort, _ context: NIOSSLContext?, on loop: any EventLoop,
    _ handler: @escaping @Sendable () -> any ChannelHandler
  ) -> EventLoopFuture<Opened> {
    let promise = loop.makePromise(of: Opened.self)
    let security = security
    ClientBootstrap(group: loop)
      .connectTimeout(.seconds(ServerLink.connectSeconds))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let context, case .tls(let pin, _, _, let lastContact) = security {
            let handshake = HandshakeHandler(address, pin: pin, lastContact: lastContact, promise, next: handler)
            let tls = try NIOSSLClientHandler(
              context: context, serverHostname: nil,
              customVerificationCallback: { handshake.check($0, $1) })
            try channel.pipeline.syncOperations.addHandlers([tls, handshake])
          } else {
            try channel.pipeline.syncOperations.addHandler(handler())
          }
        }
      }
      .connect(host: address.host, port: address.port)
      .whenComplete { result in
        switch result {
        case .failure(let error): promise.fail(Failure.unreachable(ServerLink.reason(error)))
        case .success(let channel):
          guard context != nil else { return promise.succeed(Opened(channel: channel, address: address, chain: nil)) }
          let alarm = loop.scheduleTask(in: .seconds(ServerLink.handshakeSeconds)) {
            promise.fail(Failure.timedOut)
            channel.close(promise: nil)
          }
          promise.futureResult.whenComplete { _ in alarm.cancel() }
        }
      }
    return promise.futureResult
  }

  private func tlsContext() throws -> NIOSSLContext? {
    guard case .tls(_, let certificate, let key, _) = security else { return nil }
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    // Nothing is verified by these: the handshake's own handler does it.
    configuration.certificateVerification = .noHostnameVerification
    configuration.trustRoots = .certificates([])
    configuration.curves = [.x25519, .secp256r1]
    configuration.shutdownTimeout = .seconds(1)
    if let certificate, let key {
      configuration.certificateChain = [.certificate(try NIOSSLCertificate(bytes: certificate, format: .der))]
      configuration.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: key.der, format: .der))
    }
    return try NIOSSLContext(configuration: configuration)
  }

  /// The system's words for why a connection could not be opened.
  private static func reason(_ error: any Error) -> String {
    guard let failure = error as? NIOConnectionError else { return "\(error)" }
    if let first = failure.connectionErrors.first { return "\(first.error)" }
    return failure.dnsAError == nil && failure.dnsAAAAError == nil ? "\(failure)" : "unknownHost \(failure.host)"
  }
}

/// Waits for the end of the handshake, in which it looks at what the server shows; only then does the handler come that
/// speaks, so that nothing is said of an address that is not the server's. Owned by the channel's event loop.
private final class HandshakeHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let address: HostPort
  private let pin: ServerPin
  private let lastContact: Stamp?
  private let promise: EventLoopPromise<ServerLink.Opened>
  private let next: @Sendable () -> any ChannelHandler
  private var chain: ServerChain?
  private var distrust: SyncDistrust?
  private var isOver = false

  init(
    _ address: HostPort, pin: ServerPin, lastContact: Stamp?, _ promise: EventLoopPromise<ServerLink.Opened>,
    next: @escaping @Sendable () -> any ChannelHandler
  ) {
    self.next = next
    self.address = address
    self.pin = pin
    self.lastContact = lastContact
    self.promise = promise
  }

  /// Whether the server is the right one, by what it showed.
  func check(_ shown: [NIOSSLCertificate], _ answer: EventLoopPromise<NIOSSLVerificationResult>) {
    // What cannot be read is as good as not shown.
    let chain = shown.compactMap { try? $0.toDERBytes() }
    do throws(Distrust) {
      self.chain = try ServerChain(chain, pin: pin, lastContact: lastContact)
      answer.succeed(.certificateVerified)
    } catch {
      switch error {
      case .otherAuthority(let pinned, let found): distrust = .otherKey(known: pinned.digits, found: found.digits)
      case .expired: distrust = .expired
      case .malformed: distrust = nil
      }
      answer.succeed(.failed)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .handshakeCompleted? = event as? TLSUserEvent, !isOver {
      isOver = true
      do {
        try context.pipeline.syncOperations.addHandler(next())
      } catch {
        return promise.fail(error)
      }
      promise.succeed(ServerLink.Opened(channel: context.channel, address: address, chain: chain))
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard !isOver else { return context.fireErrorCaught(error) }
    fail(distrust.map { .distrusted($0) } ?? (HandshakeHandler.isEnd(error) ? .closed : .notTaizhang))
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    if !isOver { fail(.closed) }
    context.fireChannelInactive()
  }

  private func fail(_ failure: ServerLink.Failure) {
    isOver = true
    promise.fail(failure)
  }

  /// Whether the other side went away in the middle of the handshake, rather than say something that is none.
  private static func isEnd(_ error: any Error) -> Bool {
    switch error {
    case NIOSSLError.handshakeFailed(.sslError(let errors)): "\(errors)".lowercased().contains("eof")
    case NIOSSLError.uncleanShutdown: true
    case is IOError: true
    default: false
    }
  }
}
