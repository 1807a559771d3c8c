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
  /// Where TLS is listened for, `host:port`; nil when it is nowhere.
  package private(set) var tlsAddress: String?

  /// Everything that a started server holds.
  private struct Running {
    let lock: FolderLock
    let engine: Engine
    let listeners: [any Channel]
    let tasks: [RepeatedTask]
  }

  /// The threads of a server and what runs on them.
  private struct Engine {
    let group: MultiThreadedEventLoopGroup
    let readers: JobThread
    let maintenance: JobThread
    let deriving: JobThread
    let ledgers: LedgerShelf
    let entries: [LedgerEntry]
    let terms: [SeatTerm]
    let core: ServerCore
    let keeper: SnapshotKeeper

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
      terms = try ServerError.rethrow { () throws(StoreError) in try store.terms() }
      let time = ServerTime(from: try ServerError.rethrow { () throws(StoreError) in try store.clockMark() })
      let keyed = try ServerError.rethrow { () throws(StoreError) in try store.devices().count { $0.key != nil } }
      let tls = try Engine.identity(configuration, keyedDevices: keyed, at: time.now, logger: logger)
      guard let readers = JobThread("readers"), let maintenance = JobThread("maintenance"),
        let deriving = JobThread("deriving"), let desk = JobThread("seats"), let held = JobThread("quarantine"),
        let snapshots = JobThread("snapshots")
      else { throw .noThread }
      let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.threads)
      var rosters: [LoopRoster] = []
      for loop in group.makeIterator() { rosters.append(LoopRoster(loop: loop)) }
      let file = QuarantineFile(folder)
      ledgers = LedgerShelf(
        folder: configuration.data,
        surroundings: Surroundings(
          rosters: rosters, readers: readers, maintenance: maintenance, deriving: deriving,
          quarantine: file, time: time, tailBytes: configuration.tailBytes, logger: logger))
      let seats = SeatDesk(store: store, thread: desk, ledgers: ledgers, time: time, logger: logger)
      let quarantine = QuarantineDesk(file: file, thread: held, logger: logger)
      core = ServerCore(
        configuration, rosters: rosters, seats: seats, quarantine: quarantine, tls: tls, time: time, logger: logger)
      keeper = SnapshotKeeper(configuration, thread: snapshots, time: time, logger: logger)
      self.group = group
      self.readers = readers
      self.maintenance = maintenance
      self.deriving = deriving
    }

    /// The identity. Where nobody comes in over TLS, one that is damaged is told of and nothing more.
    private static func identity(
      _ configuration: ServerConfiguration, keyedDevices: Int, at now: Stamp, logger: Logger
    ) throws(ServerError) -> TLSDesk? {
      do throws(ServerError) {
        if keyedDevices > 0, !IdentityFolder(configuration.data).exists {
          throw .identityLost(folder: configuration.data.path, devices: keyedDevices)
        }
        return try TLSDesk(configuration, at: now, logger: logger)
      } catch {
        if configuration.listenTLS != nil { throw error }
        logger.error(
          "the identity cannot be used; without listen_tls nothing needs it", metadata: [LogKey.error: "\(error)"])
        return nil
      }
    }

    /// Ends everything, what was handed over being done first. Waits for the disk.
    func stop() async {
      for roster in core.rosters { roster.stop() }
      core.seats.stop()
      // Their writers keep in the quarantine what they hold back.
      ledgers.stop()
      core.quarantine.stop()
      readers.stop()
      maintenance.stop()
      deriving.stop()
      // Last: what it takes and proves goes to its end, and nobody waits for it.
      keeper.stop()
      try? await group.shutdownGracefully()  // nothing is left to be told of it
    }
  }

  /// A server that is not started yet; without a logger it logs nothing. `run` tells `whenListening` the addresses.
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
    let plain = try await start()
    let address = plain + (tlsAddress.map { ", TLS on \($0)" } ?? "")
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
    let places = Places(
      plain: try configuration.listen.loopbackPlace(),
      tls: try configuration.listenTLS.map { address throws(ServerError) in try address.place() })
    try configuration.data.prepare()
    let lock = try configuration.data.takeLock()
    do throws(ServerError) {
      return try await start(at: places, lock: lock)
    } catch {
      lock.release()
      throw error
    }
  }

  /// Where a server listens.
  private struct Places {
    let plain: ListenPlace
    let tls: ListenPlace?
  }

  private func start(at places: Places, lock: FolderLock) async throws(ServerError) -> String {
    let engine = try Engine(configuration, logger: logger)
    var listeners: [any Channel] = []
    do throws(ServerError) {
      try engine.ledgers.openAll(engine.entries, engine.terms)
      listeners.append(try await listen(engine, places.plain, isTLS: false))
      if let tls = places.tls { listeners.append(try await listen(engine, tls, isTLS: true)) }
    } catch {
      for listener in listeners { try? await listener.close().get() }  // closed already is as good
      await engine.stop()
      throw error
    }
    for roster in engine.core.rosters { roster.start() }
    let core = engine.core
    let upkeep = engine.group.next().scheduleRepeatedTask(initialDelay: .seconds(2), delay: .seconds(2)) { _ in
      core.seats.keepUp()
      engine.maintenance.run { core.tls?.keepUp(at: core.time.now) }
    }
    // Often, as a device that is shut out is to be gone at once; it costs a few microseconds.
    let looking = engine.group.next().scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(200)) { _ in
      core.seats.look(core.rosters)
      core.quarantine.look(core.seats)
    }
    let keeping = engine.group.next().scheduleRepeatedTask(
      initialDelay: .seconds(Int64(configuration.snapshotDelaySeconds)), delay: .seconds(60)
    ) { _ in engine.keeper.look() }
    running = Running(lock: lock, engine: engine, listeners: listeners, tasks: [upkeep, looking, keeping])
    let address = places.plain.text(listeners[0])
    tlsAddress = places.tls.map { $0.text(listeners[1]) }
    let text = address + "\n" + (tlsAddress.map { "tls \($0)\n" } ?? "")
    do throws(ServerError) {
      try PlainFile.write(text, to: configuration.data.port, mode: 0o644)
    } catch {
      await stop()
      throw error
    }
    return address
  }

  private func listen(
    _ engine: Engine, _ place: ListenPlace, isTLS: Bool
  ) async throws(ServerError) -> any Channel {
    let core = engine.core
    let indices = Dictionary(
      uniqueKeysWithValues: core.rosters.enumerated().map { (ObjectIdentifier($1.loop), $0) })
    let bootstrap = ServerBootstrap(group: engine.group)
      .serverChannelOption(.backlog, value: 1_024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(.writeBufferWaterMark, value: .init(low: 64 << 10, high: 256 << 10))
      .childChannelOption(
        .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 1_024, initial: 2_048, maximum: 65_536)
      )
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let tls = isTLS ? core.tls?.connection() : nil
          if let tls { try channel.pipeline.syncOperations.addHandler(tls.1) }
          let handler = ConnectionHandler(
            number: core.connectionBegins(), loopIndex: indices[ObjectIdentifier(channel.eventLoop)] ?? 0,
            server: core, tls: tls?.0)
          try channel.pipeline.syncOperations.addHandler(handler)
        }
      }
    do {
      return try await bootstrap.bind(host: place.host, port: place.port).get()
    } catch {
      throw .cannotListen(address: place.text(nil), reason: "\(error)")
    }
  }

  // MARK: Stop

  /// Listens no more, lets every connection finish its acts within the time that the configuration gives, commits,
  /// writes what is left, closes. Nothing that was acknowledged depends on it.
  package func stop() async {
    guard let running else { return }
    self.running = nil
    for task in running.tasks { task.cancel() }
    for listener in running.listeners { try? await listener.close().get() }  // closed already is as good
    let core = running.engine.core
    core.isEnding.store(true, ordering: .relaxed)
    for roster in core.rosters { roster.shutDown() }
    await connectionsEnd(core, on: running.engine.group.next())
    if core.connections > 0 {
      logger.warning("closing connections that did not end", metadata: [LogKey.count: "\(core.connections)"])
    }
    await running.engine.stop()
    PlainFile.remove(configuration.data.port)
    running.lock.release()
  }

  /// Returns once no connection is left, at the latest after the time that the configuration gives them. By a timer of `loop`,
  /// as whatever the server waits for: those go by the time since the machine started, and no other clock moves them.
  private func connectionsEnd(_ core: ServerCore, on loop: any EventLoop) async {
    let deadline = ServerClock.steadyMilliseconds() + UInt64(configuration.shutdownSeconds) * 1_000
    let ended = loop.makePromise(of: Void.self)
    loop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(20)) { task in
      guard core.connections == 0 || ServerClock.steadyMilliseconds() >= deadline else { return }
      task.cancel()
      ended.succeed()
    }
    try? await ended.futureResult.get()  // it only ever succeeds
  }
}

extension SeatStore {
  /// The seats at `path`, made when they are not there.
  package static func opened(_ path: String, author: AuditAuthor = .server) throws(StoreError) -> SeatStore {
    do throws(StoreError) {
      return try SeatStore(path: path, author: author)
    } catch .missing {
      try SeatStore.create(path: path)
      return try SeatStore(path: path, author: author)
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
