import EditModel
import LineProtocol
import NIOCore
import SessionRules
import Synchronization

/// The answers that one connection is sent after a commit.
///
/// The acts come back with them to the thread that made them: to let go of thousands is a tenth of a writer's work, and
/// memory that is freed where it was taken is taken again without a lock.
struct Delivery: Sendable {
  let handler: ConnectionHandler
  let answers: ByteBuffer
  let acts: [SubmittedAct]
}

/// The connections of one event loop: woken once for whatever their ledgers committed, looked at once a second.
// SAFETY: `connections`, `followers`, `clock`, `decoder` and `encoder` are used on `loop` only; `inbox` is a mutex; the rest is immutable.
final class LoopRoster: @unchecked Sendable {
  /// The event loop.
  let loop: any EventLoop
  private let inbox = Mutex(Inbox())
  private var connections: [ConnectionNumber: ConnectionHandler] = [:]
  private var followers: [ExactString: [ConnectionNumber: ConnectionHandler]] = [:]
  private var clock: RepeatedTask?
  /// Expands the blocks of the loop's connections.
  let decoder = BlockDecoder()
  private let encoder = BlockEncoder()

  private struct Inbox: Sendable {
    var deliveries: [Delivery] = []
    var news: [ExactString] = []
    var isAwake = false
  }

  init(loop: any EventLoop) {
    self.loop = loop
  }

  // MARK: From writers

  /// Brings answers and says which ledger has news. Any thread. While the loop has not come round to it, what follows
  /// is added to the same wake-up.
  func post(_ deliveries: [Delivery], news: ExactString?) {
    let mustWake = inbox.withLock { inbox in
      inbox.deliveries.append(contentsOf: deliveries)
      if let news, !inbox.news.contains(news) { inbox.news.append(news) }
      defer { inbox.isAwake = true }
      return !inbox.isAwake
    }
    if mustWake { loop.execute { self.wake() } }
  }

  private func wake() {
    let taken = inbox.withLock { inbox in
      let taken = inbox
      inbox = Inbox()
      return taken
    }
    for delivery in taken.deliveries { delivery.handler.deliver(delivery) }
    for ledger in taken.news {
      guard let followers = followers[ledger] else { continue }
      for handler in followers.values { handler.sendNews() }
    }
    for delivery in taken.deliveries { delivery.handler.flushIfNeeded() }
  }

  // MARK: On the loop

  /// `lines` in blocks.
  func deflated(_ lines: ByteBuffer) -> ByteBuffer {
    var blocks = ByteBuffer()
    encoder.write(lines, to: &blocks)
    return blocks
  }

  /// `lines` in blocks whose length says nothing of what they hold.
  func stored(_ lines: ByteBuffer) -> ByteBuffer {
    var blocks = ByteBuffer()
    encoder.writeStored(lines, to: &blocks)
    return blocks
  }

  /// Begins to look at the clock once a second.
  func start() {
    loop.execute {
      self.clock = self.loop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
        let now = ServerClock.seconds()
        for handler in self.connections.values { handler.tick(nowSeconds: now) }
      }
    }
  }

  /// Looks at the clock no more.
  func stop() {
    loop.execute { self.clock?.cancel() }
  }

  /// Every connection of this loop says that the server shuts down, and ends.
  func shutDown() {
    loop.execute {
      for handler in self.connections.values { handler.leave(saying: .shutdown) }
    }
  }

  /// The connection, if it is one of this loop, has to go: too many have not said who they are. Any thread.
  func turnAway(_ connection: ConnectionNumber) {
    loop.execute { self.connections[connection]?.turnAway() }
  }

  /// The connection, if it is one of this loop, has to go: its device or seat has signed in too often. Any thread.
  func makeRoom(_ connection: ConnectionNumber) {
    loop.execute { self.connections[connection]?.makeRoom() }
  }

  /// The connections of these devices end.
  func shutOut(_ replicas: Set<ReplicaID>) {
    loop.execute {
      for handler in self.connections.values { handler.endIfShutOut(replicas) }
    }
  }

  /// The connections end whose seat is another by now. What the desk has seen is asked here, not handed over: whoever came
  /// in since has the newest.
  func endOtherSeats(_ desk: SeatDesk) {
    loop.execute {
      let seen = desk.seen.withLock { $0 }
      for handler in self.connections.values { handler.endIfSeatIsOther(seen) }
    }
  }

  /// Every device that is in is told where the server has moved.
  func say(moved: HostPort) {
    loop.execute {
      for handler in self.connections.values { handler.say(moved: moved) }
    }
  }

  func add(_ handler: ConnectionHandler) {
    connections[handler.number] = handler
  }

  func remove(_ handler: ConnectionHandler) {
    connections[handler.number] = nil
  }

  func follow(_ handler: ConnectionHandler, _ ledger: ExactString) {
    followers[ledger, default: [:]][handler.number] = handler
  }

  func unfollow(_ handler: ConnectionHandler, _ ledger: ExactString) {
    followers[ledger]?[handler.number] = nil
    if followers[ledger]?.isEmpty == true { followers[ledger] = nil }
  }
}
