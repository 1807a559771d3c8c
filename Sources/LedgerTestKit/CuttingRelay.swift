import NIOCore
import NIOPosix
import Synchronization

/// A link that breaks: connections to it go on to a server, and each is cut once so many bytes have come from there.
///
/// Owned by a test; `stop` ends it.
package final class CuttingRelay: Sendable {
  private let listener: any Channel
  private let limit: Shared

  /// What its connections share: how many bytes each may still carry to the client, nil for any number.
  private final class Shared: Sendable {
    let bytes = Mutex<Int?>(nil)
    let cuts = Atomic<Int>(0)
  }

  private init(listener: any Channel, limit: Shared) {
    self.listener = listener
    self.limit = limit
  }

  /// A relay on a free loopback port to the server at `host` and `port`.
  package static func started(to host: String, port: Int) async throws -> CuttingRelay {
    let shared = Shared()
    let group = MultiThreadedEventLoopGroup.singleton
    let listener = try await ServerBootstrap(group: group)
      .childChannelOption(.autoRead, value: false)
      .childChannelInitializer { client in
        ClientBootstrap(group: client.eventLoop).channelOption(.autoRead, value: false)
          .connect(host: host, port: port)
          .flatMapThrowing { server in
            try server.pipeline.syncOperations.addHandler(Pipe(to: client, shared))
            try client.pipeline.syncOperations.addHandler(Pipe(to: server, nil))
          }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    return CuttingRelay(listener: listener, limit: shared)
  }

  /// The port that clients connect to.
  package var port: Int { listener.localAddress?.port ?? 0 }

  /// From now on each connection is cut behind `bytes` bytes of the server; nil lets it be.
  package func cut(after bytes: Int?) {
    limit.bytes.withLock { $0 = bytes }
  }

  /// How many connections were cut.
  package var cuts: Int { limit.cuts.load(ordering: .relaxed) }

  /// Takes no further connection.
  package func stop() async throws {
    try await listener.close()
  }

  /// Hands on what comes, a read at a time, and ends both sides when the limit is reached or one of them ends.
  private final class Pipe: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let other: any Channel
    private let shared: Shared?
    private var carried = 0

    init(to other: any Channel, _ shared: Shared?) {
      self.other = other
      self.shared = shared
    }

    func handlerAdded(context: ChannelHandlerContext) {
      if context.channel.isActive { context.read() }
    }

    func channelActive(context: ChannelHandlerContext) {
      context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      var bytes = unwrapInboundIn(data)
      let limit = shared?.bytes.withLock { $0 }
      let isCut = limit.map { carried + bytes.readableBytes >= $0 } ?? false
      if let limit, isCut { bytes = bytes.getSlice(at: bytes.readerIndex, length: max(0, limit - carried)) ?? bytes }
      carried += bytes.readableBytes
      let (own, loopBound) = (context.channel, NIOLoopBound(context, eventLoop: context.eventLoop))
      other.writeAndFlush(bytes).whenComplete { [other, shared] _ in
        if isCut {
          shared?.cuts.add(1, ordering: .relaxed)
          other.close(promise: nil)
          own.close(promise: nil)
        } else {
          loopBound.value.read()
        }
      }
    }

    func channelInactive(context: ChannelHandlerContext) {
      other.close(promise: nil)
      context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      context.close(promise: nil)
    }
  }
}
