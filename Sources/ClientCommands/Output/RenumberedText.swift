import EditModel
import LedgerClient
import LedgerReports
import LedgerRules
import LedgerStore

extension CommandContext {
  /// How many new numbers are told one by one.
  private static let mostRenumbered = 10

  /// Says to people which numbers of self-found problems mean others than they were told, whatever has fetched that. `state` is
  /// what is shown now. What stands on a terminal is told then, and no more; what goes into a file or another program may be
  /// read by nobody, and is said again.
  func tellRenumbered(_ replica: Replica, in state: LedgerState) throws {
    let told = sayRenumbered(try replica.renumbered(), in: state)
    guard Surroundings.outputIsTerminal, !Output.isGone else { return }
    // Where that cannot be kept it is told again: what was asked for was done.
    try? replica.wereTold(told)
  }

  /// Says the first of `changes` to people; answers which.
  @discardableResult
  func sayRenumbered(_ changes: [RenumberedProblem], in state: LedgerState) -> [RenumberedProblem] {
    guard !isJSON else { return [] }
    let told = Array(changes.prefix(CommandContext.mostRenumbered))
    for change in told { say(paint.yellow(words.renumbered(change, in: state))) }
    if changes.count > told.count { say(words.moreRenumbered(changes.count - told.count)) }
    return told
  }

  /// Refuses to write to what `text` refers to where its owner knows another problem by that number, or that one by another:
  /// what they mean is not known. They are told, and the next time it is written. While not everything is here no number is
  /// certain. A program means what it was shown, and is shown which thing it wrote to.
  func checkNumber(_ text: String, of replica: Replica, in view: ReplicaView) throws {
    guard !isJSON, let number = ReferenceText(text)?.selfFoundNumber else { return }
    guard view.isFetched else { throw CommandFailure(.refused, "part", words.numberNotCertain(text)) }
    func isMeant(_ change: RenumberedProblem) -> Bool {
      UInt64(change.before) == number || change.present.map { UInt64($0) == number } ?? false
    }
    let changes = try replica.renumbered().filter(isMeant)
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
      JSONMember("now", change.present.map { .count($0) } ?? .null),
    ])
  }
}
