import ArgumentParser
import EditModel
import LedgerClient
import LedgerReports

/// `taizhang init FILE`
struct InitCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "init", abstract: Help.initialise)
  }

  @Argument(help: Help.deviceFile) var file: String
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let context = CommandContext(global)
    try context.checkFolder()
    try Confinement.forbid(file, context.words)
    let replica = try Replica.create(home: context.home, deviceFile: file)
    let progress = ProgressLine(context)
    let outcome = await replica.sync(upTo: SyncCommand.firstLimit, progress: progress.show)
    progress.clear()
    let info = try replica.info()
    if context.isJSON {
      context.print(
        .object([
          JSONMember("home", .string(info.home)), JSONMember("ledger", .string(info.ledger.string)),
          JSONMember("server", .string(info.server)),
          JSONMember("replica", .string(info.replica.description)),
          JSONMember("seat", .optional(info.seat?.description)),
          JSONMember("readmitted", .bool(replica.wasReadmitted)),
          JSONMember("received", .count(outcome.summary.received)),
          JSONMember("reason", .optional(outcome.offlineReason?.code)),
        ]))
      return
    }
    context.say(replica.wasReadmitted ? context.words.readmitted(info) : context.words.made(info))
    switch outcome {
    case .atTown(let summary): context.say(context.words.synced(summary))
    case .savedHere(_, let reason, _): context.say(context.words.notFetchedYet(reason))
    }
  }
}

extension SyncOutcome {
  /// Why not everything is level; nil when it is.
  var offlineReason: OfflineReason? {
    guard case .savedHere(_, let reason, _) = self else { return nil }
    return reason
  }
}
