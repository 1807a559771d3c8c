import EditModel
import LedgerIdentity
import LedgerStore
import LineProtocol
import NIOCore
import NIOPosix
import SyncRules

/// What a running sync tells.
enum SyncSignal: Sendable {
  /// What the machine reports.
  case report(SyncReport)
  /// So many new lines are in the file.
  case applied(Int)
  /// A connection is being opened.
  case connecting
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
  private let path: String
  private let home: String
  private let device: Device
  private let tell: @Sendable (SyncSignal) -> Void

  private var store: ReplicaStore?
  private var machine: SyncMachine?
  private var channel: (any Channel)?
  /// Where that leads.
  private var connectedTo: HostPort?
  private var timers: [SyncTimer: Scheduled<Void>] = [:]
  private var poll: RepeatedTask?
  private var counter: UInt64 = 0
  private var events: [SyncEvent] = []
  private var isRunning = false

  /// How often the file is asked whether another process has recorded something.
  static let pollMilliseconds: Int64 = 100

  /// A sync of the replica in `home`, not started; `tell` is called on the loop.
  init(
    home: String, device: Device, loop: any EventLoop,
    tell: @escaping @Sendable (SyncSignal) -> Void
  ) {
    self.home = home
    self.path = Replica.path(home)
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
      let store = try ReplicaStore.open(path: path)
      let header = try store.header()
      self.store = store
      counter = header.counter
      machine = SyncMachine(facts: SyncFacts(header), outbox: [])
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
    try? store?.close()
    store = nil
    let closing = channel?.close()
    channel = nil
    guard let closing else { return promise.succeed() }
    closing.whenComplete { _ in promise.succeed() }
  }

  /// Whether another process has recorded something meanwhile.
  private func look() {
    guard let store else { return }
    do throws(StoreError) {
      guard try store.header().counter != counter else { return }
      try loadOutbox(store)
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
      guard let store else { return }
      do throws(StoreError) {
        try perform(action, store)
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

  private func perform(_ action: SyncAction, _ store: ReplicaStore) throws(StoreError) {
    switch action {
    case .connect:
      try loadOutbox(store)
      try connect(store)
    case .disconnect: disconnect()
    case .send(let lines): send(try lines.map { line throws(StoreError) in try reporting(line, store) })
    case .wake(let timer, let delay): wake(timer, after: delay)
    case .noteTime(let now): try store.noteTime(now, wallMilliseconds: device.wallMilliseconds())
    case .noteSeat(let seat, let role, let place, let holder):
      try store.noteSeat(seat: seat, role: role, place: place, holder: holder)
    case .noteRemoved(let count): try store.noteRemoved(handedOver: count)
    case .keepCertificate(let text): try keep(certificate: text, store)
    case .noteMoving(let address): try note(movingTo: address, store)
    case .markSent(let numbers): try store.markSent(numbers)
    case .apply(let lines, let reached): try apply(lines, reached: reached, store)
    case .withdraw(let entity): try store.withdraw(entity)
    case .acknowledge(let acts): try store.acknowledge(acts.map { ($0.n, $0.firstSeq) })
    case .shelve(let n, let answer): try store.shelve(n, answer: answer)
    case .markForked(let n): try store.markForked(n)
    case .restamp(let n, let now): try restamp(from: n, now: now, store)
    case .begin(let epoch): try store.begin(epoch)
    case .rewind(let seq, let epoch):
      try goingBack(store) { store throws(StoreError) in try store.rewind(to: seq, epoch: epoch) }
    case .restart(let epoch, let keepsOthers):
      try goingBack(store) { store throws(StoreError) in try store.restart(epoch: epoch, keepsOthers: keepsOthers) }
    case .needNewID: try store.needNewID()
    case .adopt(let replica, let secret): try adopt(replica, secret, store)
    case .report(let report):
      tell(.report(report))
      if report == .online, let machine {
        try keepPlace(store)
        let reached = try store.header().reached
        tell(.behind(machine.levelSeq - min(reached, machine.levelSeq)))
      }
    }
  }
}

// MARK: - The file

extension SyncDriver {
  private func loadOutbox(_ store: ReplicaStore) throws(StoreError) {
    let outbox = try store.outbox()
    counter = outbox.counter
    events.append(.outbox(outbox.acts.compactMap(OutboxAct.init), counter: outbox.counter))
  }

  private func goingBack(
    _ store: ReplicaStore, _ body: (ReplicaStore) throws(StoreError) -> Void
  ) throws(StoreError) {
    let before = try store.counts().unsent
    try body(store)
    tell(.again(try store.counts().unsent - before))
    try loadOutbox(store)
  }

  private func apply(
    _ lines: [AcceptedEdit], reached: Reached?, _ store: ReplicaStore
  )
    throws(StoreError)
  {
    let applied = try store.apply(lines, reached: reached.map { ($0.seq, $0.cursor) })
    if applied.foundStranger { events.append(.foundStranger) }
    if !applied.fresh.isEmpty || reached != nil { tell(.applied(applied.fresh.count)) }
  }

  /// The ledger is open: where the server is said to have moved, it is.
  private func keepPlace(_ store: ReplicaStore) throws(StoreError) {
    guard let address = connectedTo, try store.header().movingTo == address.description else { return }
    try store.keep(server: address.description)
  }

  /// Notes where the server says that it has moved. A replica that has nothing to know a server by stays where it is.
  private func note(movingTo text: String?, _ store: ReplicaStore) throws(StoreError) {
    guard let text else { return try store.note(movingTo: nil) }
    guard let address = HostPort(text), try store.header().trust != nil else { return }
    try store.note(movingTo: address.description)
  }

  /// Keeps a certificate that is one for the own key; another is passed over.
  private func keep(certificate text: String, _ store: ReplicaStore) throws(StoreError) {
    guard let der = Base64URL.bytes(text), let key = DeviceKey.load(home),
      PublicKey(certificate: der) == key.publicKey
    else { return }
    try store.keep(certificate: der)
  }

  private func restamp(from n: UInt64, now: Stamp, _ store: ReplicaStore) throws(StoreError) {
    let wall = device.wallMilliseconds()
    try store.restamp(from: n) { acts, header in
      let offset = Int64(clamping: now.milliseconds) - Int64(clamping: wall)
      return StampCorrection.restamped(acts, now: now, offset: offset, seen: header.seen)
    }
    try store.noteTime(now, wallMilliseconds: wall)
    try loadOutbox(store)
  }

  private func adopt(
    _ replica: ReplicaID, _ secret: Secret, _ store: ReplicaStore
  )
    throws(StoreError)
  {
    try store.adopt(replica, secret: secret) { Reissue.acts($0, to: replica) }
    events.append(.renewed(SyncFacts(try store.header())))
    try loadOutbox(store)
  }
}

// MARK: - The socket and the timers

extension SyncDriver {
  private func connect(_ store: ReplicaStore) throws(StoreError) {
    tell(.connecting)
    let header = try store.header()
    let link: ServerLink
    do throws(ServerLink.Failure) {
      link = try ServerLink(header, home: home, staysOnMachine: device.staysOnMachine)
    } catch {
      return events.append(.disconnected(SyncFailure(error), random: device.random()))
    }
    link.open(on: loop) { SyncChannelHandler(driver: self) }.whenComplete { self.connected($0) }
  }

  private func connected(_ result: Result<ServerLink.Opened, any Error>) {
    switch result {
    case .success(let opened):
      guard machine != nil else { return opened.channel.close(promise: nil) }
      self.channel = opened.channel
      connectedTo = opened.address
      run(.connected)
      opened.channel.read()
    case .failure(let error):
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
      return events.append(.disconnected(.closed, random: device.random()))
    }
    channel.close(promise: nil)
  }

  private func send(_ lines: [ClientLine]) {
    guard let channel else { return }
    var buffer = channel.allocator.buffer(capacity: 128 * lines.count)
    for line in lines { line.write(to: &buffer) }
    channel.writeAndFlush(buffer, promise: nil)
  }

  /// The line, and for `auth` what the device says of itself: its software, and how its clock is, which the greeting has
  /// just shown.
  private func reporting(_ line: ClientLine, _ store: ReplicaStore) throws(StoreError) -> ClientLine {
    guard case .auth(let replica, let secret, let unsent, _) = line.request else { return line }
    let offset = try store.header().offsetMilliseconds.map { -$0 }
    let report = DeviceReport(
      version: Device.software, offsetMilliseconds: offset.map { max(-Device.offsetLimit, min(Device.offsetLimit, $0)) }
    )
    return ClientLine(
      tag: line.tag, request: .auth(replica: replica, secret: secret, unsent: unsent, report: report))
  }

  private func wake(_ timer: SyncTimer, after delay: Duration) {
    timers[timer]?.cancel()
    timers[timer] = loop.scheduleTask(in: TimeAmount(delay)) { self.run(.woke(timer)) }
  }
}

/// Cuts what the server sends into lines for the driver. Reads only when what came has been handed over, so that a long
/// catch-up never piles up in memory.
private final class SyncChannelHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let driver: SyncDriver
  private var framer = LineFramer()

  init(driver: SyncDriver) {
    self.driver = driver
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    framer.receive(unwrapInboundIn(data))
    do throws(WireError) {
      while let line = try framer.nextLine() {
        driver.run(ServerMessage(line).map { .received($0) } ?? .unreadable)
      }
    } catch {
      driver.run(.unreadable)
    }
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
