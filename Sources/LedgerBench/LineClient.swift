import LineProtocol
import NIOCore
import NIOPosix

/// A connection that hands over what it reads, line by line, to a receiver on its event loop.
///
/// Owned by the event loop of its channel.
final class LineHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// What a phase of a measurement does with the lines: it may write to the channel.
  private let receiver: any LineReceiver
  private var source = LineSource()
  private var entrance: BlockEntrance?
  private let count: WireCount?

  init(receiver: any LineReceiver, device: DeviceFile? = nil, count: WireCount? = nil) {
    self.receiver = receiver
    self.entrance = BlockEntrance(device)
    self.count = count
  }

  func channelActive(context: ChannelHandlerContext) {
    receiver.connected(context.channel)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    count?.add(bytes.readableBytes)
    source.receive(bytes)
    do {
      while let line = try source.nextOfAll() { take(line, context) }
    } catch {
      receiver.failed(BenchError("the server sent what is no line: \(error.text)"))
      context.close(promise: nil)
    }
  }

  private func take(_ line: ByteBuffer, _ context: ChannelHandlerContext) {
    guard entrance != nil else { return receiver.received(line, on: context.channel) }
    if !source.isExpanding, let entrance, entrance.switches(behind: line) {
      return source.expand(with: entrance.decoder)
    }
    if let bytes = entrance?.greeted(line) {
      count?.add(bytes.readableBytes)
      context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    }
    receiver.received(line, on: context.channel)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let written = unwrapOutboundIn(data)
    let bytes = entrance == nil ? written : entrance?.bytes(for: written)
    // What waits for the greeting is written then.
    guard let bytes else {
      promise?.succeed()
      return
    }
    count?.add(bytes.readableBytes)
    context.write(wrapOutboundOut(bytes), promise: promise)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    receiver.readEnded(context.channel)
  }

  func channelInactive(context: ChannelHandlerContext) {
    receiver.failed(BenchError("the connection was closed"))
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    receiver.failed(BenchError("the connection failed: \(error)"))
    context.close(promise: nil)
  }
}

/// What a measurement does with what a connection brings. Owned by the connection's event loop. A class, because a
/// write may fail at once and come back as `failed` while a line is still being handled.
protocol LineReceiver: AnyObject {
  /// The connection stands.
  func connected(_ channel: any Channel)
  /// A whole line came.
  func received(_ line: ByteBuffer, on channel: any Channel)
  /// All lines of one read were handed over.
  func readEnded(_ channel: any Channel)
  /// The connection is of no more use.
  func failed(_ error: BenchError)
}

extension LineReceiver {
  func readEnded(_ channel: any Channel) {}
}

/// Opens connections to a peer.
struct Connector: Sendable {
  let group: MultiThreadedEventLoopGroup
  let host: String
  let port: Int
  let tls: BenchTLS?
  private var device: DeviceFile?
  /// Counts what connections carry.
  var count: WireCount?

  init(group: MultiThreadedEventLoopGroup, host: String, port: Int, tls: BenchTLS?) {
    self.group = group
    self.host = host
    self.port = port
    self.tls = tls
  }

  init(group: MultiThreadedEventLoopGroup, peer: Peer) {
    self.group = group
    self.tls = peer.tls
    self.device = peer.device
    self.host = peer.host
    self.port = peer.port
  }

  /// Opens one connection whose receiver `make` creates on the connection's event loop.
  func open(_ make: @escaping @Sendable () -> any LineReceiver) async throws -> any Channel {
    let (tls, device, count) = (tls, device, count)
    return try await ClientBootstrap(group: group)
      .channelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
      .connectTimeout(.seconds(30))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls { try channel.pipeline.syncOperations.addHandler(try tls.handler()) }
          try channel.pipeline.syncOperations.addHandler(LineHandler(receiver: make(), device: device, count: count))
        }
      }
      .connect(host: host, port: port).get()
  }
}

/// The first bytes of a line, for telling what it is without reading it whole.
extension ByteBuffer {
  var firstByte: UInt8 { getInteger(at: readerIndex, as: UInt8.self) ?? 0 }

  /// Whether the line says that a request was done: `TAG ok …` here, `+OK` or `:N` there.
  func isDone(for peer: Peer) -> Bool {
    switch peer {
    case .redis: return firstByte == UInt8(ascii: "+") || firstByte == UInt8(ascii: ":")
    case .taizhang:
      return withUnsafeReadableBytes { bytes in
        guard let space = bytes.firstIndex(of: UInt8(ascii: " ")), space + 2 < bytes.count else {
          return false
        }
        return bytes[space + 1] == UInt8(ascii: "o") && bytes[space + 2] == UInt8(ascii: "k")
      }
    }
  }
}
