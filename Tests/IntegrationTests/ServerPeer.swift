import EditModel
import LedgerStore
import LineProtocol
import NIOCore
import NIOPosix
import NIOSSL
import Testing

/// The other end of a connection, as plain lines: what a stranger's client would be.
final class ServerPeer: Sendable {
  private let channel: any Channel
  private let inbox: LineInbox

  /// What stands behind the words for what is sent in blocks; nil: lines are sent as they are.
  let ending: [UInt8]?

  private init(channel: any Channel, inbox: LineInbox, ending: [UInt8]? = nil) {
    self.ending = ending
    self.channel = channel
    self.inbox = inbox
  }

  /// Connects to `port` on this machine, from its loopback address 127.0.0.`source`; `reads` false never takes a byte.
  static func connected(
    to port: Int, from source: Int = 1, reads: Bool = true, tls: TLSSide? = nil
  ) async throws -> ServerPeer {
    let inbox = LineInbox()
    let plain = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
    let bootstrap =
      source == 1 ? plain : plain.bind(to: try SocketAddress(ipAddress: "127.0.0.\(source)", port: 0))
    let channel =
      try await bootstrap
      .channelOption(.autoRead, value: reads)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls { try channel.pipeline.syncOperations.addHandler(try tls.handler()) }
          try channel.pipeline.syncOperations.addHandler(LineCollector(inbox))
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    return ServerPeer(channel: channel, inbox: inbox)
  }

  /// Connects, reads the greeting and authenticates as `device`.
  static func authenticated(
    _ device: DeviceGrant, to port: Int, from source: Int = 1, reads: Bool = true, tls: TLSSide? = nil
  ) async throws -> ServerPeer {
    let peer = try await connected(to: port, from: source, reads: reads, tls: tls)
    try await peer.send("a auth \(device.replica) \(device.secret.digits) unsent=0\n")
    if reads {
      _ = try await peer.lines(2)
    }
    return peer
  }

  /// Connects and authenticates as `device`, and speaks in blocks from then on.
  static func deflating(_ device: DeviceGrant, to port: Int) async throws -> ServerPeer {
    let plain = try await connected(to: port)
    let greeting = try #require(try await plain.line())
    guard case .greeting(let words) = ServerMessage(ByteBuffer(string: greeting)) else { throw LineInbox.NoLine() }
    try await plain.send("a auth \(device.replica) \(device.secret.digits) unsent=0\nd deflate\n")
    #expect(try await plain.lines(2).last == "d ok")
    // Nothing comes unasked before `open`, so that all that comes from here on is blocks.
    let channel = plain.channel
    try await channel.eventLoop.submit {
      try channel.pipeline.syncOperations.handler(type: LineCollector.self).expand()
    }.get()
    let ending = BlockDictionary.ending(of: device.replica, greeted: words.now)
    return ServerPeer(channel: channel, inbox: plain.inbox, ending: ending)
  }

  /// Sends `text`, in a block where blocks are spoken.
  func send(_ text: String) async throws {
    guard let ending else { return try await send(bytes: ByteBuffer(string: text)) }
    var blocks = ByteBuffer()
    BlockEncoder().write(ByteBuffer(string: text), ending: ending, to: &blocks)
    try await send(bytes: blocks)
  }

  /// Sends `bytes` as they are.
  func send(bytes: ByteBuffer) async throws {
    try await channel.writeAndFlush(bytes)
  }

  /// Sends nothing more, and goes on reading.
  func sendsNoMore() async throws {
    try await channel.close(mode: .output)
  }

  /// The next line without its end; nil when the server has closed.
  func line() async throws -> String? {
    try await inbox.next()
  }

  /// The next `count` lines; fewer when the server closes before.
  func lines(_ count: Int) async throws -> [String] {
    var lines: [String] = []
    while lines.count < count, let line = try await line() { lines.append(line) }
    return lines
  }

  /// All lines up to and with the first that begins with `prefix`.
  func lines(through prefix: String) async throws -> [String] {
    var lines: [String] = []
    while let line = try await line() {
      lines.append(line)
      if line.hasPrefix(prefix) { return lines }
    }
    Issue.record("the server closed before a line \(prefix)")
    return lines
  }

  /// Ends the TCP connection below TLS, as whoever sits between the two could.
  func cutsBelowTLS() async throws {
    let channel = channel
    try await channel.eventLoop.submit {
      try channel.pipeline.syncOperations.context(handlerType: NIOSSLClientHandler.self).close(
        mode: .output, promise: nil)
    }.get()
  }

  /// Waits until the server has closed.
  func closed() async throws {
    try await channel.closeFuture.get()
  }

  /// Ends the connection from this side.
  func close() async {
    try? await channel.close()  // closed already is as good
  }
}

/// Lines that arrived and were not asked for yet, or the one who waits for the next.
actor LineInbox {
  private var lines: [String] = []
  private var isClosed = false
  private var waiting: CheckedContinuation<Void, Never>?

  /// How long a test waits for a line before it gives up.
  private static let limit = TimeAmount.seconds(60)

  struct NoLine: Error {}

  func arrived(_ new: [String]) {
    lines += new
    wake()
  }

  func closed() {
    isClosed = true
    wake()
  }

  private func wake() {
    waiting?.resume()
    waiting = nil
  }

  func next() async throws -> String? {
    var hasTimedOut = false
    while lines.isEmpty, !isClosed {
      guard !hasTimedOut else { throw NoLine() }
      let alarm = MultiThreadedEventLoopGroup.singleton.next().scheduleTask(in: LineInbox.limit) {
        Task { await self.wakeForTimeout() }
      }
      timedOut = false
      await withCheckedContinuation { waiting = $0 }
      alarm.cancel()
      hasTimedOut = timedOut
    }
    return lines.isEmpty ? nil : lines.removeFirst()
  }

  private var timedOut = false

  private func wakeForTimeout() {
    timedOut = true
    wake()
  }
}

/// Cuts what arrives into lines.
private final class LineCollector: ChannelInboundHandler, @unchecked Sendable {
  // SAFETY: used on its channel's event loop only.
  typealias InboundIn = ByteBuffer
  private let arrivals: AsyncStream<[String]>.Continuation
  private var partial = ByteBuffer()
  private var blocks: LineSource?

  init(_ inbox: LineInbox) {
    let (stream, arrivals) = AsyncStream<[String]>.makeStream()
    self.arrivals = arrivals
    Task {
      for await lines in stream { await inbox.arrived(lines) }
      await inbox.closed()
    }
  }

  /// What comes from now on is blocks.
  func expand() {
    var source = LineSource()
    source.expand(with: BlockDecoder())
    blocks = source
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if blocks != nil { return expanded(unwrapInboundIn(data)) }
    partial.writeImmutableBuffer(unwrapInboundIn(data))
    var lines: [String] = []
    while let index = partial.readableBytesView.firstIndex(of: UInt8(ascii: "\n")),
      let line = partial.readString(length: index - partial.readerIndex)
    {
      partial.moveReaderIndex(forwardBy: 1)
      lines.append(line)
    }
    if !lines.isEmpty { arrivals.yield(lines) }
  }

  private func expanded(_ bytes: ByteBuffer) {
    blocks?.receive(bytes)
    var lines: [String] = []
    do {
      while let line = try blocks?.nextOfAll() { lines.append(String(buffer: line)) }
    } catch {
      lines.append("(no block: \(error.text))")
    }
    if !lines.isEmpty { arrivals.yield(lines) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    arrivals.finish()
  }
}
