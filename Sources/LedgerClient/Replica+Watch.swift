package import EditModel
import LedgerStore
import LineProtocol
import NIOCore
import NIOPosix
import SyncRules

extension Replica {
  /// What happens in the ledger as it happens, until the consumer stops: stays connected and comes back by itself, or
  /// follows another process of this replica that is connected already.
  package func watch() -> AsyncStream<WatchEvent> {
    let (events, continuation) = AsyncStream.makeStream(of: WatchEvent.self)
    let watcher = Watcher(
      self, loop: MultiThreadedEventLoopGroup.singleton.next(), tell: { continuation.yield($0) })
    continuation.onTermination = { _ in watcher.stop() }
    watcher.start()
    return events
  }

  /// When the server accepted the newest line that is here; nil while there is none.
  package func newestReceipt() throws(ClientError) -> Stamp? {
    try withStore { store throws(StoreError) in try store.newestReceipt() }
  }
}

/// Follows one replica: keeps a sync running while it has the lock, and tells what changed in the file.
///
/// SAFETY: every mutable property is touched on `loop` only; `start` and `stop` go there first.
private final class Watcher: @unchecked Sendable {
  private let replica: Replica
  private let loop: any EventLoop
  private let tell: @Sendable (WatchEvent) -> Void

  private var lock: SyncLock?
  private var driver: SyncDriver?
  private var poll: RepeatedTask?
  private var seen: (revision: Int64, arrivals: UInt64, notices: Int)?
  private var isStopped = false
  /// Whether the server has shut this device out: then there is nothing to follow until it is let in again, and whoever
  /// else of this device has something to hand over must find the lock free.
  private var isShutOut = false
  /// What was last told of the connection.
  private var link: WatchEvent?

  /// How often the file is looked at.
  private static let interval = TimeAmount.milliseconds(100)

  init(_ replica: Replica, loop: any EventLoop, tell: @escaping @Sendable (WatchEvent) -> Void) {
    self.replica = replica
    self.loop = loop
    self.tell = tell
  }

  func start() {
    loop.execute {
      guard !self.isStopped else { return }
      self.look()
      self.poll = self.loop.scheduleRepeatedTask(
        initialDelay: Watcher.interval, delay: Watcher.interval
      ) { _ in
        self.look()
      }
    }
  }

  func stop() {
    loop.execute {
      self.isStopped = true
      self.poll?.cancel()
      guard let driver = self.driver else { return }
      self.driver = nil
      // The lock is held until the file is closed.
      driver.stop().whenComplete { _ in self.lock = nil }
    }
  }

  private func look() {
    if driver == nil, lock == nil, !isShutOut { takeLock() }
    do throws(ClientError) {
      let after = try replica.marks()
      if isShutOut, seen.map({ $0.revision != after.revision }) ?? true, try !replica.isRemoved() { isShutOut = false }
      guard let before = seen else {
        seen = after
        return
      }
      guard before.revision != after.revision else { return }
      let lines = after.arrivals == before.arrivals ? [] : try replica.arrived(after: before.arrivals)
      let notices = after.notices == before.notices ? [] : try replica.notices().dropFirst(before.notices)
      seen = after
      tell(lines.isEmpty ? .own : .edits(lines))
      for notice in notices { tell(.notice(notice)) }
    } catch {
      // What cannot be read now is told at the next look: `seen` has not moved.
      return
    }
  }

  private func takeLock() {
    guard let taken = SyncLock(home: replica.home) else { return }
    lock = consume taken
    let driver = SyncDriver(home: replica.home, device: replica.device, loop: loop) { signal in
      self.signalled(signal)
    }
    self.driver = driver
    driver.start()
  }

  private func signalled(_ signal: SyncSignal) {
    switch signal {
    case .report(.online): tellOnce(.online)
    case .report(.offline(let failure)):
      tellOnce(.offline(OfflineReason(failure)))
      if case .removed = failure { letGo() }
    case .report(.waiting(let code)): tellOnce(.offline(.serverWaits(code: code.rawValue)))
    case .failed(let error): tellOnce(.offline(.storage(error)))
    case .applied: look()
    // The server takes acts: what it waited for is over.
    case .report(.decided), .report(.settled): if case .offline(.serverWaits) = link { tellOnce(.online) }
    case .connecting: if case .offline = link { tell(.connecting) }
    case .comesBack(let delay): if case .offline = link, delay > .zero { tell(.comesBack(after: delay)) }
    case .behind, .again, .deadline, .report(.held): break
    }
  }

  /// Ends the sync and lets go of the lock; the file is looked at as before.
  private func letGo() {
    isShutOut = true
    guard let driver else { return }
    self.driver = nil
    driver.stop().whenComplete { _ in self.lock = nil }
  }

  /// Tells of the connection when it is another than before: every attempt fails for the same reason for hours.
  private func tellOnce(_ event: WatchEvent) {
    guard event != link else { return }
    link = event
    tell(event)
  }
}

extension Replica {
  /// Where the file stands: what a watcher compares.
  fileprivate func marks() throws(ClientError) -> (revision: Int64, arrivals: UInt64, notices: Int) {
    try withStore { store throws(StoreError) in
      (try store.revision(), try store.arrivals(), try store.notices().count)
    }
  }

  /// Whether the server has shut this device out, as the file says.
  fileprivate func isRemoved() throws(ClientError) -> Bool {
    try withStore { store throws(StoreError) in try store.header().removal != nil }
  }

  /// What the owner must be told about the replica as a whole, oldest first.
  fileprivate func notices() throws(ClientError) -> [ReplicaNotice] {
    try withStore { store throws(StoreError) in try store.notices() }
  }

  /// The confirmed lines that came after the `arrival`-th.
  fileprivate func arrived(after arrival: UInt64) throws(ClientError) -> [AcceptedEdit] {
    try withStore { store throws(StoreError) in try store.arrived(after: arrival).lines }
  }
}
