import ArgumentParser
import EditModel
import LedgerClient
import LedgerReports
import LedgerRules

/// `taizhang set NO FIELD VALUE`
struct SetCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "set", abstract: Help.set)
  }

  @Argument(help: Help.number) var number: String
  @Argument(help: Help.field) var field: String
  @Argument(help: Help.value) var value: String?
  @Flag(help: Help.clear) var clear = false
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard clear != (value != nil) else { throw ValidationError(Words(.ofProcess).valueOrClear) }
  }

  func run() async throws {
    let context = CommandContext(global)
    let replica = try context.replica()
    let view = try replica.view()
    try context.checkNumber(number, of: replica, in: view)
    let (target, field) = try resolved(in: view, context)
    try refuseSource(field, context)
    let value = try checked(field, context)
    // An adopted outcome and its source come together, and go together.
    let others: [FieldName] = field.name == .adopted ? [.adoptedSource] : field.name == .adoptedSource ? [.adopted] : []
    let act = try replica.record { act in
      target.changes(of: act, setting: field.name, to: value)
        + others.flatMap { target.changes(of: act, setting: $0, to: value) }
    }
    if !context.isJSON {
      context.say(context.words.wasSet(target.reference, field.name, field.rule, value))
      if field.name != .withdrawn { context.sayWhereabouts(of: target) }
      if value == .cleared || value == .text("no"), let said = stillSees(target, field.name, in: view, context.words) {
        context.say(said)
      }
    }
    let delivery = try await Delivery(of: [act], from: replica)
    try delivery.report(
      [
        JSONMember("reference", .string(target.reference)),
        JSONMember("entity", .string((target.present ?? .root).description)),
        JSONMember("field", .string(field.name.description)),
        JSONMember("value", .optional(value.text)),
      ], context)
  }

  /// The entity and its field. A label that parts have means the part for a village's seat, so the part's fields are tried
  /// first.
  private func resolved(
    in view: ReplicaView, _ context: CommandContext
  ) throws -> (
    Target, FieldText
  ) {
    if let ofPart = FieldText(field, of: .part) {
      let target = try Target(number, field: ofPart.name, in: view, context)
      if target.kind == .part { return (target, ofPart) }
    }
    let target = try Target(number, field: nil, in: view, context)
    if target.kind == .transition, let id = target.present { throw ClientError.refused(.appendOnly(id)) }
    if let known = FieldText(field, of: target.kind) {
      try refuseGuarded(known, in: view, context)
      return (target, known)
    }
    if field == FieldName.stage.description || field == "阶段" {
      throw CommandFailure(.usage, "stage", context.words.useStage(number))
    }
    throw CommandFailure(.usage, "field", context.words.unknownField(field, of: target.kind))
  }

  /// That the place whose naming `field` is sees the problem without it; nil where it does not, or `field` names none.
  private func stillSees(_ target: Target, _ field: FieldName, in view: ReplicaView, _ words: Words) -> String? {
    let parts = field.description.split(separator: "/", maxSplits: 1)
    guard target.kind == .problem, let problem = target.present, parts.count == 2 else { return nil }
    let place = String(parts[1])
    guard let part = view.shown.part(of: problem, at: ExactString(place)) else { return nil }
    return words.stillHasPart(place, ReferenceText.text(for: part, in: view.shown))
  }

  /// Fields with commands of their own, because their acts have more than one edit.
  private func refuseGuarded(_ field: FieldText, in view: ReplicaView, _ context: CommandContext) throws {
    guard field.name == .adopted || field.name == .adoptedSource, !clear else { return }
    if let role = view.info.role, Rights.reach(of: .adopt, for: role) == .none {
      throw ClientError.refused(.forbidden(.adopted))
    }
    throw CommandFailure(.usage, "adopt", context.words.useAdopt(number))
  }

  /// A source says what the report says, whoever types; the rules only know that its owner may write it.
  private func refuseSource(_ field: FieldText, _ context: CommandContext) throws {
    guard field.name.description.hasPrefix("source_") else { return }
    throw ClientError.refused(.forbidden(.source))
  }

  private func checked(_ field: FieldText, _ context: CommandContext) throws -> EditValue {
    guard let value else { return .cleared }
    guard let text = try context.text(value, canClear: true).text else { return .cleared }
    let canonical = EditValue.text(ExactString(ValueText.canonical(text, as: field.rule.type)))
    guard field.rule.accepts(canonical) else {
      throw CommandFailure(.usage, "value", context.words.badValue(field.rule, text))
    }
    return canonical
  }
}
