import ArgumentParser
import NIOCore
import NIOPosix

/// `taizhang-bench`: see scripts/bench.sh, which starts the servers and makes the devices.
struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "taizhang-bench",
    abstract: "Measures taizhangd over its own protocol, beside redis-server in the same run.",
    discussion:
      "Figures depend on the machine: read the ratios. Exit code 0 also when a target is missed.")

  @Option(help: "The folder with the device files (made by scripts/bench.sh).")
  var devices: String

  @Option(help: "The process id of taizhangd, for its memory.")
  var serverPid: Int

  @Option(help: "host:port of redis-server (appendonly yes, appendfsync always).")
  var redis: String?

  @Option(help: "The process id of redis-server.")
  var redisPid: Int?

  @Option(help: "Seconds each cell is measured for.")
  var seconds: Double = 2

  @Option(help: "Only these: durable, fanout, catchup, idle, tls, wire (comma between them).")
  var only: String?

  @Flag(help: "Speak in blocks where the server offers them.")
  var deflate = false

  @Option(help: "Of the durable writes only these: connections x in flight, as 1x1,50x16.")
  var cells: String?

  @Option(help: "Further figures as name=value=unit, measured elsewhere in the same run.")
  var figure: [String] = []

  @Flag(help: "Print one JSON object instead of the table.")
  var json = false

  init() {}

  func run() async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    var run = BenchRun(
      group: group, folder: devices, redis: try redisPeer(), serverPid: serverPid,
      redisPid: redisPid,
      seconds: seconds, cells: cells.map { Set($0.split(separator: ",").map(String.init)) })
    if deflate { run.blocks = BlockSpeech() }
    let wanted = only.map { Set($0.split(separator: ",").map(String.init)) }
    func isWanted(_ name: String) -> Bool { wanted?.contains(name) ?? true }
    try run.machine()
    if isWanted("durable") { try await run.durable() }
    if isWanted("fanout") { try await run.fanOut() }
    if isWanted("catchup") {
      try await run.catchUp()
      try run.bytesPerEdit()
    }
    if isWanted("idle") { try await run.idle() }
    if isWanted("tls") { try await run.overTLS() }
    if isWanted("wire") { try run.wire() }
    for text in figure { try addFigure(text, to: &run.figures) }
    print(json ? run.figures.json : run.figures.table)
    try await group.shutdownGracefully()
  }

  private func addFigure(_ text: String, to figures: inout Figures) throws {
    let parts = text.split(separator: "=").map(String.init)
    guard parts.count == 3, let value = Double(parts[1]) else {
      throw ValidationError("--figure takes name=value=unit, not '\(text)'")
    }
    figures.add(parts[0], value, parts[2])
  }

  private func redisPeer() throws -> Peer? {
    guard let redis else { return nil }
    let parts = redis.split(separator: ":").map(String.init)
    guard parts.count == 2, let port = Int(parts[1]) else {
      throw ValidationError("--redis takes host:port, not '\(redis)'")
    }
    return .redis(host: parts[0], port: port)
  }
}
