import ArgumentParser
import EditModel
import LedgerAdmin
import LedgerRules
import LedgerServer
import LedgerStore

/// `taizhangd status`.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Say whether a server runs here, and what the data folder holds (状态).",
    discussion: """
      Snapshots and what restores put aside are listed with the room that they take, and the newest set that was proved. Exit \
      codes: 0 all is well; 1 a ledger cannot be read, or no set was proved for longer than proof_hours.
      """)

  @OptionGroup var options: DataOptions

  func run() throws {
    let (folder, seats) = try options.seats()
    Output.line("data\t\(folder.path)")
    for line in StatusCommand.server(folder, try seats.addresses()) { Output.line(line) }
    if let line = ClockCommand.alarm(try seats.clockMark()) { Output.line(line) }
    let devices = try seats.devices()
    let ledgers = ListedLedger.all(try seats.ledgers(), in: folder)
    try seats.close()
    for ledger in ledgers {
      let count = devices.filter { $0.ledger == ledger.name }.count
      Output.line(
        "ledger\t\(ledger.name)\t\(ledger.state)\tepoch \(ledger.epoch)\tlast \(ledger.lastSeq)\tdevices \(count)")
    }
    if let line = StatusCommand.identity(folder) { Output.line(line) }
    Output.line(SealingText.line(folder))
    for line in try StatusCommand.held(folder) { Output.line(line) }
    for line in StatusCommand.kept(folder) { Output.line(line) }
    let (health, now) = (SnapshotHealth(of: folder), DataOptions.now())
    for line in ProofText.health(health, now: now) { Output.line(line) }
    for line in try StatusCommand.shipped(folder, to: options.configuration().shipTo, now: now) { Output.line(line) }
    try ListedLedger.requireReadable(ledgers)
    if !ledgers.isEmpty,
      let alarm = ProofText.alarm(health, now: now, limitHours: try options.configuration().proofHours)
    {
      throw alarm
    }
  }

  /// Where a server runs, and where devices are told that it is.
  private static func server(_ folder: DataFolder, _ told: AnnouncedAddresses) -> [String] {
    guard let plain = DataOptions.runningServer(on: folder) else {
      return ["server\tnot running (未运行)"] + announced(told)
    }
    let tls = DataOptions.runningTLS(on: folder).map { ", over TLS on \($0)" } ?? ", not over TLS (没有加密端口)"
    return ["server\trunning on \(plain)\(tls)"] + announced(told)
  }

  private static func announced(_ told: AnnouncedAddresses) -> [String] {
    let moved = told.moved.map {
      "moved\tdevices are told that the server is at \($0) (迁址通知生效中); taizhangd moved - takes it back"
    }
    return [moved, told.second.map { "second\tdevices are told of \($0) (备用地址)" }].compactMap(\.self)
  }

  /// The identity: whether it was exported, until which it is lost with this disk. Nil before there is one.
  private static func identity(_ folder: DataFolder) -> String? {
    let identity = IdentityFolder(folder)
    guard identity.exists else { return nil }
    guard identity.exportedAt == nil else { return "identity\texported (身份已备份)" }
    return
      "identity\tNOT EXPORTED: if this disk is lost, every device must be enrolled anew. Next: taizhangd identity export FILE "
      + "(身份密钥尚未备份：磁盘一坏，所有设备都要重新登记。请运行 taizhangd identity export 文件)"
  }

  /// What devices have handed over that are shut out or unknown.
  private static func held(_ folder: DataFolder) throws -> [String] {
    guard PlainFile.exists(folder.quarantine) else { return [] }
    let store = try QuarantineStore(path: folder.quarantine)
    let waiting = try store.waiting()
    try store.close()
    return waiting.map { one in
      "held\t\(one.replica)\t\(one.ledger?.string ?? "-")\t\(one.acts) \(one.acts == 1 ? "act waits" : "acts wait") for a decision (\(one.acts) 条等候处理), the last "
        + "of \(ChinaClock.full(one.last))"
    }
  }

  /// How far behind each folder is that sets are shipped to.
  private static func shipped(_ folder: DataFolder, to destinations: [String], now: Stamp) -> [String] {
    let arrivals = ShippingRecord(of: folder).arrivals
    return Set(destinations).union(arrivals.keys).sorted().map { destination in
      let arrival = arrivals[destination].map { "\($0.set)\tthere \(ChinaTime.contact($0.at, now: now))" }
      return "shipped\t\(destination)\t\(arrival ?? "nothing yet (尚未送达)")"
    }
  }

  /// What takes room beside the ledgers, and how it is made.
  private static func kept(_ folder: DataFolder) -> [String] {
    let (snapshots, replaced) = (folder.keptSnapshots, folder.keptReplaced)
    let remove = "never removed by the program; delete a folder in it that is needed no more"
    var lines = [
      "snapshots\t\(snapshots.count) folders, \(size(snapshots.bytes))\t\(snapshots.path): taizhangd snapshots prune"
    ]
    if replaced.count > 0 {
      lines.append("replaced\t\(replaced.count) folders, \(size(replaced.bytes))\t\(replaced.path): \(remove)")
    }
    return lines
      + folder.leftOvers.map { path in
        "left over\t\(path)\tfrom a snapshot or a restore that is going on or was cut off; the next of its kind removes it"
      }
  }

  private static func size(_ bytes: UInt64) -> String {
    bytes < 10 << 20 ? "\((bytes + 1_023) / 1_024) KiB" : "\(bytes >> 20) MiB"
  }
}
