import ArgumentParser
import EditModel
import LedgerClient
import LedgerReports
import LedgerRules

/// `taizhang rights [NO]`: what this device's seat may do, and whose the rest is.
struct RightsCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "rights", abstract: Help.rights)
  }

  @Argument(help: Help.rightsNumber) var number: String?
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let context = CommandContext(global)
    let view = try context.replica().view()
    guard let facts = view.info.facts else {
      throw CommandFailure(.offline, "no-seat", context.words.seatNotKnown)
    }
    let id = try number.map { try context.entity($0, in: view) }
    let answers = Rights.table.filter { id == nil || $0.right.isOfProblems }
      .map { answer($0, id, in: view.shown, for: facts) }
    let reference = id.map { ReferenceText.text(for: $0, in: view.shown) }
    guard !context.isJSON else { return context.print(json(answers, facts, reference)) }
    context.say(context.paint.bold(context.words.rightsTitle(facts, reference)))
    for answer in answers {
      let line = context.words.labelled(context.words.text(answer.right.label), context.words.sentence(answer))
      context.say("  " + (answer.isAllowed ? line : context.paint.dim(line)))
    }
  }

  private func answer(_ row: Rights.Row, _ id: EntityID?, in state: LedgerState, for seat: SeatFacts) -> RightAnswer {
    let reach = row.reach(of: seat.role)
    guard let id else { return RightAnswer(right: row.right, reach: reach, isHere: nil, steps: nil) }
    let steps = row.right == .move ? steps(of: id, in: state, for: seat) : nil
    let isHere = state.allows(row.right, on: id, to: seat) && steps?.own.isEmpty != true
    return RightAnswer(right: row.right, reach: reach, isHere: isHere, steps: steps)
  }

  /// The transitions that lead on from where a problem, or that of a part, stands; nil for what no stage is kept of.
  private func steps(of id: EntityID, in state: LedgerState, for seat: SeatFacts) -> RightAnswer.Steps? {
    guard let problem = state.scope(of: id)?.problem else { return nil }
    return RightAnswer.Steps(
      stage: state.stage(of: problem).stage, own: state.steps(of: problem, for: seat).map(\.to))
  }

  private func json(_ answers: [RightAnswer], _ facts: SeatFacts, _ reference: String?) -> JSONValue {
    .object([
      JSONMember("seat", .string(facts.seat.description)), JSONMember("role", .string(facts.role.rawValue)),
      JSONMember("place", .optional(facts.place?.string)), JSONMember("reference", .optional(reference)),
      JSONMember("rights", .array(answers.map(\.json))),
    ])
  }
}

/// What a seat may do of one right.
struct RightAnswer {
  let right: Right
  let reach: Reach
  /// Whether it reaches the thing that was asked about; nil when none was.
  let isHere: Bool?
  /// Of the right to move a problem: where it stands, and where this seat may move it to from there.
  let steps: Steps?

  /// A stage and the ones that this seat may move on to.
  struct Steps {
    let stage: Stage
    let own: [Stage]
  }

  var isAllowed: Bool { isHere ?? (reach != .none) }

  fileprivate var json: JSONValue {
    let members = [
      JSONMember("right", .string(right.rawValue)), JSONMember("reach", .string(reach.rawValue)),
      JSONMember("allowed", .bool(isAllowed)),
      JSONMember("roles", .array(Rights.holders(of: right).map { .string($0.role.rawValue) })),
    ]
    guard let steps else { return .object(members) }
    return .object(members + [JSONMember("steps", .array(steps.own.map { .string($0.rawValue) }))])
  }
}
