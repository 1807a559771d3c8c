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
    try context.checkFolder()
    if file != "-" { try Confinement.forbid(file, context.words) }
    let replica = isDryRun ? nil : try openedByOwner(context)
    // A dry run needs no ledger; where there is one it says what would come of it.
    let standing = isDryRun ? try? context.replica().view().shown : nil
    let report = ReportReader.read(try text(context))
    guard !report.problems.isEmpty else {
      if context.isJSON { context.print(report.summary) }
      throw CommandFailure(.nothingRead, "nothing-read", context.words.nothingRead(file))
    }
    guard let replica else { return say(report, beside: standing, context) }
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
      return try Charset.text(of: file == "-" ? try TextSource.inputBytes() : try TextSource.bytes(of: file))
    } catch {
      throw CommandFailure(.storage, "file", context.words.sentence(error, path: file))
    }
  }

  /// What a dry run finds. Beside a ledger that is empty there is nothing to compare.
  private func say(_ report: ParsedReport, beside state: LedgerState?, _ context: CommandContext) {
    let review = state.flatMap { $0.problems().isEmpty ? nil : ImportReview(report, $0) }
    guard !context.isJSON else {
      let summary = ImportCommand.members(of: report.summary)
      return context.print(.object(summary + (review.map { [ImportCommand.member($0, state)] } ?? [])))
    }
    say(report, context)
    if let review, let state {
      if !review.shifts.isEmpty { context.say(context.paint.yellow(context.words.shifted(review.shifts, in: state))) }
      for line in context.words.review(review, in: state) { context.say(line) }
    }
  }

  private func say(_ report: ParsedReport, _ context: CommandContext) {
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
    let review = ImportReview(report, state)
    guard anyway || review.shifts.isEmpty else {
      throw CommandFailure(.refused, "shifted", context.words.shifted(review.shifts, in: state))
    }
    let plan = ReportImport(report, into: state)
    if let flaw = plan.flaws.first {
      throw CommandFailure(
        .usage, "value", context.words.importFlaw(flaw, more: plan.flaws.count - 1))
    }
    let facts = facts(plan) + ImportCommand.members(of: report.summary) + [ImportCommand.member(review, state)]
    if !context.isJSON {
      say(report, context)
      if !state.problems().isEmpty { for line in context.words.review(review, in: state) { context.say(line) } }
    }
    guard !plan.acts.isEmpty else {
      context.isJSON
        ? context.print(.object(facts + [JSONMember("state", "nothing_new")]))
        : context.say(review.missing.isEmpty ? context.words.nothingNew : context.words.nothingToWrite)
      return
    }
    let acts = try recorded(plan, in: replica, context)
    if !context.isJSON {
      context.say(context.words.imported(acts: acts.count, edits: plan.changeCount))
    }
    try await Delivery(of: acts, from: replica, upTo: ImportCommand.limit).report(facts, context)
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

  private static func members(of summary: JSONValue) -> [JSONMember] {
    guard case .object(let members) = summary else { return [] }
    return members
  }

  /// What the report has beside the ledger, by reference.
  private static func member(_ review: ImportReview, _ state: LedgerState?) -> JSONMember {
    func references(_ ids: [EntityID]) -> JSONValue {
      .array(ids.map { .string(ReferenceText.text(for: $0, in: state ?? LedgerState())) })
    }
    return JSONMember(
      "beside_ledger",
      .object([
        JSONMember("shifted", references(review.shifts.map(\.entity))), JSONMember("added", references(review.added)),
        JSONMember("reworded", references(review.reworded)), JSONMember("missing", references(review.missing)),
      ]))
  }

  private func facts(_ plan: ReportImport) -> [JSONMember] {
    [
      JSONMember("act_count", .count(plan.acts.count)),
      JSONMember("edit_count", .count(plan.changeCount)),
    ]
  }
}
