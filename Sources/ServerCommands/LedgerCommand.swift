import ArgumentParser
import EditModel
import LedgerAdmin
import LedgerServer
import LedgerStore
import LineProtocol

/// `taizhangd ledger …`.
struct LedgerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger", abstract: "Add, list and archive ledgers (台账).",
    subcommands: [Add.self, List.self, Archive.self])

  /// `taizhangd ledger add NAME`.
  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Add an empty ledger; a running server has it at once.")

    @OptionGroup var options: DataOptions
    @Argument(help: "The ledger's name, such as tucheng-2023.")
    var name: String

    func run() throws {
      let ledger = try NameArgument.ledger(name)
      let (folder, seats) = try options.newSeats()
      let now = DataOptions.now()
      guard try !seats.ledgers().contains(where: { $0.name == ledger }) else {
        throw StoreError.seats(.ledgerTaken(ledger))
      }
      var generator = SystemRandomNumberGenerator()
      let epoch = Epoch(generation: 1, id: generator.next())
      // The file first: a ledger that is listed can be opened. One that was left unlisted by a crash is in the way, and
      // its file says so.
      let path = folder.ledger(ledger)
      let wasThere = PlainFile.exists(path)
      do throws(StoreError) {
        try ServerStore.create(path: path, header: LedgerHeader(name: ledger, epoch: epoch, created: now))
      } catch {
        // What was begun is no ledger, and every snapshot would stumble over it.
        if !wasThere { for suffix in ["", "-wal", "-shm"] { PlainFile.remove(path + suffix) } }
        throw error
      }
      try seats.addLedger(ledger, at: now)
      try seats.close()
      Output.line("Added ledger \(ledger) (已建立台账). Next: taizhangd seat add SEAT --ledger \(ledger) --role ROLE")
    }
  }

  /// `taizhangd ledger list`.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the ledgers: name, state, last line.")

    @OptionGroup var options: DataOptions

    func run() throws {
      let (folder, seats) = try options.seats()
      let ledgers = ListedLedger.all(try seats.ledgers(), in: folder)
      try seats.close()
      for ledger in ledgers { Output.line("\(ledger.name)\t\(ledger.state)\t\(ledger.lastSeq)") }
      try ListedLedger.requireReadable(ledgers)
    }
  }

  /// `taizhangd ledger archive NAME`.
  struct Archive: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take no more edits into a ledger; it can still be read. `--undo` takes edits again.")

    @OptionGroup var options: DataOptions
    @Argument(help: "The ledger's name.")
    var name: String
    @Flag(help: "Take edits again.")
    var undo = false

    func run() throws {
      let ledger = try NameArgument.ledger(name)
      let (_, seats) = try options.seats()
      try seats.setArchived(ledger, !undo, at: DataOptions.now())
      try seats.close()
      Output.line(
        undo
          ? "Ledger \(ledger) takes edits again (已恢复). A running server follows within seconds."
          : "Ledger \(ledger) takes no more edits (已归档). A running server follows within seconds; edits wait on "
            + "their devices.")
    }
  }
}

/// What a ledger's file says of itself, for lists; one that cannot be read keeps no other from being listed.
struct ListedLedger {
  let name: ExactString
  /// `live`, `archived` or `unreadable`.
  let state: String
  /// The greatest seq, and the epoch; `-` when they cannot be read.
  let lastSeq: String
  let epoch: String
  private let trouble: StoreError?

  /// Reads the ledgers of `folder` that `entries` name.
  static func all(_ entries: [LedgerEntry], in folder: DataFolder) -> [ListedLedger] {
    let isServed = DataOptions.runningServer(on: folder) != nil
    return entries.map { ListedLedger($0, in: folder, isServed: isServed) }
  }

  private init(_ entry: LedgerEntry, in folder: DataFolder, isServed: Bool) {
    name = entry.name
    do throws(StoreError) {
      if !isServed { try ServerStore.checkLog(path: folder.ledger(entry.name)) }
      let reader = try HistoryReader(path: folder.ledger(entry.name))
      let header = try reader.header()
      let facts = (last: try reader.lastSeq(), epoch: header.epoch)
      try reader.close()
      guard header.name == entry.name else {
        throw .wrongKind(file: folder.ledger(entry.name), expected: "ledger file of \(entry.name)")
      }
      (state, lastSeq, epoch) = (entry.isArchived ? "archived" : "live", "\(facts.last)", "\(facts.epoch)")
      trouble = nil
    } catch {
      (state, lastSeq, epoch) = ("unreadable", "-", "-")
      trouble = error
    }
  }

  /// Says of each ledger that cannot be read why, and throws when there is one.
  static func requireReadable(_ ledgers: [ListedLedger]) throws {
    let broken = ledgers.filter { $0.trouble != nil }
    guard !broken.isEmpty else { return }
    let reasons = broken.compactMap { ledger in ledger.trouble.map { "\(ledger.name): \($0)" } }
    let chinese = broken.compactMap { ledger in ledger.trouble.map { "\(ledger.name)：\($0.chinese)" } }
    throw CommandProblem(
      "Not every ledger can be read. " + reasons.joined(separator: " "), chinese: "有台账无法读取。" + chinese.joined())
  }
}
