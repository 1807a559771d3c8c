import ArgumentParser
import LedgerAdmin
import LedgerServer
import LedgerStore

/// `taizhangd status`.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Say whether a server runs here, and what the data folder holds (状态).",
    discussion: "Snapshots and what restores put aside are listed with the room that they take.")

  @OptionGroup var options: DataOptions

  func run() throws {
    let (folder, seats) = try options.seats()
    Output.line("data\t\(folder.path)")
    Output.line("server\t\(running(folder))")
    let devices = try seats.devices()
    for entry in try seats.ledgers() {
      let reader = try HistoryReader(path: folder.ledger(entry.name))
      let header = try reader.header()
      let count = devices.filter { $0.ledger == entry.name }.count
      Output.line(
        "ledger\t\(entry.name)\t\(entry.isArchived ? "archived" : "live")\tepoch \(header.epoch)\t"
          + "last \(try reader.lastSeq())\tdevices \(count)")
      try reader.close()
    }
    try seats.close()
    for line in StatusCommand.kept(folder) { Output.line(line) }
  }

  /// What takes room beside the ledgers, and how it is made.
  private static func kept(_ folder: DataFolder) -> [String] {
    let (snapshots, replaced) = (folder.keptSnapshots, folder.keptReplaced)
    let remove = "never removed by the program; delete a folder in it that is needed no more"
    var lines = ["snapshots\t\(snapshots.count) kept, \(size(snapshots.bytes))\t\(snapshots.path): \(remove)"]
    if replaced.count > 0 {
      lines.append("replaced\t\(replaced.count) kept, \(size(replaced.bytes))\t\(replaced.path): \(remove)")
    }
    return lines
      + folder.leftOvers.map { path in
        "left over\t\(path)\tfrom a snapshot or a restore that is going on or was cut off; the next one removes it"
      }
  }

  private static func size(_ bytes: UInt64) -> String {
    bytes < 10 << 20 ? "\((bytes + 1_023) / 1_024) KiB" : "\(bytes >> 20) MiB"
  }

  /// What listens on this folder: its lock is the proof, the file `port` only says where.
  private func running(_ folder: DataFolder) -> String {
    do throws(ServerError) {
      try folder.takeLock().release()
      return "not running"
    } catch {
      return "running on \(PlainFile.text(of: folder.port)?.split(separator: "\n").first ?? "an unknown port")"
    }
  }
}
