import ArgumentParser
import EditModel
import LedgerAdmin
import LedgerServer
import LedgerStore

/// `taizhangd restore SET`.
struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Put a snapshot set in the place of what the data folder holds (恢复).",
    discussion: """
      Needs a stopped server. Everything in the set is checked, and what will come of it is said, before anything is touched: \
      what will be there, and what stands now and will not be. What stood is kept in DATA/replaced. Seats and devices come from the set only where no seat stands. With --ledger only that ledger is \
      checked and restored; the other ledgers and the seats stay as they are. A sealed set, from wherever it was shipped to, \
      needs --key with the file of a recovery secret. Exit codes: 0 restored; 1 \
      refused or failed, and the ledgers are as they were, or done and not printed; 75 a server runs on the data folder.
      """)

  @OptionGroup var options: DataOptions
  @Argument(help: "A set's folder, or its name in DATA/snapshots.")
  var set: String
  @OptionGroup var key: RecoverySecretOptions
  @Option(help: "Restore this ledger of the set only; may be given several times.")
  var ledger: [String] = []
  @Option(help: "Restore what the server had accepted by then: '昨天 17:00', '2026-11-25 17:00', or a seq of one ledger.")
  var until: String?
  @Flag(help: "Let what devices made before now wait for the round owner (taizhangd quarantine); --until always does.")
  var hold = false
  @Flag(help: "Put ledgers of the same names aside.")
  var overwrite = false
  @Flag(help: "Say what would come of it, and touch nothing; a server may run.")
  var dryRun = false

  func run() throws {
    let ledgers = try ledger.map(NameArgument.ledger)
    let secrets = try key.secrets()
    let bar = ProgressBar()
    let report: SnapshotRestoring.Report? = try AdminWords.telling {
      defer { bar.clear() }
      let folder = try options.configuration().data
      var order = try order(of: folder)
      order.ledgers = ledgers
      order.secrets = secrets
      order.progress = { bar.show($0) }
      let tell = { (forecast: RestoreForecast) in
        bar.clear()
        for line in forecast.ledgers.flatMap(ForecastText.lines) { Output.line(line) }
      }
      guard !dryRun else {
        tell(try SnapshotRestoring.forecast(order, into: folder))
        return nil
      }
      let report = try SnapshotRestoring.restore(order, into: folder, telling: tell)
      try CommandAuthor.note(.restore, [order.set.name] + report.ledgers.map(\.name.string), in: folder)
      return report
    }
    guard let report else { return Output.line("Nothing was touched (只是预演，什么也没有改动).") }
    for ledger in report.ledgers { Output.line(RestoreCommand.text(ledger)) }
    for ledger in report.leftOut { Output.line(RestoreCommand.text(ledger)) }
    for line in RestoreCommand.rest(report) { Output.line(line) }
  }

  private func order(of folder: DataFolder) throws -> RestoreOrder {
    let path = SetArgument.path(set, in: folder)
    var order = RestoreOrder(set: try SnapshotSet(reading: path), now: DataOptions.now()) {
      var generator = SystemRandomNumberGenerator()
      return generator.next()
    }
    order.overwrite = overwrite
    order.until = try until.map(MomentArgument.moment)
    order.hold = hold
    order.author = CommandAuthor.current()
    return order
  }

  private static func text(_ ledger: SnapshotRestoring.Ledger) -> String {
    let before =
      switch ledger.before {
      case .nothing: "nothing stood here"
      case .unreadable: "what stood here could not be read"
      case .ledger(let seq, let epoch): "was at seq \(seq) of \(epoch)"
      }
    let listed = ledger.isNewlyListed ? "; added to the list of ledgers" : ""
    let held =
      ledger.heldThrough == nil
      ? "" : "; what devices made before now waits for the round owner (恢复前写的等候办公室决定): taizhangd quarantine list"
    return
      "ledger\t\(ledger.name)\t\(before); is now at seq \(ledger.seq) of \(ledger.epoch)\(listed)\(held)"
  }

  private static func text(_ ledger: SnapshotRestoring.LeftOut) -> String {
    let words =
      ledger.stands
      ? "what stands here stays as it is (快照未包含，保持原样)"
      : "nothing stands here: it is not served until an older set that holds it is restored, its devices keep what "
        + "they have (快照未包含，此处也没有)"
    return "left out\t\(ledger.name)\tnot in the set; \(words)"
  }

  private static func rest(_ report: SnapshotRestoring.Report) -> [String] {
    [
      report.replaced.map {
        "kept\t\($0)\tWhat stood before. Nothing removes it; delete it when it is needed no more."
      }
        ?? "kept\t-\tNothing stood before.",
      report.restoredSeats
        ? "seats\tfrom the set\tDevices enrolled since are unknown: taizhangd enrol SEAT --again REPLICA lets one back in. "
          + "Devices revoked and seats handed over since are as before: do it again, before you serve (此后停用的设备、交接的岗位都"
          + "回到快照时的样子，请先重做再开服务)."
        : "seats\tas they stand\tThe set's were not used: who was enrolled or removed since stays so.",
      report.ledgers.contains { $0.heldThrough != nil }
        ? "Restored (已恢复). When devices connect, each offers again what it had made; it waits in the quarantine until the round "
          + "owner decides. Next: taizhangd serve, then taizhangd quarantine list"
        : "Restored (已恢复). When devices connect, each sends again what it had made above the restored line; edits above it by "
          + "others stay on the devices that hold them, and `taizhang status` there lists them. Next: taizhangd serve",
    ]
  }
}
