package import EditModel

/// One entity as the accepted edits (and, on a device, the pending ones) make it.
///
/// Accepted and pending are kept apart: `cells` never changes by a pending edit.
package struct EntityState: Hashable, Sendable {
  /// What it is; nil while its creation has not come and its id does not say.
  package private(set) var kind: Kind?
  /// What it stands under; nil while that is unknown, and for the ledger.
  package private(set) var parent: EntityID?
  /// The accepted edit that created it; nil while it has not come, and for the ledger.
  package private(set) var creation: AcceptedEdit?
  /// The accepted edits that win its fields.
  package private(set) var cells = Cells()
  /// The own pending edits that are shown in place of cells; see `LedgerState.show`.
  package private(set) var pending: [FieldName: Edit] = [:]
  /// The own pending edit that creates it, while no accepted one has.
  package private(set) var pendingCreation: Edit?
  /// What stands under it, by kind, in no particular order.
  package private(set) var children: [Kind: Set<EntityID>] = [:]

  init(kind: Kind?, parent: EntityID?) {
    self.kind = kind
    self.parent = parent
  }

  /// Whether it was created, by an accepted edit or by an own pending one. The ledger always was.
  package var exists: Bool { creation != nil || pendingCreation != nil || kind == .ledger }

  /// The value that is shown for `field`: the own pending one, else the accepted one; nil when unwritten or cleared.
  package func text(_ field: FieldName) -> String? {
    if let own = pending[field] { return own.value.text }
    return cells[field]?.value.text
  }

  /// Whether `field` is `yes`.
  package func isYes(_ field: FieldName) -> Bool { text(field) == "yes" }

  /// The members of the field `head` that are `yes`, in the order of their bytes.
  package func members(of head: ExactString) -> [ExactString] {
    let names = Set(cells.all.keys).union(pending.keys)
    return names.filter { $0.member != nil && $0.head == head && isYes($0) }.compactMap(\.member).sorted()
  }

  /// The value of the creating edit: a note's text, a stage's key, a self-found problem's first wording, a key.
  package var creationText: String? { (creation?.edit ?? pendingCreation)?.value.text }

  /// Takes an accepted edit of a field into account; true when it won.
  mutating func merge(_ accepted: AcceptedEdit) -> Bool {
    cells.merge(accepted, by: Vocabulary.mergeRule(of: accepted.edit.field))
  }

  /// Takes an accepted creation into account, the first by seq; true when it won.
  mutating func create(_ accepted: AcceptedEdit, as made: Vocabulary.Creation) -> Bool {
    kind = made.kind
    parent = made.parent
    if let creation, creation.seq <= accepted.seq { return false }
    creation = accepted
    return true
  }

  mutating func show(_ edit: Edit) { pending[edit.field] = edit }

  mutating func showCreation(_ edit: Edit, as made: Vocabulary.Creation) {
    kind = made.kind
    parent = made.parent
    if creation == nil { pendingCreation = edit }
  }

  mutating func addChild(_ id: EntityID, of kind: Kind) { children[kind, default: []].insert(id) }
}
