import Glibc
import LineProtocol
import NIOCore
import NIOPosix

/// One run of the bench: which measurements, against whom. The folder holds what scripts/bench.sh made with
/// `taizhangd`: `durable-*.device` (one ledger), `fan-writer.device`, `fan-watcher.device`, `catch.device`.
struct BenchRun {
  let group: MultiThreadedEventLoopGroup
  let folder: String
  let redis: Peer?
  let serverPid: Int
  let redisPid: Int?
  let seconds: Double
  /// The cells of the table of durable writes that are wanted, as `50x16`; nil for all.
  let cells: Set<String>?
  /// What devices speak in blocks with; nil: plain lines.
  var blocks: BlockSpeech?
  var figures = Figures()

  /// Prints progress to standard error, so that `--json` stays clean.
  func say(_ text: String) {
    let line = Array("\(text)\n".utf8)
    // Progress only: when it cannot be written there is nobody to tell.
    _ = write(2, line, line.count)
  }

  mutating func machine() throws {
    let machine = try Machine(folder: folder)
    figures.add("machine.cores", Double(machine.cores), "")
    figures.add("machine.fdatasync_p50", machine.syncMedianMicroseconds, "us")
    figures.add("machine.fdatasync_p99", machine.syncP99Microseconds, "us")
  }

  mutating func durable() async throws {
    let devices = try DeviceFile.all(in: "\(folder)/durable", blocks: blocks)
    try await Seeder(group: group, device: devices[0]).fill(problems: 200, fields: 1)
    let ours = DurableWrites(group: group, peers: devices.map(Peer.taizhang), seconds: seconds)
    let theirs = redis.map { DurableWrites(group: group, peers: [$0], seconds: seconds) }
    for (connections, depth) in [
      (1, 1), (1, 16), (1, 64), (8, 1), (8, 16), (8, 64), (50, 1), (50, 16), (50, 64),
    ] where cells?.contains("\(connections)x\(depth)") ?? true {
      say("durable writes, \(connections) connections x \(depth) in flight")
      let result = try await ours.run(connections: connections, depth: depth)
      let peer = try await theirs?.run(connections: connections, depth: depth)
      let name = "durable.\(connections)x\(depth)"
      figures.add(
        "\(name).acts", result.perSecond, "/s", peer: peer?.perSecond,
        target: BenchRun.target(connections, depth))
      figures.add("\(name).ack_p50", result.p50Microseconds, "us", peer: peer?.p50Microseconds)
      figures.add("\(name).ack_p99", result.p99Microseconds, "us", peer: peer?.p99Microseconds)
    }
  }

  private static func target(_ connections: Int, _ depth: Int) -> Figures.Target? {
    switch (connections, depth) {
    case (50, 16), (50, 64): .atLeast(1.0)
    case (1, 1): .atLeast(0.8)
    default: nil
    }
  }

  mutating func fanOut() async throws {
    let writer = try DeviceFile(path: "\(folder)/fan/writer.device", blocks: blocks)
    let watcher = try DeviceFile(path: "\(folder)/fan/watcher.device", blocks: blocks)
    try await Seeder(group: group, device: writer).fill(problems: 1, fields: 0)
    let ours = FanOut(group: group, writer: .taizhang(writer), watcher: .taizhang(watcher))
    for watchers in [100, 1_000] {
      say("fan-out to \(watchers) watchers")
      let messages = Int(seconds * 100)
      let burst = 200_000 / watchers
      let result = try await ours.run(
        watchers: watchers, perSecond: 100, messages: messages, burst: burst)
      var peer: FanOut.Result?
      if let redis {
        peer = try await FanOut(group: group, writer: redis, watcher: redis)
          .run(watchers: watchers, perSecond: 100, messages: messages, burst: burst)
      }
      let name = "fanout.\(watchers)"
      figures.add("\(name).first_p50", result.first.p50, "us", peer: peer?.first.p50)
      figures.add("\(name).first_p99", result.first.p99, "us", peer: peer?.first.p99)
      figures.add("\(name).median_p50", result.median.p50, "us", peer: peer?.median.p50)
      figures.add("\(name).median_p99", result.median.p99, "us", peer: peer?.median.p99)
      figures.add("\(name).last_p50", result.last.p50, "us", peer: peer?.last.p50)
      let target: Figures.Target? = watchers == 1_000 ? .atMost(1.5) : nil
      figures.add("\(name).last_p99", result.last.p99, "us", peer: peer?.last.p99, target: target)
      figures.add("\(name).flat_out", result.flatOutPerSecond, "/s", peer: peer?.flatOutPerSecond)
    }
  }

  mutating func catchUp() async throws {
    let device = try DeviceFile(path: "\(folder)/catch/catch.device", blocks: blocks)
    say("catch-up of 10,000 problems x 10 fields")
    try await Seeder(group: group, device: device).fill(problems: 10_000, fields: 10)
    let result = try await CatchUp(group: group, device: device).run()
    figures.add("catchup.lines", Double(result.lines), "")
    figures.add("catchup.seconds", result.seconds, "s")
    figures.add("catchup.bytes", Double(result.bytes), "B")
    figures.add("catchup.bytes_per_line", Double(result.bytes) / Double(max(1, result.lines)), "B")
    figures.add("unchanged.bytes", Double(result.unchangedBytes), "B")
    figures.add("unchanged.ms", result.unchangedMilliseconds, "ms")
  }

  mutating func idle() async throws {
    let watcher = Peer.taizhang(try DeviceFile(path: "\(folder)/fan/watcher.device", blocks: blocks))
    for connections in [1_000, 5_000] {
      say("memory of \(connections) idle connections")
      let ours = try await IdleMemory(group: group, peer: watcher, pid: serverPid)
        .run(connections: connections, cursor: nil)
      var peer: IdleMemory.Result?
      if let redis, let redisPid {
        peer = try await IdleMemory(group: group, peer: redis, pid: redisPid).run(
          connections: connections, cursor: nil)
      }
      figures.add(
        "idle.\(connections).memory_each", ours.kilobytesEach, "KB", peer: peer?.kilobytesEach)
    }
  }

  /// The size of one edit of a clerk's sentence on the wire, tag and verb included.
  mutating func bytesPerEdit() throws {
    let device = try DeviceFile(path: "\(folder)/catch/catch.device", blocks: blocks)
    var writer = RequestWriter(peer: .taizhang(device), n: 100)
    var buffer = ByteBuffer()
    for number in 0..<100 {
      writer.write(
        problem: 15, sentence: UInt64(number), at: MonotonicTime.wallMilliseconds, to: &buffer)
    }
    figures.add("edit.bytes", Double(buffer.readableBytes) / 100, "B")
  }
}

extension BenchRun {
  /// What TLS costs, with devices that are enrolled here and now: durable writes over it and over plain TCP in turn, and
  /// the server's memory for each idle connection. Nothing where there are no enrolment lines.
  mutating func overTLS() async throws {
    let path = "\(folder)/tls.lines"
    guard access(path, R_OK) == 0 else { return }
    say("enrolling over TLS")
    let enrolled = try await BenchEnrolment(group: group).devices(lines: path)
    let plain = try DeviceFile.all(in: "\(folder)/durable", blocks: blocks)
    try await Seeder(group: group, device: plain[0]).fill(problems: 200, fields: 1)
    let connections = min(50, enrolled.count, plain.count)
    say("durable writes over TLS and plain, \(connections) connections x 16 in flight")
    let over = DurableWrites(group: group, peers: enrolled.map(Peer.taizhang), seconds: seconds)
    let under = DurableWrites(group: group, peers: plain.map(Peer.taizhang), seconds: seconds)
    var (tls, tcp): ([Double], [Double]) = ([], [])
    // In turn, so that what else the machine does weighs on both.
    for _ in 0..<3 {
      tcp.append(try await under.run(connections: connections, depth: 16).perSecond)
      tls.append(try await over.run(connections: connections, depth: 16).perSecond)
    }
    figures.add(
      "tls.\(connections)x16.acts", tls.sorted()[1], "/s", peer: tcp.sorted()[1], target: .atLeast(0.8))
    // Of a small ledger: what is measured is the connection, not the first sync.
    let watchers = try await BenchEnrolment(group: group).devices(lines: "\(folder)/tls-idle.lines")
    say("memory of 1,000 idle connections over TLS")
    let idle = try await IdleMemory(group: group, peer: .taizhang(watchers[0]), pid: serverPid)
      .run(connections: 1_000, cursor: nil)
    figures.add("tls.idle.1000.memory_each", idle.kilobytesEach, "KB")
  }
}
