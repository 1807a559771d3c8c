import ArgumentParser
import EditModel
import LedgerClient
import LedgerReports
import LedgerRules

/// `taizhang adopt NO… done|under-way|long-term --source TEXT`
struct AdoptCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "adopt", abstract: Help.adopt)
  }

  @Argument(help: Help.adoptWords) var words: [String]
  @Option(help: Help.source) var source: String
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard words.count >= 2 else { throw ValidationError(Words(.ofProcess).adoptUsage) }
  }

  func run() async throws {
    let context = CommandContext(global)
    let replica = try context.replica()
    let view = try replica.view()
    let rule = Vocabulary.field(.adopted, of: .problem)
    let outcome = EditValue.text(
      ExactString(ValueText.canonical(words.last ?? "", as: rule?.type ?? .text)))
    guard rule?.accepts(outcome) == true else {
      throw CommandFailure(.usage, "outcome", context.words.unknownAdoption(words.last ?? ""))
    }
    var problems: [EntityID] = []
    for word in words.dropLast() {
      try context.checkNumber(word, of: replica, in: view)
      let problem = try context.openProblem(word, in: view)
      if !problems.contains(problem) { problems.append(problem) }
    }
    try refuseMoved(problems, view, context)
    let source = try context.text(source)
    // An act for each, so that one that the server refuses doesn't stop the others.
    let drafts = problems.map { problem -> (ActID) -> [Change] in
      { _ in
        [
          Change(entity: problem, field: .adopted, value: outcome),
          Change(entity: problem, field: .adoptedSource, value: source),
        ]
      }
    }
    let acts = try replica.recordAll(drafts).map(\.id)
    let references = problems.map { ReferenceText.text(for: $0, in: view.shown) }
    if !context.isJSON { context.say(context.words.adopted(references, outcome.text ?? "")) }
    try await Delivery(of: acts, from: replica).report(
      [
        JSONMember("references", .array(references.map { .string($0) })),
        JSONMember("adopted", .optional(outcome.text)),
      ], context)
  }

  /// Says which of several has moved already, before anything is recorded.
  private func refuseMoved(_ problems: [EntityID], _ view: ReplicaView, _ context: CommandContext) throws {
    let moved = problems.filter { view.shown.hasTransition($0) || view.shown.pendingStage(of: $0) != nil }
    guard !moved.isEmpty else { return }
    let references = context.words.list(moved.map { ReferenceText.text(for: $0, in: view.shown) })
    let reason = context.words.sentence(ClientError.refused(.forbidden(.adoptedLate)))
    throw CommandFailure(.refused, "forbidden", context.words.labelled(references, reason))
  }
}
