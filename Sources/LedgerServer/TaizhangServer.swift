// LedgerServer: the drivers of `SessionRules`. Sockets, threads, clocks, files, logs and the configuration are here and
// decide nothing that is a rule. It may import the layers below it, NIO, ServiceLifecycle, Logging, Metrics, TOMLKit.

import EditModel
import LedgerAdmin
package import LedgerStore
package import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import SessionRules
import Synchronization

/// A running `taizhangd`: opens a data folder, listens, and ends without losing what it acknowledged.
///
/// `start` and `stop` are called once each, in this order, by one owner; `run` does both for a service group.
package actor TaizhangServer: Service {
  private let configuration: ServerConfiguration
  private let logger: Logger
  private let whenListening: @Sendable (String) -> Void
  private var running: Running?

  /// Everything that a started server holds.
  private struct Running {
    let lock: FolderLock
    let engine: Engine
    let listener: any Channel
    let upkeep: RepeatedTask
  }

  /// The threads of a server and what runs on them.
  private struct Engine {
    let group: MultiThreadedEventLoopGroup
    let readers: JobThread
    let maintenance: JobThread
    let deriving: JobThread
    let ledgers: LedgerShelf
    let entries: [LedgerEntry]
    let core: ServerCore

    init(_ configuration: ServerConfiguration, logger: Logger) throws(ServerError) {
      // What may fail comes before the threads, which would have to be ended again.
      let folder = configuration.data
      guard
        PlainFile.exists(folder.seats)
          || !PlainFile.names(in: folder.ledgers).contains(where: { $0.hasSuffix(".sqlite") })
      else { throw .noSeats(folder: folder.path) }
      let store = try ServerError.rethrow { () throws(StoreError) in
        try SeatStore.opened(configuration.data.seats)
      }
      entries = try ServerError.rethrow { () throws(StoreError) in try store.ledgers() }
      guard let readers = JobThread("readers"), let maintenance = JobThread("maintenance"),
        let deriving = JobThread("deriving"), let desk = JobThread("seats")
      else { throw .noThread }
      let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.threads)
      var rosters: [LoopRoster] = []
      for loop in group.makeIterator() { rosters.append(LoopRoster(loop: loop)) }
      let time = ServerTime()
      ledgers = LedgerShelf(
        folder: configuration.data,
        surroundings: Surroundings(
          rosters: rosters, readers: readers, maintenance: maintenance, deriving: deriving,
          time: time, tailBytes: configuration.tailBytes, logger: logger))
      let seats = SeatDesk(store: store, thread: desk, ledgers: ledgers, logger: logger)
      core = ServerCore(configuration, rosters: rosters, seats: seats, time: time, logger: logger)
      self.group = group
      self.readers = readers
      self.maintenance = maintenance
      self.deriving = deriving
    }

    /// Ends everything, what was handed over being done first. Waits for the disk.
    func stop() async {
      for roster in core.rosters { roster.stop() }
      core.seats.stop()
      ledgers.stop()
      readers.stop()
      maintenance.stop()
      deriving.stop()
      try? await group.shutdownGracefully()  // nothing is left to be told of it
    }
  }

  /// A server that is not started yet; without a logger it logs nothing. `run` tells `whenListening` the address.
  package init(
    configuration: ServerConfiguration, logger: Logger? = nil,
    whenListening: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.whenListening = whenListening
    self.configuration = configuration
    self.logger = logger ?? Logger(label: "taizhangd") { _ in SwiftLogNoOpLogHandler() }
  }

  /// Starts, serves until the service group shuts down gracefully, stops.
  package func run() async throws {
    let address = try await start()
    logger.notice("listening", metadata: [LogKey.address: "\(address)"])
    whenListening(address)
    try await gracefulShutdown()
    logger.notice("shutting down")
    await stop()
    logger.notice("stopped")
  }

  // MARK: Start

  /// Opens the data folder and listens. Answers `host:port`, which also stands in the folder's file `port`.
  package func start() async throws(ServerError) -> String {
    let place = try configuration.listen.loopbackPlace()
    try configuration.data.prepare()
    let lock = try configuration.data.takeLock()
    do throws(ServerError) {
      return try await start(at: place, lock: lock)
    } catch {
      lock.release()
      throw error
    }
  }

  private func start(at place: ListenPlace, lock: FolderLock) async throws(ServerError) -> String {
    let engine = try Engine(configuration, logger: logger)
    let listener: any Channel
    do throws(ServerError) {
      try engine.ledgers.openAll(engine.entries)
      listener = try await listen(engine.core, engine.group, place)
    } catch {
      await engine.stop()
      throw error
    }
    for roster in engine.core.rosters { roster.start() }
    let seats = engine.core.seats
    let upkeep = engine.group.next().scheduleRepeatedTask(initialDelay: .seconds(2), delay: .seconds(2)) { _ in
      seats.keepUp()
    }
    running = Running(lock: lock, engine: engine, listener: listener, upkeep: upkeep)
    let address = "\(place.hostText):\(listener.localAddress?.port ?? place.port)"
    do throws(ServerError) {
      try PlainFile.write(address + "\n", to: configuration.data.port, mode: 0o644)
    } catch {
      await stop()
      throw error
    }
    return address
  }

  private func listen(
    _ core: ServerCore, _ group: MultiThreadedEventLoopGroup, _ place: ListenPlace
  ) async throws(ServerError) -> any Channel {
    let indices = Dictionary(
      uniqueKeysWithValues: core.rosters.enumerated().map { (ObjectIdentifier($1.loop), $0) })
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1_024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(.writeBufferWaterMark, value: .init(low: 64 << 10, high: 256 << 10))
      .childChannelOption(
        .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 1_024, initial: 2_048, maximum: 65_536)
      )
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelInitializer { channel in
        let handler = ConnectionHandler(
          number: core.connectionBegins(), loopIndex: indices[ObjectIdentifier(channel.eventLoop)] ?? 0, server: core)
        return channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(handler)
        }
      }
    do {
      return try await bootstrap.bind(host: place.host, port: place.port).get()
    } catch {
      throw .cannotListen(address: configuration.listen.text, reason: "\(error)")
    }
  }

  // MARK: Stop

  /// Listens no more, lets every connection finish its acts within the time that the configuration gives, commits,
  /// writes what is left, closes. Nothing that was acknowledged depends on it.
  package func stop() async {
    guard let running else { return }
    self.running = nil
    running.upkeep.cancel()
    try? await running.listener.close().get()  // closed already is as good
    let core = running.engine.core
    core.isEnding.store(true, ordering: .relaxed)
    for roster in core.rosters { roster.shutDown() }
    let deadline = ServerClock.steadyMilliseconds() + UInt64(configuration.shutdownSeconds) * 1_000
    while core.connections > 0, ServerClock.steadyMilliseconds() < deadline {
      try? await Task.sleep(for: .milliseconds(20))  // cancelled: then it only looks more often
    }
    if core.connections > 0 {
      logger.warning("closing connections that did not end", metadata: [LogKey.count: "\(core.connections)"])
    }
    await running.engine.stop()
    PlainFile.remove(configuration.data.port)
    running.lock.release()
  }
}

extension SeatStore {
  /// The seats at `path`, made when they are not there.
  package static func opened(_ path: String) throws(StoreError) -> SeatStore {
    do throws(StoreError) {
      return try SeatStore(path: path)
    } catch .missing {
      try SeatStore.create(path: path)
      return try SeatStore(path: path)
    }
  }
}

extension ServerError {
  /// Runs `body`; a store's error becomes the server's.
  package static func rethrow<Value>(_ body: () throws(StoreError) -> Value) throws(ServerError) -> Value {
    do throws(StoreError) {
      return try body()
    } catch {
      throw .store(error)
    }
  }
}
