import EditModel
import LedgerClient
import LedgerReports
import LedgerRules
import LedgerStore

extension CommandContext {
  /// How many new numbers are told one by one.
  private static let mostRenumbered = 10

  /// Says to people which self-found problems are called by other numbers than they were told, whatever has fetched that; each
  /// once. `state` is what is shown now.
  func tellRenumbered(_ replica: Replica, in state: LedgerState) throws {
    guard !isJSON else { return }
    let changes = try replica.renumbered()
    for change in changes.prefix(CommandContext.mostRenumbered) {
      say(paint.yellow(words.renumbered(change, in: state)))
    }
    let more = changes.count - CommandContext.mostRenumbered
    if more > 0 { say(words.moreRenumbered(more)) }
    // What nobody could read was not told.
    if !Output.isGone { try replica.wereTold(changes) }
  }

  /// Refuses to write to what `text` refers to where its owner knows another problem by that number, or that one by another:
  /// what they mean is not known. They are told, and the next time it is written.
  func checkNumber(_ text: String, of replica: Replica, in view: ReplicaView) throws {
    guard let number = ReferenceText(text)?.selfFoundNumber else { return }
    let changes = try replica.renumbered().filter { $0.before == number || $0.present == number }
    guard !changes.isEmpty else { return }
    try replica.wereTold(changes)
    let lines = changes.map { words.renumbered($0, in: view.shown) } + [words.nothingWritten(text)]
    throw CommandFailure(.refused, "renumbered", lines.joined(separator: "\n"))
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
