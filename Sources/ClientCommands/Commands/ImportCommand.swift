import ArgumentParser
import EditModel
import LedgerClient
import LedgerReports
import LedgerRules

/// `taizhang import FILE`
struct ImportCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "import", abstract: Help.importing)
  }

  /// How long an import may take to reach the town.
  private static let limit = Duration.seconds(30)

  @Argument(help: Help.reportFile) var file: String
  @Flag(name: .customLong("dry-run"), help: Help.dryRun) var isDryRun = false
  @Flag(help: Help.anyway) var anyway = false
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let context = CommandContext(global)
    let replica = isDryRun ? nil : try openedByOwner(context)
    let report = ReportReader.read(try text(context))
    guard !report.problems.isEmpty else {
      if context.isJSON { context.print(report.summary) }
      throw CommandFailure(.nothingRead, "nothing-read", context.words.nothingRead(file))
    }
    guard let replica else { return say(report, context) }
    try await importReport(report, into: replica, context)
  }

  /// Only the round owner imports; said before anything is read or written.
  private func openedByOwner(_ context: CommandContext) throws -> Replica {
    let replica = try context.replica()
    guard let facts = try replica.info().facts else {
      throw CommandFailure(.offline, "no-seat", context.words.seatNotKnown)
    }
    guard facts.role == .roundOwner else {
      throw CommandFailure(.refused, "not-owner", context.words.importIsOwners(facts.role))
    }
    return replica
  }

  private func text(_ context: CommandContext) throws -> String {
    do throws(TextSource.Flaw) {
      return try Charset.text(of: try TextSource.bytes(of: file))
    } catch {
      throw CommandFailure(.storage, "file", context.words.sentence(error, path: file))
    }
  }

  private func say(_ report: ParsedReport, _ context: CommandContext) {
    guard !context.isJSON else { return context.print(report.summary) }
    context.say(context.words.found(report))
    for line in context.words.declared(report) { context.say(line) }
    for warning in report.warnings {
      context.say(context.paint.yellow(context.words.warning(warning)))
    }
  }

  private func importReport(
    _ report: ParsedReport, into replica: Replica, _ context: CommandContext
  ) async throws {
    let state = try replica.view().shown
    try refuseOtherRound(report, state, context)
    let plan = ReportImport(report, into: state)
    if let flaw = plan.flaws.first {
      throw CommandFailure(
        .usage, "value", context.words.importFlaw(flaw, more: plan.flaws.count - 1))
    }
    if !context.isJSON { say(report, context) }
    guard !plan.acts.isEmpty else {
      context.isJSON
        ? context.print(.object(facts(plan) + [JSONMember("state", "nothing_new")]))
        : context.say(context.words.nothingNew)
      return
    }
    let acts = try recorded(plan, in: replica, context)
    if !context.isJSON {
      context.say(context.words.imported(acts: acts.count, edits: plan.changeCount))
    }
    try await Delivery(of: acts, from: replica, upTo: ImportCommand.limit).report(
      facts(plan), context)
  }

  /// The report of another town or round would overwrite the sources of this one; said before anything is written.
  private func refuseOtherRound(
    _ report: ParsedReport, _ state: LedgerState, _ context: CommandContext
  ) throws {
    let conflicts = ReportImport.conflicts(report, state)
    guard !anyway, !conflicts.isEmpty else { return }
    throw CommandFailure(.refused, "other-round", context.words.otherRound(conflicts))
  }

  /// All acts or none, in one transaction.
  private func recorded(_ plan: ReportImport, in replica: Replica, _ context: CommandContext) throws -> [ActID] {
    let drafts = plan.acts.map { changes -> (ActID) -> [Change] in { _ in changes } }
    do throws(ClientError) {
      return try replica.recordAll(drafts).map(\.id)
    } catch {
      guard case .notWritable(let field) = error, field == nil else { throw error }
      throw CommandFailure(.usage, "act-size", context.words.importTooLarge)
    }
  }

  private func facts(_ plan: ReportImport) -> [JSONMember] {
    [
      JSONMember("act_count", .count(plan.acts.count)),
      JSONMember("edit_count", .count(plan.changeCount)),
    ]
  }
}
