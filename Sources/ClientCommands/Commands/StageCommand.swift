import ArgumentParser
import EditModel
import LedgerClient
import LedgerReports
import LedgerRules

/// `taizhang stage NO STAGE`
struct StageCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "stage", abstract: Help.stage)
  }

  @Argument(help: Help.number) var number: String
  @Argument(help: Help.stageName) var stage: String
  @Option(help: Help.reason) var reason: String?
  @Option(help: Help.outcome) var outcome: String?
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let context = CommandContext(global)
    let replica = try context.replica()
    let view = try replica.view()
    try context.checkNumber(number, of: replica, in: view)
    let problem = try context.openProblem(number, in: view)
    guard let to = Stage(typed: stage) else {
      throw CommandFailure(.usage, "stage", context.words.unknownStage(stage))
    }
    let from = view.shown.pendingStage(of: problem) ?? view.shown.stage(of: problem).stage
    let row = StageTable.row(from: from, to: to)
    let more = try extras(row, of: problem, in: view.shown, context)
    let act = try replica.record { act in
      [Change(entity: problem, field: .stage, value: .text(ExactString(to.rawValue)))]
        + more.map { Change(entity: .created(act.edit(1)), field: $0.field, value: $0.value) }
    }
    let reference = ReferenceText.text(for: problem, in: view.shown)
    let filled = more.first { $0.field == .outcome }?.value.text
    let unchecked = (row?.requirements ?? []).filter { !$0.isChecked }
    if !context.isJSON {
      context.say(context.words.moved(reference, from: from, to: to))
      if outcome == nil, let filled { context.say(context.words.outcomeFilled(filled)) }
      if !unchecked.isEmpty { context.say(context.paint.dim(context.words.notChecked(unchecked))) }
    }
    try await Delivery(of: [act], from: replica).report(
      [
        JSONMember("reference", .string(reference)), JSONMember("from", .string(from.rawValue)),
        JSONMember("to", .string(to.rawValue)), JSONMember("outcome", .optional(filled)),
        JSONMember("not_checked", .array(unchecked.map { .string($0.rawValue) })),
      ], context)
  }

  private typealias Extra = (field: FieldName, value: EditValue)

  /// What stands with the transition in its act: what the table asks for, and what was given.
  private func extras(
    _ row: StageRow?, of problem: EntityID, in state: LedgerState, _ context: CommandContext
  ) throws -> [Extra] {
    var extras: [Extra] = []
    if let reason {
      let field: FieldName = row?.requirements.contains(.opinion) == true ? .opinion : .reason
      extras.append((field, try context.text(reason)))
    }
    if let outcome {
      guard let known = Outcome(typed: outcome) else {
        throw CommandFailure(.usage, "outcome", context.words.unknownOutcome(outcome))
      }
      extras.append((.outcome, .text(ExactString(known.rawValue))))
    } else if row?.requirements.contains(.outcome) == true {
      extras.append((.outcome, .text(ExactString(state.suggestedOutcome(of: problem).rawValue))))
    }
    return extras
  }
}

extension Outcome {
  /// The outcome with this key or label.
  init?(typed text: String) {
    guard let rule = Vocabulary.field(.outcome, of: .transition) else { return nil }
    self.init(rawValue: ValueText.canonical(text, as: rule.type))
  }
}

extension Stage {
  /// The stage with this key or label.
  init?(typed text: String) {
    guard let found = Stage.allCases.first(where: { text.isTyped(for: $0.rawValue, $0.label) }) else { return nil }
    self = found
  }
}

extension Standing {
  /// The standing with this key or label.
  init?(typed text: String) {
    guard let found = Standing.allCases.first(where: { text.isTyped(for: $0.rawValue, $0.label) }) else { return nil }
    self = found
  }
}

extension String {
  /// Whether a person who typed it meant `key`.
  fileprivate func isTyped(for key: String, _ label: Label) -> Bool {
    [key, label.chinese, label.english].contains { $0.folded == folded }
  }
}
