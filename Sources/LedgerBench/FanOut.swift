import LineProtocol
import NIOCore
import NIOPosix

/// One writer, many watchers: how long until the first, the median and the last of them has an edit.
struct FanOut: Sendable {
  struct Result: Sendable {
    let watchers: Int
    let perSecond: Int
    let messages: Int
    let first: (p50: Double, p99: Double)
    let median: (p50: Double, p99: Double)
    let last: (p50: Double, p99: Double)
    /// Deliveries a second when the writer does not wait.
    let flatOutPerSecond: Double
  }

  let group: MultiThreadedEventLoopGroup
  /// The device that writes, and the one that all watchers use.
  let writer: Peer
  let watcher: Peer

  /// `watchers` connections, `messages` messages at `perSecond`, then `burst` messages at once.
  func run(watchers: Int, perSecond: Int, messages: Int, burst: Int) async throws -> Result {
    // One event loop for all, so that a delivery is counted without a lock.
    let loop = group.next()
    let board = DeliveryBoard(watchers: watchers, messages: messages + burst, loop: loop)
    var channels: [any Channel] = []
    let connector = Connector(group: group, peer: watcher)
    for _ in 0..<watchers {
      let ready = loop.makePromise(of: UInt64.self)
      let peer = watcher
      channels.append(
        try await connector.open {
          Watcher(peer: peer, purpose: .follow(cursor: nil), ready: ready, board: board)
        })
      _ = try await ready.futureResult.get()
    }
    let ready = loop.makePromise(of: UInt64.self)
    let peer = writer
    let source = try await Connector(group: group, peer: writer).open {
      Watcher(peer: peer, purpose: .put, ready: ready, board: board)
    }
    var requests = RequestWriter(peer: writer, n: try await ready.futureResult.get() + 1)
    let pause = UInt64(1_000_000_000 / perSecond)
    var due = MonotonicTime.nanoseconds
    for number in 0..<messages {
      due += pause
      let now = MonotonicTime.nanoseconds
      if due > now { try await Task.sleep(nanoseconds: due - now) }
      try await send([number], board, &requests, source)
    }
    try await board.reached(messages: messages)
    let start = MonotonicTime.nanoseconds
    for number in stride(from: messages, to: messages + burst, by: 50) {
      // A connection may have 256 acts in flight; the writer keeps to fewer.
      try await board.acknowledged(number - 100)
      try await send(Array(number..<min(number + 50, messages + burst)), board, &requests, source)
    }
    try await board.reached(messages: messages + burst)
    let elapsed = Double(MonotonicTime.nanoseconds - start) / 1e9
    // Closing twice is no fault here.
    for channel in channels + [source] { try? await channel.close() }
    return try await board.result(
      perSecond: perSecond, paced: messages, flatOut: Double(watchers * burst) / max(elapsed, 1e-9))
  }

  private func send(
    _ numbers: [Int], _ board: DeliveryBoard, _ requests: inout RequestWriter,
    _ channel: any Channel
  ) async throws {
    var buffer = channel.allocator.buffer(capacity: numbers.count * 160)
    for number in numbers {
      requests.publish(message: number, to: &buffer)
    }
    let now = MonotonicTime.nanoseconds
    board.sent(numbers, at: now)
    try await channel.writeAndFlush(buffer)
  }
}

/// When each message was sent and delivered. Owned by the event loop that all watchers run on.
///
/// SAFETY: every stored property is touched on `loop` only; the methods that are called from elsewhere hop there.
final class DeliveryBoard: @unchecked Sendable {
  private let watchers: Int
  private let loop: any EventLoop
  private var sentAt: [UInt64]
  private var deliveries: [[UInt32]]
  private var complete = 0
  private var answers = 0
  private var waiting: (messages: Int, promise: EventLoopPromise<Void>)?
  private var waitingForAnswers: (count: Int, promise: EventLoopPromise<Void>)?

  init(watchers: Int, messages: Int, loop: any EventLoop) {
    self.watchers = watchers
    self.loop = loop
    self.sentAt = [UInt64](repeating: 0, count: messages)
    self.deliveries = [[UInt32]](repeating: [], count: messages)
  }

  func sent(_ numbers: [Int], at time: UInt64) {
    loop.execute { for number in numbers { self.sentAt[number] = time } }
  }

  /// A watcher got message `number`; on the loop.
  func delivered(_ number: Int, at time: UInt64) {
    guard deliveries.indices.contains(number) else { return }
    let microseconds =
      time > sentAt[number] && sentAt[number] > 0 ? (time - sentAt[number]) / 1_000 : 0
    deliveries[number].append(UInt32(min(microseconds, UInt64(UInt32.max))))
    guard deliveries[number].count == watchers else { return }
    complete += 1
    if let waiting, complete >= waiting.messages {
      waiting.promise.succeed(())
      self.waiting = nil
    }
  }

  /// The writer was answered once more; on the loop.
  func answered() {
    answers += 1
    guard let waiting = waitingForAnswers, answers >= waiting.count else { return }
    waitingForAnswers = nil
    waiting.promise.succeed(())
  }

  /// Waits until the writer has had `count` answers; fails after a minute.
  func acknowledged(_ count: Int) async throws {
    let promise = loop.makePromise(of: Void.self)
    loop.execute {
      if self.answers >= count {
        promise.succeed(())
      } else {
        self.waitingForAnswers = (count, promise)
      }
    }
    let limit = loop.scheduleTask(in: .seconds(60)) {
      promise.fail(BenchError("the writer was not answered for a minute"))
    }
    defer { limit.cancel() }
    try await promise.futureResult.get()
  }

  /// Waits until every watcher has `messages` messages; fails after a minute.
  func reached(messages: Int) async throws {
    let promise = loop.makePromise(of: Void.self)
    loop.execute {
      if self.complete >= messages {
        promise.succeed(())
      } else {
        self.waiting = (messages, promise)
      }
    }
    let limit = loop.scheduleTask(in: .seconds(60)) {
      promise.fail(BenchError("a watcher got nothing for a minute"))
    }
    defer { limit.cancel() }
    try await promise.futureResult.get()
  }

  func result(perSecond: Int, paced: Int, flatOut: Double) async throws -> FanOut.Result {
    let rows = try await loop.submit { self.deliveries.prefix(paced).map { $0.sorted() } }.get()
    func pair(_ pick: ([UInt32]) -> UInt32) -> (p50: Double, p99: Double) {
      var histogram = LatencyHistogram()
      for row in rows where !row.isEmpty {
        histogram.record(nanoseconds: UInt64(pick(row)) * 1_000)
      }
      return (histogram.microseconds(at: 0.5), histogram.microseconds(at: 0.99))
    }
    return FanOut.Result(
      watchers: watchers, perSecond: perSecond, messages: paced, first: pair { $0[0] },
      median: pair { $0[$0.count / 2] }, last: pair { $0[$0.count - 1] }, flatOutPerSecond: flatOut)
  }
}

/// One connection that signs in and then only listens.
final class Watcher: LineReceiver {
  private let peer: Peer
  private let purpose: SignIn.Purpose
  private let ready: EventLoopPromise<UInt64>
  private let board: DeliveryBoard?
  private var signIn: SignIn
  private var isReady = false

  init(peer: Peer, purpose: SignIn.Purpose, ready: EventLoopPromise<UInt64>, board: DeliveryBoard?) {
    self.peer = peer
    self.purpose = purpose
    self.ready = ready
    self.board = board
    self.signIn = SignIn(peer: peer, purpose: purpose)
  }

  func connected(_ channel: any Channel) {
    guard let first = signIn.begin(channel.allocator) else {
      isReady = true
      return ready.succeed(0)
    }
    channel.writeAndFlush(first, promise: nil)
  }

  func received(_ line: ByteBuffer, on channel: any Channel) {
    if isReady, case .put = purpose {
      if line.isDone(for: peer) { board?.answered() }
      return
    }
    if isReady {
      guard let board, let number = Watcher.number(in: line) else { return }
      return board.delivered(number, at: MonotonicTime.nanoseconds)
    }
    do throws(BenchError) {
      if case .ready(let last) = try signIn.take(line) {
        isReady = true
        ready.succeed(last)
      }
    } catch {
      failed(error)
    }
  }

  func failed(_ error: BenchError) {
    if !isReady { ready.fail(error) }
    isReady = true
  }

  /// The number behind `bench-` in a pushed line; nil in any other line.
  private static func number(in line: ByteBuffer) -> Int? {
    line.withUnsafeReadableBytes { bytes in
      let mark: StaticString = "bench-"
      var index = 0
      while index + 6 < bytes.count {
        if bytes[index] == UInt8(ascii: "b"), memcmpPrefix(bytes, at: index, mark) {
          var number = 0
          var position = index + 6
          while position < bytes.count, (48...57).contains(bytes[position]) {
            number = number * 10 + Int(bytes[position] - 48)
            position += 1
          }
          return number
        }
        index += 1
      }
      return nil
    }
  }

  private static func memcmpPrefix(
    _ bytes: UnsafeRawBufferPointer, at index: Int, _ mark: StaticString
  ) -> Bool {
    guard index + mark.utf8CodeUnitCount <= bytes.count else { return false }
    for offset in 0..<mark.utf8CodeUnitCount where bytes[index + offset] != mark.utf8Start[offset] {
      return false
    }
    return true
  }
}
