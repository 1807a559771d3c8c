import EditModel
import LineProtocol
import NIOCore
import NIOPosix
import Synchronization

/// Durable writes in a closed loop: every connection keeps a fixed number of requests in flight.
struct DurableWrites: Sendable {
  /// One cell of the table.
  struct Result: Sendable {
    let connections: Int
    let depth: Int
    let perSecond: Double
    let p50Microseconds: Double
    let p99Microseconds: Double
  }

  let group: MultiThreadedEventLoopGroup
  /// Whom each connection speaks as; connection `c` uses `peers[c % count]`.
  let peers: [Peer]
  let seconds: Double

  /// Runs `connections` x `depth` for the set time, after a fifth of it as a warm-up.
  func run(connections: Int, depth: Int) async throws -> Result {
    let window = RunWindow()
    var histograms: [EventLoopFuture<LatencyHistogram>] = []
    var channels: [any Channel] = []
    for index in 0..<connections {
      let peer = peers[index % peers.count]
      let finished = group.any().makePromise(of: LatencyHistogram.self)
      histograms.append(finished.futureResult)
      channels.append(
        try await Connector(group: group, peer: peer).open {
          ClosedLoop(peer: peer, depth: depth, problems: 200, window: window, finished: finished)
        })
    }
    window.start(after: seconds / 5, for: seconds)
    var histogram = LatencyHistogram()
    for future in histograms { try await histogram.merge(future.get()) }
    for channel in channels { try? await channel.close() }  // closing twice is no fault here
    return Result(
      connections: connections, depth: depth, perSecond: Double(histogram.count) / seconds,
      p50Microseconds: histogram.microseconds(at: 0.5),
      p99Microseconds: histogram.microseconds(at: 0.99))
  }
}

/// When a run begins and ends. Set once by the task that owns the run, read by the event loops after every answer.
final class RunWindow: Sendable {
  private let beginAt = Atomic<UInt64>(.max)
  private let endAt = Atomic<UInt64>(.max)

  /// Counts from `delay` seconds from here, for `seconds`.
  func start(after delay: Double, for seconds: Double) {
    let now = MonotonicTime.nanoseconds
    endAt.store(now + UInt64((delay + seconds) * 1e9), ordering: .relaxed)
    beginAt.store(now + UInt64(delay * 1e9), ordering: .relaxed)
  }

  /// Whether an answer at `time` counts.
  func counts(_ time: UInt64) -> Bool {
    time >= beginAt.load(ordering: .relaxed) && time < endAt.load(ordering: .relaxed)
  }

  /// Whether the run is over at `time`.
  func isOver(_ time: UInt64) -> Bool {
    time >= endAt.load(ordering: .relaxed)
  }
}

/// One connection of a closed loop.
final class ClosedLoop: LineReceiver {
  private let peer: Peer
  private let depth: Int
  private let problems: Int
  private let window: RunWindow
  private let finished: EventLoopPromise<LatencyHistogram>
  private var signIn: SignIn
  private var writer: RequestWriter?
  private var sent: [UInt64] = []
  private var answered = 0
  private var owed = 0
  private var random: UInt64
  private var histogram = LatencyHistogram()
  private var isFinished = false

  init(
    peer: Peer, depth: Int, problems: Int, window: RunWindow,
    finished: EventLoopPromise<LatencyHistogram>
  ) {
    self.peer = peer
    self.depth = depth
    self.problems = problems
    self.window = window
    self.finished = finished
    self.signIn = SignIn(peer: peer, purpose: .put)
    self.random = MonotonicTime.nanoseconds | 1
  }

  func connected(_ channel: any Channel) {
    guard let first = signIn.begin(channel.allocator) else { return begin(n: 1, on: channel) }
    channel.writeAndFlush(first, promise: nil)
  }

  func received(_ line: ByteBuffer, on channel: any Channel) {
    guard writer != nil else { return prepare(line, channel) }
    guard line.isDone(for: peer) else {
      return failed(BenchError("a write was refused: \(String(buffer: line))"))
    }
    let now = MonotonicTime.nanoseconds
    if window.counts(now) { histogram.record(nanoseconds: now - sent[answered % depth]) }
    answered += 1
    owed += 1
  }

  func readEnded(_ channel: any Channel) {
    if !isFinished, writer != nil, window.isOver(MonotonicTime.nanoseconds) { finish(channel) }
    guard owed > 0, !isFinished else { return }
    send(owed, on: channel)
    owed = 0
  }

  func failed(_ error: BenchError) {
    guard !isFinished else { return }
    isFinished = true
    finished.fail(error)
  }

  private func prepare(_ line: ByteBuffer, _ channel: any Channel) {
    do throws(BenchError) {
      if case .ready(let last) = try signIn.take(line) { begin(n: last + 1, on: channel) }
    } catch {
      failed(error)
    }
  }

  private func begin(n: UInt64, on channel: any Channel) {
    writer = RequestWriter(peer: peer, n: n)
    sent = [UInt64](repeating: 0, count: depth)
    send(depth, on: channel)
  }

  /// Sends `count` requests in one write.
  private func send(_ count: Int, on channel: any Channel) {
    var buffer = channel.allocator.buffer(capacity: count * 128)
    let now = MonotonicTime.nanoseconds
    let wall = MonotonicTime.wallMilliseconds
    for offset in 0..<count {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let problem = Int(random >> 33) % problems + 1
      sent[(answered - count + offset + depth) % depth] = now
      writer?.write(problem: problem, sentence: random >> 40, at: wall, to: &buffer)
    }
    channel.writeAndFlush(buffer, promise: nil)
  }

  private func finish(_ channel: any Channel) {
    isFinished = true
    finished.succeed(histogram)
    channel.close(promise: nil)
  }
}
