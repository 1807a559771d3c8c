import ArgumentParser
import LedgerAdmin
import LedgerServer
import LedgerStore

/// `taizhangd status`.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Say whether a server runs here, and what the data folder holds (状态).")

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
