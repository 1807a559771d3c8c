import ArgumentParser
import EditModel
import LedgerClient
import LedgerReports
import LedgerRules
import TerminalKit

/// `taizhang show NO`
struct ShowCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "show", abstract: Help.show)
  }

  @Argument(help: Help.number) var number: String
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let context = CommandContext(global)
    let replica = try context.replica()
    let view = try replica.view()
    let id = try context.entity(number, in: view)
    context.tellIfPart(view)
    let question = NumbersQuestion(today: try context.today(of: replica))
    if context.isJSON {
      let shelf = view.shelf.filter { $0.act.edits.contains { isOf(id, $0.entity, view.shown) } }
      context.print(
        .object([
          JSONMember("entity", LedgerDocument(of: view.shown, for: view.info.reader, asked: question).entity(id)),
          JSONMember("pending", .array(pending(id, view))),
          JSONMember("shelf", .array(shelf.map(Shelf.json))),
          JSONMember("clashes", .array(clashes(of: id, view))),
        ]))
      return
    }
    EntityPage(view: view, question: question, context: context).print(id)
    try context.tellRenumbered(replica, in: view.shown)
  }

  private func pending(_ id: EntityID, _ view: ReplicaView) -> [JSONValue] {
    view.pending.filter { isOf(id, $0.edit.entity, view.shown) }.map { own in
      .object([
        JSONMember("entity", .string(own.edit.entity.description)),
        JSONMember("field", .string(own.edit.field.description)),
        JSONMember("value", .optional(own.edit.value.text)),
      ])
    }
  }

  private func clashes(of id: EntityID, _ view: ReplicaView) -> [JSONValue] {
    let shown = ShownClashes(view)
    return shown.all.filter { isOf(id, $0.entity, view.shown) }.map { shown.json($0, in: view) }
  }

  /// Whether `other` is `id` or stands under it.
  private func isOf(_ id: EntityID, _ other: EntityID, _ state: LedgerState) -> Bool {
    var next: EntityID? = other
    while let candidate = next {
      if candidate == id { return true }
      next = candidate == .root ? nil : state[candidate]?.parent
    }
    return false
  }
}

/// A problem, a measure or a part with all that stands under it, as text.
private struct EntityPage {
  let view: ReplicaView
  let question: NumbersQuestion
  let context: CommandContext

  private var words: Words { context.words }
  private var state: LedgerState { view.shown }

  func print(_ id: EntityID) {
    heading(id)
    fields(of: id, indent: "  ")
    notes(of: id, indent: "  ")
    guard state[id]?.kind == .problem else { return }
    section(words.measures, state.measures(of: id)) {
      line(of: $0, text: state.wording(of: $0) ?? "")
    }
    section(words.parts, state.parts(of: id)) { line(of: $0, text: furtherPlace(of: $0)) }
    transitions(of: id)
    context.say("")
    let progress = ProblemProgress(of: id, in: state, asked: question)
    context.say(context.paint.dim(words.nextSteps(from: progress.pendingStage ?? progress.countedStage)))
  }

  private func heading(_ id: EntityID) {
    let reference = ReferenceText.text(for: id, in: state)
    var facts: [String] = []
    if state[id]?.kind == .problem {
      let progress = ProblemProgress(of: id, in: state, asked: question)
      facts = [words.stage(progress), words.deadline(progress)].filter { !$0.isEmpty }
      // Its number is of what this seat sees; over the telephone only the id means the same.
      if case .created = id, reference != id.description { facts.append(context.paint.dim(words.lastingName(id))) }
    } else {
      if state[id]?.kind?.isAppendOnly == false { facts = [words.text(state.workState(of: id).label)] }
      if state.isWithdrawn(id) { facts.append(words.withdrawn) }
      facts += [furtherPlace(of: id)].filter { !$0.isEmpty }
    }
    let kind = state[id]?.kind.map { words.text($0.label) } ?? ""
    context.say(context.paint.bold("\(kind) \(reference)") + "  " + facts.joined(separator: "  "))
    if let wording = words.wording(of: id, in: state) { context.say(HangingText(head: "  ", body: wording)) }
    if let source = state[id]?.text(.sourceText), source != state.wording(of: id) {
      let label = words.fieldLabel(.sourceText, of: state[id]?.kind ?? .problem)
      context.say(HangingText(head: "  " + words.label(label), body: source))
    }
  }

  private func section(_ title: String, _ entities: [EntityID], line: (EntityID) -> Void) {
    guard !entities.isEmpty else { return }
    context.say("")
    context.say(context.paint.bold(title))
    for id in entities {
      line(id)
      fields(of: id, indent: "      ")
      notes(of: id, indent: "      ")
    }
  }

  /// Of a part that has no reference but its id: the place.
  private func furtherPlace(of id: EntityID) -> String {
    guard state[id]?.kind == .part, ReferenceText.text(for: id, in: state) == id.description else { return "" }
    return words.furtherPart(at: state.place(of: id))
  }

  private func line(of id: EntityID, text: String) {
    let state = words.text(state.workState(of: id).label)
    context.say(
      HangingText(
        head: "  \(ReferenceText.text(for: id, in: self.state)) [\(state)]\(text.isEmpty ? "" : " ")", body: text))
  }

  /// What stands in the heading is not told twice, unless something of it is an own edit that is not confirmed or was
  /// refused.
  private func fields(of id: EntityID, indent: String) {
    guard let kind = state[id]?.kind else { return }
    let hidden: Set<FieldName> = [.wording, .sourceText, .state, .stage, .deadline]
    for rule in Vocabulary.fields(of: kind) where !hidden.contains(rule.name) || hasOwn(rule.name, of: id) {
      guard !rule.name.description.hasPrefix("source_"), view.info.reader.reads(rule.name, of: kind) else { continue }
      if rule.cardinality == .member {
        let members = state[id]?.members(of: rule.name.text) ?? []
        if !members.isEmpty {
          context.say(
            HangingText(
              head: indent + words.label(words.text(rule.label)), body: words.list(members.map(\.string))))
        }
      } else {
        field(rule.name, rule, of: id, indent: indent)
      }
    }
    fieldsOfLaterVersions(of: id, indent: indent)
    for clash in ShownClashes(view).all where clash.entity == id {
      context.say(
        HangingText(head: indent, body: words.clashMet(clash, in: state)), style: context.paint.yellow)
    }
  }

  private func hasOwn(_ name: FieldName, of id: EntityID) -> Bool {
    guard let cell = view.cell(id, name) else { return false }
    return cell.isPending || !cell.shelved.isEmpty
  }

  private func field(_ name: FieldName, _ rule: FieldRule?, of id: EntityID, indent: String) {
    guard let cell = view.cell(id, name) else { return }
    let label = rule.map { words.text($0.label) } ?? name.description
    if let edit = cell.edit, cell.isPending || edit.value != .cleared {
      let text = edit.value.text.map { LabelledValue.text($0, of: rule, in: state, word: words.text) } ?? words.cleared
      let mark = cell.isPending ? " " + context.paint.yellow(words.pendingMark) : ""
      context.say(HangingText(head: indent + words.label(label), body: text, tail: mark))
    }
    for refused in cell.shelved {
      let text = refused.value.text.map {
        LabelledValue.text($0, of: rule, in: state, word: words.text)
      }
      refusedValue(label, text, indent: indent)
    }
  }

  private func refusedValue(_ label: String, _ value: String?, indent: String) {
    let head = words.label(label)
    context.say(
      HangingText(head: indent + context.paint.red(head), body: words.refusedValue(value)), style: context.paint.red)
  }

  /// What no field of this version stands for, as it is.
  private func fieldsOfLaterVersions(of id: EntityID, indent: String) {
    guard let kind = state[id]?.kind else { return }
    for name in state.laterFields(of: id) where view.info.reader.reads(name, of: kind) {
      field(name, nil, of: id, indent: indent)
    }
  }

  private func notes(of id: EntityID, indent: String) {
    for note in state.notes(of: id) {
      let creation = state[note]?.creation
      let own = (state[note]?.pendingCreation?.id).flatMap { view.pendingEdit($0)?.edit }
      let time = (creation?.edit.stamp ?? own?.stamp).map { ChinaTime($0).description } ?? ""
      let seat = creation?.seat.description ?? words.thisDevice
      let mark = creation == nil ? " " + context.paint.yellow(words.pendingMark) : ""
      context.say(
        HangingText(
          head: "\(indent)\(context.paint.dim("\(time) \(seat)"))  ", body: state[note]?.creationText ?? "", tail: mark)
      )
      fieldsOfLaterVersions(of: note, indent: indent + "    ")
    }
  }

  private func transitions(of id: EntityID) {
    let all = state.transitions(of: id)
    let own = view.pending.map(\.edit).filter { $0.entity == id && $0.field == .stage }
    let refused = view.cell(id, .stage)?.shelved ?? []
    guard !all.isEmpty || !own.isEmpty || !refused.isEmpty else { return }
    context.say("")
    context.say(context.paint.bold(words.transitions))
    for one in all {
      let arrived = words.arrival(one).map { " " + context.paint.dim("(\($0))") } ?? ""
      transition(one.edit, at: ChinaTime(one.edit.stamp), by: one.seat.description, mark: arrived)
      fieldsOfLaterVersions(of: .created(one.edit.id), indent: "      ")
    }
    for edit in own {
      let mark = " " + context.paint.yellow(words.pendingMark)
      transition(edit, at: ChinaTime(edit.stamp), by: words.thisDevice, mark: mark)
    }
    for edit in refused {
      refusedValue(words.fieldLabel(.stage, of: .problem), words.value(edit, nil, in: state), indent: "  ")
    }
  }

  private func transition(_ edit: Edit, at time: ChinaTime, by seat: String, mark: String = "") {
    let stage = edit.value.text.flatMap(Stage.init(rawValue:)).map { words.text($0.label) } ?? "?"
    let said = words.transitionText(of: edit, in: state)
    context.say(
      HangingText(
        head: "  \(context.paint.dim("\(time) \(seat)"))  → \(stage)\(said.isEmpty ? "" : "  ")",
        body: said, tail: mark))
  }
}
