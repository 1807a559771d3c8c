import EditModel
import LedgerClient
import LedgerReports
import LedgerRules
import LedgerStore

/// Refused acts in words: what each was to write, what stands there now, why it was refused.
struct ShelvedText {
  let ids: ShelfIDs
  private let view: ReplicaView
  private let words: Words
  /// Of what the server has lost since its restore.
  private let surplus: SurplusNames
  /// Of everything that stands in no shown ledger: that, and what refused acts would have made.
  private let names: SurplusNames

  init(_ view: ReplicaView, _ status: ReplicaStatus, _ words: Words) {
    let surplus = status.surplus.map(\.edit)
    self.ids = ShelfIDs(view, damaged: status.damaged.map(\.id))
    self.view = view
    self.words = words
    self.surplus = SurplusNames(surplus, view.shown)
    self.names = SurplusNames(
      surplus + (view.shelf + view.offShelf).flatMap(\.act.edits), view.shown, gone: status.gone)
  }

  /// Of what an edit is, of which field, and its value; what its own act would have made goes by its parent's name.
  func parts(_ edit: Edit, of act: Act) -> (name: String, label: String, value: String) {
    let made = creation(of: edit.entity, in: act)
    let kind = made?.kind ?? names.kind(of: edit.entity)
    let named = made?.parent ?? edit.entity
    return (
      nameOfOwn(named, in: act) ?? names.name(of: named, words),
      words.fieldLabel(edit.field, of: kind),
      words.value(edit, Vocabulary.field(edit.field, of: kind), in: view.shown)
    )
  }

  /// The refused act that was to make `entity`, where another act stands under its number: what is shown as `entity` is what
  /// that one made.
  private func displacedMaker(of entity: EntityID) -> ShelvedAct? {
    guard case .created(let id) = entity else { return nil }
    return (view.shelf + view.offShelf).first { $0.act.id == id.act && $0.code == "forked" }
  }

  /// What `act` calls a thing of a displaced maker that is not itself. What was written under a later id means what is shown.
  private func nameOfOwn(_ entity: EntityID, in act: Act) -> String? {
    guard let maker = displacedMaker(of: entity), maker.act.id != act.id, maker.act.id.replica == act.id.replica
    else { return nil }
    return maker.act.edits.first.map { line($0, of: maker.act) }
  }

  private func creation(of entity: EntityID, in act: Act) -> Vocabulary.Creation? {
    guard case .created(let maker) = entity, maker.act == act.id else { return nil }
    return act.edits.first { $0.id == maker }.flatMap { Vocabulary.creation(by: $0) }
  }

  /// An edit on one line.
  func line(_ edit: Edit, of act: Act) -> String {
    let parts = parts(edit, of: act)
    return "\(parts.name) \(words.labelled(parts.label, parts.value.onOneLine))"
  }

  /// An act on one line.
  func line(_ act: Act) -> String {
    act.edits.map { line($0, of: act) }.joined(separator: words.either("；", "; "))
  }

  /// The value that stands where `edit` of `act` was to write; nil where it is the same, or nothing is there to have one.
  func present(beside edit: Edit, of act: Act) -> String? {
    guard isOfShown(edit, of: act), let kind = view.shown[edit.entity]?.kind, isReadable(edit, of: kind)
    else { return nil }
    guard let now = shown(edit, of: act) else {
      if edit.field == .stage { return words.text(view.shown.stage(of: edit.entity).stage.label) }
      return Vocabulary.isCreating(edit.field) || edit.value == .cleared ? nil : words.nothingThere
    }
    guard now.value != edit.value else { return nil }
    return words.value(now, Vocabulary.field(edit.field, of: kind), in: view.shown)
  }

  private func isReadable(_ edit: Edit, of kind: Kind) -> Bool {
    view.shown.exists(edit.entity) && view.info.reader.reads(edit.field, of: kind)
  }

  /// What an act was to write, in short: the first of its edits that is no preparation for another.
  func subject(_ act: Act) -> String {
    let edit =
      act.edits.first { Vocabulary.creation(by: $0)?.kind != .part && $0.field != .withdrawn } ?? act.edits.first
    return edit.map { line($0, of: act) } ?? ""
  }

  /// That the server refused an act: what it was to write, why, and where it is now.
  func refused(_ act: ShelvedAct) -> String { "\(subject(act.act))  \(words.refused(because: reason(act)))" }

  /// Why an act is on the shelf, and what to do next.
  func reason(_ act: ShelvedAct) -> String {
    if act.code == "forked", !act.phase.isOffShelf, let said = standing(act.act) { return said }
    guard act.code == "absent", let id = act.arguments.first.flatMap({ EntityID($0) }), id != .root else {
      return words.refusal(act)
    }
    // What has left the shelf was refused for that reason, whatever could be done about it since.
    return act.phase.isOffShelf ? words.wasAbsent(names.name(of: id, words)) : absence(of: id) ?? words.refusal(act)
  }

  /// Why an act cannot be made anew alone.
  func reason(of id: ActID) -> String { view.shelf.first { $0.act.id == id }.map(reason) ?? "" }

  /// On what `act` builds that was refused too; nil when on nothing.
  private func standing(_ act: Act) -> String? {
    guard let entity = act.edits.lazy.map(\.entity).first(where: { nameOfOwn($0, in: act) != nil }),
      let maker = displacedMaker(of: entity), let name = nameOfOwn(entity, in: act)
    else { return nil }
    return maker.phase.isOffShelf ? words.standsOnDiscarded(name) : words.standsOnShelved(name, ids.text(maker.act.id))
  }

  /// Why an act cannot be made anew now.
  func reason(_ refusal: Refusal, for id: ActID) -> String {
    if case .absent(let entity) = refusal, !view.shown.exists(entity), let said = absence(of: entity) { return said }
    let act = view.shelf.first { $0.act.id == id }
    return words.sentence(refusal, of: act?.act.edits.map(\.field) ?? [])
  }

  /// Why what is not there, or was not, is missing; nil where no more is known than that.
  private func absence(of entity: EntityID) -> String? {
    if let said = awaited(entity) { return said }
    if let said = names.goneText(entity) { return words.isGone(words.quoted(Kind.problem.label, said)) }
    return surplus.absence(of: entity, words)
  }

  /// That a refused act was to make `entity`; nil when none was.
  private func awaited(_ entity: EntityID) -> String? {
    guard case .created(let maker) = entity, !view.shown.exists(entity) else { return nil }
    let name = names.name(of: entity, words)
    if view.shelf.contains(where: { $0.act.id == maker.act }) {
      return words.standsOnShelved(name, ids.text(maker.act))
    }
    return view.offShelf.contains { $0.act.id == maker.act } ? words.standsOnDiscarded(name) : nil
  }

  /// Whether what `edit` of `act` writes to is what is shown under that id, and not what a displaced act was to make.
  private func isOfShown(_ edit: Edit, of act: Act) -> Bool {
    guard let maker = displacedMaker(of: edit.entity) else { return true }
    return maker.act.id.replica != act.id.replica
  }

  /// The edit that stands where `edit` of `act` was to write.
  private func shown(_ edit: Edit, of act: Act) -> Edit? {
    guard isOfShown(edit, of: act), let kind = view.shown[edit.entity]?.kind, isReadable(edit, of: kind)
    else { return nil }
    return view.shown.shownEdit(edit.entity, edit.field)
  }

  /// The act for programs.
  func json(_ act: ShelvedAct) -> JSONValue {
    let edits = act.act.edits.map { edit in
      JSONValue.object([
        JSONMember("entity", .string(edit.entity.description)), JSONMember("field", .string(edit.field.description)),
        JSONMember("value", .optional(edit.value.text)),
        JSONMember("present", .optional(shown(edit, of: act.act)?.value.text)),
      ])
    }
    return .object([
      JSONMember("id", .string(ids.text(act.act.id))), JSONMember("act", .string(act.act.id.text)),
      JSONMember("stamp", .optional(act.act.edits.first?.stamp.description)),
      JSONMember("discarded", .bool(act.phase == .discarded)), JSONMember("retried", .bool(act.phase == .retried)),
      JSONMember("code", .string(act.code)),
      JSONMember("arguments", .array(act.arguments.map { .string($0) })),
      JSONMember("message", .string(reason(act))), JSONMember("edits", .array(edits)),
    ])
  }
}
