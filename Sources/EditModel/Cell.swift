/// How the winner among a field's edits is found.
package enum MergeRule: Hashable, Sendable {
  /// Descriptive fields: the greatest stamp wins (`EditOrder`). Commutative, associative, idempotent.
  case lastWriter
  /// The guarded stage: the greatest seq wins, never the stamp; the server judged each once, in its order.
  case serverOrder
  /// The creation of an entity with a derived id: the smallest seq stands, so that the first creator stays named.
  case firstCreation
}

/// A field's current value: the winning edit, chosen by the merge rule of the field.
package struct Cell: Hashable, Sendable {
  /// The edit that won so far.
  package private(set) var winner: AcceptedEdit

  /// A cell that has seen one edit.
  package init(_ first: AcceptedEdit) {
    self.winner = first
  }

  /// The winner's value.
  package var value: EditValue { winner.edit.value }

  /// Takes one more edit of the same field into account; true when it won.
  @discardableResult
  package mutating func merge(_ other: AcceptedEdit, by rule: MergeRule) -> Bool {
    let wins =
      switch rule {
      case .lastWriter: winner.edit.precedes(other.edit)
      case .serverOrder: winner.seq < other.seq
      case .firstCreation: other.seq < winner.seq
      }
    if wins { winner = other }
    return wins
  }
}

/// The cells of one entity, by field.
package struct Cells: Hashable, Sendable {
  private var byField: [FieldName: Cell] = [:]

  /// An entity that nobody has written to.
  package init() {}

  /// The cell of `field`, nil when nobody has written it.
  package subscript(field: FieldName) -> Cell? { byField[field] }

  /// Every written field with its cell, in no particular order.
  package var all: [FieldName: Cell] { byField }

  /// Takes one edit of this entity into account; true when it won its field.
  @discardableResult
  package mutating func merge(_ accepted: AcceptedEdit, by rule: MergeRule) -> Bool {
    let field = accepted.edit.field
    // Looked up once and merged where it stands.
    if let place = byField.index(forKey: field) { return byField.values[place].merge(accepted, by: rule) }
    byField[field] = Cell(accepted)
    return true
  }

  /// Takes all cells of another copy of the same entity into account.
  package mutating func merge(_ other: Cells, ruleOf: (FieldName) -> MergeRule) {
    for (field, cell) in other.byField { merge(cell.winner, by: ruleOf(field)) }
  }
}
