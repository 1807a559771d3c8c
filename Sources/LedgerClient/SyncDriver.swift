import EditModel
import LedgerIdentity
import LedgerStore
import LineProtocol
import NIOCore
import NIOPosix
import ReplicaKeeping
import SyncRules

/// What a running sync tells.
enum SyncSignal: Sendable {
  /// What the machine reports.
  case report(SyncReport)
  /// So many new lines are in the file.
  case applied(Int)
  /// A connection is being opened.
  case connecting
  /// There is none; the next is tried after so long.
  case comesBack(after: Duration)
  /// The ledger is open, and so many lines of it are not here yet, those counted that this seat does not see.
  case behind(UInt64)
  /// The server went back: so many own acts are to be sent again.
  case again(Int)
  /// The replica's file failed.
  case failed(StoreError)
  /// The time that was allowed is over.
  case deadline
}

/// Carries out what the sync machine says: socket, timers, file.
///
/// Owned by its event loop, on which the file is written too: nothing else runs there in a client, and the order of
/// file
/// and socket is then the order of the actions.
///
/// SAFETY: every mutable property is touched on `loop` only: the two entrances, `start` and `stop`, go there first, and
/// channel handlers and timers run there.
final class SyncDriver: @unchecked Sendable {
  private let loop: any EventLoop
  private let home: String
  private let device: Device
  private let tell: @Sendable (SyncSignal) -> Void

  private var file: SyncFile?
  private var machine: SyncMachine?
  private var channel: (any Channel)?
  /// Where that leads.
  private var connectedTo: HostPort?
  private var timers: [SyncTimer: Scheduled<Void>] = [:]
  private var poll: RepeatedTask?
  private var events: [SyncEvent] = []
  private var isRunning = false
  /// How often a connection was begun or given up: an attempt that was given up and ends later is nobody's.
  private var attempt = 0

  /// How often the file is asked whether another process has recorded something.
  static let pollMilliseconds: Int64 = 100

  /// A sync of the replica in `home`, not started; `tell` is called on the loop.
  init(
    home: String, device: Device, loop: any EventLoop,
    tell: @escaping @Sendable (SyncSignal) -> Void
  ) {
    self.home = home
    self.device = device
    self.loop = loop
    self.tell = tell
  }

  /// Opens the file and begins.
  func start() {
    loop.execute { self.begin() }
  }

  /// Ends the sync; when the future is kept, which it always is, the file is closed and nothing is told any more.
  func stop() -> EventLoopFuture<Void> {
    let promise = loop.makePromise(of: Void.self)
    loop.execute { self.end(promise) }
    return promise.futureResult
  }

  private func begin() {
    do throws(StoreError) {
      let file = try SyncFile(
        path: Replica.path(home), device: device, certificates: DeviceCertificates(home: home))
      machine = SyncMachine(facts: try file.facts(), outbox: [], waits: device.waits, random: device.random())
      self.file = file
    } catch {
      tell(.failed(error))
      return
    }
    let interval = TimeAmount.milliseconds(SyncDriver.pollMilliseconds)
    poll = loop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in self.look() }
    run(.started)
  }

  private func end(_ promise: EventLoopPromise<Void>) {
    machine = nil
    poll?.cancel()
    for timer in timers.values { timer.cancel() }
    timers = [:]
    // Nothing more is written: a failure to close has no consequence for what is on the disk.
    try? file?.store.close()
    file = nil
    let closing = channel?.close()
    channel = nil
    guard let closing else { return promise.succeed() }
    closing.whenComplete { _ in promise.succeed() }
  }

  /// Whether another process has recorded something meanwhile.
  private func look() {
    guard file != nil else { return }
    do throws(StoreError) {
      guard let event = try file?.look() else { return }
      events.append(event)
    } catch {
      fail(error)
    }
    drain()
  }

  /// One thing that happened; everything that follows from it is done on return.
  func run(_ event: SyncEvent) {
    events.append(event)
    drain()
  }

  private func drain() {
    guard !isRunning else { return }
    isRunning = true
    defer { isRunning = false }
    while !events.isEmpty, machine != nil {
      let event = events.removeFirst()
      perform(machine?.handle(event) ?? [])
    }
    if machine == nil { events = [] }
  }

  private func perform(_ actions: [SyncAction]) {
    for action in actions {
      guard file != nil else { return }
      do throws(StoreError) {
        try perform(action)
      } catch {
        // What stands behind a failed write must not happen: an act that could not be marked is not sent.
        return fail(error)
      }
    }
  }

  private func fail(_ error: StoreError) {
    tell(.failed(error))
    let open = channel
    channel = nil
    open?.close(promise: nil)
    events.append(.disconnected(.storage, random: device.random()))
  }

  private func perform(_ action: SyncAction) throws(StoreError) {
    if let effect = try file?.perform(action) {
      events += effect.events
      if let count = effect.again { tell(.again(count)) }
      if let count = effect.applied { tell(.applied(count)) }
    }
    guard let store = file?.store else { return }
    switch action {
    case .connect:
      if let outbox = try file?.outbox() { events.append(outbox) }
      try connect(store)
    case .disconnect: disconnect()
    case .send(let lines):
      send(try lines.map { line throws(StoreError) in try file?.reporting(line) ?? line })
    case .wake(let timer, let delay):
      wake(timer, after: delay)
      if timer == .reconnect { tell(.comesBack(after: delay)) }
    case .report(let report):
      tell(.report(report))
      if report == .online, let machine {
        try keepPlace(store)
        let reached = try store.header().reached
        tell(.behind(machine.levelSeq - min(reached, machine.levelSeq)))
      }
    default: break  // the file's alone
    }
  }
}

// MARK: - The socket and the timers

extension SyncDriver {
  /// The ledger is open: where the server is said to have moved, it is.
  private func keepPlace(_ store: ReplicaStore) throws(StoreError) {
    guard let address = connectedTo, try store.header().movingTo == address.description else { return }
    try store.keep(server: address.description)
  }

  private func connect(_ store: ReplicaStore) throws(StoreError) {
    tell(.connecting)
    let header = try store.header()
    let link: ServerLink
    do throws(ServerLink.Failure) {
      link = try ServerLink(header, home: home, staysOnMachine: device.staysOnMachine)
    } catch {
      return events.append(.disconnected(SyncFailure(error), random: device.random()))
    }
    attempt += 1
    link.open(on: loop) { SyncChannelHandler(driver: self) }.whenComplete { [attempt] in self.connected($0, attempt) }
  }

  private func connected(_ result: Result<ServerLink.Opened, any Error>, _ attempt: Int) {
    switch result {
    case .success(let opened):
      guard machine != nil, attempt == self.attempt else { return opened.channel.close(promise: nil) }
      self.channel = opened.channel
      connectedTo = opened.address
      run(.connected)
      opened.channel.read()
    case .failure(let error):
      guard attempt == self.attempt else { return }
      run(.disconnected(SyncFailure(error), random: device.random()))
    }
  }

  /// The socket is closed; only that of the connection in force counts.
  func closed(_ channel: any Channel) {
    guard self.channel === channel else { return }
    self.channel = nil
    run(.disconnected(.closed, random: device.random()))
  }

  private func disconnect() {
    guard let channel else {
      attempt += 1
      return events.append(.disconnected(.closed, random: device.random()))
    }
    channel.close(promise: nil)
  }

  private func send(_ lines: [ClientLine]) {
    guard let channel else { return }
    channel.writeAndFlush(lines, promise: nil)
  }

  private func wake(_ timer: SyncTimer, after delay: Duration) {
    timers[timer]?.cancel()
    timers[timer] = loop.scheduleTask(in: TimeAmount(delay)) { self.run(.woke(timer)) }
  }
}

/// Cuts what the server sends into lines for the driver, and spells the driver's. Reads only when what came has been handed
/// over, so that a long catch-up never piles up in memory.
private final class SyncChannelHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = [ClientLine]
  typealias OutboundOut = ByteBuffer

  private let driver: SyncDriver
  private var stream = ClientStream()

  init(driver: SyncDriver) {
    self.driver = driver
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    stream.receive(unwrapInboundIn(data))
    do throws(WireError) {
      while let heard = try stream.next() {
        driver.run(heard.message.map { .received($0) } ?? .unreadable)
      }
    } catch {
      driver.run(.unreadable)
    }
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    context.write(wrapOutboundOut(stream.bytes(of: unwrapOutboundIn(data))), promise: promise)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    driver.run(.readEnded)
  }

  func channelInactive(context: ChannelHandlerContext) {
    driver.closed(context.channel)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
