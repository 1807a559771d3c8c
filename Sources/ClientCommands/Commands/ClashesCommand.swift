import ArgumentParser
import EditModel
import LedgerClient
import LedgerReports
import LedgerRules

/// `taizhang clashes [NO]`, `taizhang clashes take|keep ID…`
struct ClashesCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "clashes", abstract: Help.clashes)
  }

  @Argument(help: Help.clashArguments) var arguments: [String] = []
  @OptionGroup var global: GlobalOptions

  private enum Decision: String {
    case take
    case keep
  }

  func run() async throws {
    let context = CommandContext(global)
    let replica = try context.replica()
    let view = try replica.view()
    context.tellIfPart(view)
    let clashes = ShownClashes(view)
    guard let decision = arguments.first.flatMap(Decision.init) else { return try list(clashes, view, context) }
    for text in arguments.dropFirst() { try context.checkNumber(text, of: replica, in: view) }
    let chosen = try arguments.dropFirst().map { try clashes.one($0, view, context) }
    guard !chosen.isEmpty else { throw CommandFailure(.usage, "id", context.words.whichClash) }
    try await decide(decision, chosen, replica, view, context)
  }

  private func list(_ clashes: ShownClashes, _ view: ReplicaView, _ context: CommandContext) throws {
    var chosen = clashes.all
    if let reference = arguments.first {
      guard arguments.count == 1 else { throw CommandFailure(.usage, "decision", context.words.whichDecision) }
      let family = view.shown.family(of: try context.entity(reference, in: view))
      chosen.removeAll { !family.contains($0.entity) }
    }
    guard !context.isJSON else {
      return context.print(.object([JSONMember("clashes", .array(chosen.map { clashes.json($0, in: view) }))]))
    }
    guard !chosen.isEmpty else { return context.say(context.words.noClashes) }
    let words = context.words
    context.say(context.paint.bold(words.clashCount(chosen.count)))
    for clash in chosen {
      let label = "\(words.name(of: clash.entity, in: view.shown)) \(words.clashField(clash, in: view.shown))"
      context.say("\(context.paint.bold(label))  \(context.paint.dim(clash.id.description))")
      for (head, edit) in [(words.presentSide, clash.origin), (words.beatenSide, clash.beaten)] {
        let writer = "\(edit.seat) \(ChinaTime(edit.edit.stamp).precise)"
        let head = "  \(words.label(head))\(context.paint.dim(writer))  "
        context.say(HangingText(head: head, body: words.clashValue(edit.edit, in: view.shown)))
      }
      if !view.mayDecide(clash) { context.say("  " + context.paint.dim(words.decidedBy(view.right(toDecide: clash)))) }
    }
    if chosen.contains(where: view.mayDecide) { context.say(context.paint.dim(words.clashAdvice)) }
  }

  private func decide(
    _ decision: Decision, _ chosen: [Clash], _ replica: Replica, _ view: ReplicaView, _ context: CommandContext
  ) async throws {
    let acts = decision == .take ? try replica.take(chosen) : try replica.keep(chosen)
    for clash in chosen where !context.isJSON {
      let words = context.words
      context.say(
        decision == .take ? words.tookBeaten(clash, in: view.shown) : words.keptWinner(clash, in: view.shown))
    }
    try await Delivery(of: acts, from: replica).report(
      [
        JSONMember("decision", .string(decision.rawValue)),
        JSONMember("settled", .array(chosen.map { .string($0.id.description) })),
      ], context)
  }
}

/// The clashes that a seat may be shown, and how people name one of them.
struct ShownClashes {
  /// In the order of the server.
  let all: [Clash]

  init(_ view: ReplicaView) {
    let reader = view.info.reader
    all = view.clashes.filter { reader.reads($0.beaten.edit, in: view.shown) }
  }

  /// The clash that `text` names: by its identity, by the beginning of that, or by a reference to a thing that has just one.
  func one(_ text: String, _ view: ReplicaView, _ context: CommandContext) throws -> Clash {
    if let exact = all.first(where: { $0.id.description == text }) { return exact }
    var found = text.utf8.count < 4 ? [] : all.filter { $0.id.description.hasPrefix(text) }
    if found.isEmpty, let id = ReferenceText(text)?.entity(in: view.shown) {
      let family = view.shown.family(of: id)
      found = all.filter { family.contains($0.entity) }
    }
    guard let first = found.first else { throw CommandFailure(.notFound, "absent", context.words.noSuchClash(text)) }
    guard found.count == 1 else {
      throw CommandFailure(.usage, "ambiguous", context.words.severalClashes(text, found.map(\.id.description)))
    }
    return first
  }

  func json(_ clash: Clash, in view: ReplicaView) -> JSONValue {
    .object([
      JSONMember("id", .string(clash.id.description)),
      JSONMember("reference", .string(ReferenceText.text(for: clash.entity, in: view.shown))),
      JSONMember("entity", .string(clash.entity.description)),
      JSONMember("field", .string(clash.field.description)),
      JSONMember("winner", side(clash.winner)), JSONMember("beaten", side(clash.beaten)),
      JSONMember("may_decide", .bool(view.mayDecide(clash))),
      JSONMember("concerns_me", .bool(view.info.facts.map { view.shown.concerns(clash, $0) } ?? false)),
    ])
  }

  private func side(_ accepted: AcceptedEdit) -> JSONValue {
    .object([
      JSONMember("edit", .string(accepted.edit.id.description)),
      JSONMember("seat", .string(accepted.seat.description)),
      JSONMember("stamp", .string(accepted.edit.stamp.description)),
      JSONMember("receipt", .string(accepted.receipt.description)),
      JSONMember("value", .optional(accepted.edit.value.text)),
    ])
  }
}

extension ReplicaView {
  /// What a seat must be able to do to decide about `clash`: what its field takes.
  fileprivate func right(toDecide clash: Clash) -> Right {
    let kind = shown[clash.entity]?.kind ?? .problem
    return Vocabulary.right(Vocabulary.field(clash.field, of: kind), of: clash.field, kind)
  }

  /// Whether the seat has it there; before the first contact nobody knows.
  fileprivate func mayDecide(_ clash: Clash) -> Bool {
    info.facts.map { shown.allows(right(toDecide: clash), on: clash.entity, to: $0) } ?? false
  }
}
