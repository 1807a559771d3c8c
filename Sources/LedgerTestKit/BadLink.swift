import NIOCore
import NIOPosix
import Synchronization

/// A bad link to a server: slow, far, cut at any byte of either direction, silent without an end, forgetful like a router.
///
/// What a connection will suffer is drawn when it is opened, from the seed and its number alone, so that a run that failed
/// can be had again as far as real sockets allow. Owned by a test; `stop` ends it.
package final class BadLink: Sendable {
  private let listener: any Channel
  private let host: String
  private let shared: Shared

  /// What every connection of the link shares.
  final class Shared: Sendable {
    struct State {
      var quality: Quality
      var generator: SplitMix64
      var isSilent = false
      var tally = Tally()
      var open: [ObjectIdentifier: LinkedPair] = [:]
    }

    let state: Mutex<State>

    init(_ state: State) { self.state = Mutex(state) }
  }

  /// How bad it is.
  package struct Quality: Hashable, Sendable {
    /// How long a byte is on its way, each way.
    package var delay = Duration.zero
    /// How many bytes a second go each way; nil: any number.
    package var bytesPerSecond: Int?
    /// Between how many bytes of a direction, that of the client or that of the server, a connection is cut; nil: never.
    package var cutBytes: ClosedRange<Int>?
    /// After how long without a byte a connection is forgotten: nothing goes through any more, and nobody is told; nil:
    /// never.
    package var forgetsAfter: Duration?

    /// A good link.
    package init() {}
  }

  /// What went over it.
  package struct Tally: Hashable, Sendable {
    /// Connections that clients have opened.
    package var connections = 0
    /// Those that were cut.
    package var cuts = 0
    /// Bytes that got through, to the server and to the client.
    package var upBytes = 0
    /// See `upBytes`.
    package var downBytes = 0
    /// How often something of the client's followed something of the server's: questions that waited for an answer.
    package var turns = 0
    var lastWasDown = false
  }

  private init(listener: any Channel, host: String, shared: Shared) {
    (self.listener, self.host, self.shared) = (listener, host, shared)
  }

  /// A link from a free port of the loopback address `own` to the server at `host` and `port`. Nobody else should use that
  /// address: a device that still looks for something that has ended must not find the link, for what goes over it is counted.
  package static func started(
    on own: String, to host: String, port: Int, seed: UInt64 = 1, quality: Quality = Quality()
  ) async throws -> BadLink {
    let shared = Shared(Shared.State(quality: quality, generator: SplitMix64(seed: seed)))
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelOption(.autoRead, value: false)
      .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 1_024))
      .childChannelInitializer { client in
        ClientBootstrap(group: client.eventLoop)
          .channelOption(.autoRead, value: false)
          .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 1_024))
          .connect(host: host, port: port)
          .flatMapThrowing { server in try LinkedPair.joined(client: client, server: server, shared) }
      }
      .bind(host: own, port: 0).get()
    return BadLink(listener: listener, host: own, shared: shared)
  }

  /// Where clients connect to.
  package var address: String { "\(host):\(listener.localAddress?.port ?? 0)" }

  /// What went over it so far.
  package var tally: Tally { shared.state.withLock { $0.tally } }

  /// How bad it is from now on; what was drawn for connections that are open stays.
  package func become(_ quality: Quality) {
    shared.state.withLock { $0.quality = quality }
  }

  /// Forgets every connection that is open: from the return on nothing goes through, and neither side is told.
  package func forget() async throws {
    for pair in shared.state.withLock({ Array($0.open.values) }) { try await pair.forget() }
  }

  /// Whether nothing goes through at all, of new connections either, which are taken all the same.
  package func silence(_ isSilent: Bool) {
    shared.state.withLock { $0.isSilent = isSilent }
  }

  /// Takes no further connection and ends those that are open.
  package func stop() async throws {
    try await listener.close()
    for pair in shared.state.withLock({ Array($0.open.values) }) { pair.end() }
  }
}
