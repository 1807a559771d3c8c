import EditModel
import LedgerClient
import LedgerReports
import LedgerRules

extension CommandContext {
  /// How many new numbers are told one by one.
  private static let mostRenumbered = 10

  /// That self-found problems are called by other numbers than before a sync, a line each; `state` is what is shown now.
  func renumbered(_ changes: [RenumberedProblem], in state: LedgerState) -> [String] {
    let told = changes.prefix(CommandContext.mostRenumbered).map { paint.yellow(words.renumbered($0, in: state)) }
    let more = changes.count - told.count
    return told + (more > 0 ? [words.moreRenumbered(more)] : [])
  }
}

extension JSONValue {
  /// A changed number for programs.
  init(_ change: RenumberedProblem) {
    self = .object([
      JSONMember("entity", .string(change.problem.description)), JSONMember("before", .count(change.before)),
      JSONMember("now", .count(change.present)),
    ])
  }
}
