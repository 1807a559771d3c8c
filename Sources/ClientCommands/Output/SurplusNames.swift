import EditModel
import LedgerClient
import LedgerRules
import LedgerStore

/// Words for edits that are not in the ledger that is shown: what they speak of may have been made by one of themselves,
/// so that it has no number; it is called by what it says.
struct SurplusNames {
  private let made: [EntityID: Vocabulary.Creation]
  private let texts: [EntityID: String]
  private let state: LedgerState
  /// How self-found problems are known that went out of the seat's sight.
  private let gone: [EntityID: String]

  init(_ edits: [Edit], _ state: LedgerState, gone: [EntityID: String] = [:]) {
    self.gone = gone
    let creations = edits.compactMap { edit in Vocabulary.creation(by: edit).map { (edit: edit, creation: $0) } }
    self.made = Dictionary(creations.map { ($0.creation.entity, $0.creation) }, uniquingKeysWith: { first, _ in first })
    self.texts = Dictionary(
      creations.map { ($0.creation.entity, $0.edit.value.text ?? "") }, uniquingKeysWith: { first, _ in first })
    self.state = state
  }

  /// The edit on one line: of what, which field, the value.
  func line(_ edit: Edit, _ words: Words) -> String {
    let kind = kind(of: edit.entity)
    let value = words.value(edit, Vocabulary.field(edit.field, of: kind), in: state).onOneLine
    return "\(name(of: edit.entity, words)) " + words.labelled(words.fieldLabel(edit.field, of: kind), value)
  }

  /// Why an act was refused that speaks of `id`, which the server had lost: with the thing's name, and what to do when its
  /// author has brought it back; nil where it had not lost that.
  func absence(of id: EntityID, _ words: Words) -> String? {
    if state.exists(id) { return words.isThereNow(words.name(of: id, in: state)) }
    return made[id] == nil ? nil : words.isAwaited(name(of: id, words))
  }

  /// How a self-found problem is known that went out of the seat's sight and is not here again; nil for any other.
  func goneText(_ entity: EntityID) -> String? { state.exists(entity) ? nil : gone[entity] }

  /// Of which kind a thing is.
  func kind(of entity: EntityID) -> Kind { made[entity]?.kind ?? state[entity]?.kind ?? .problem }

  /// What a thing is called.
  func name(of entity: EntityID, _ words: Words) -> String {
    guard !state.exists(entity), let creation = made[entity], DerivedName(entity) == nil else {
      if let said = goneText(entity) { return words.quoted(Kind.problem.label, said) }
      return words.name(of: entity, in: state)
    }
    let own = words.quoted(creation.kind.label, texts[entity] ?? "")
    return creation.parent == .root ? own : "\(name(of: creation.parent, words)) \(own)"
  }
}
