package import EditModel

/// The cells whose winner an accepted edit became: none, one, or two for a transition.
///
/// Holds the edit and spells the cells when asked, so that applying an edit makes no list.
package struct ChangedCells: Hashable, Sendable {
  /// The edit that was accepted.
  package let edit: Edit
  /// Whether it became the creation of its entity.
  package let isCreation: Bool
  /// Whether it won its field.
  package let isField: Bool

  /// What `edit` won: the creation of its entity, or its field.
  init(_ edit: Edit, isCreation: Bool, isField: Bool) {
    self.edit = edit
    self.isCreation = isCreation
    self.isField = isField
  }

  /// Whether `left` is these cells in this order.
  package static func == (left: ChangedCells, right: [CellKey]) -> Bool { left.elementsEqual(right) }
}

extension ChangedCells: RandomAccessCollection {
  /// The place of the first cell.
  package var startIndex: Int { 0 }

  /// How many cells there are: 0, 1 or 2.
  package var endIndex: Int { (isCreation ? 1 : 0) + (isField ? 1 : 0) }

  /// The creation's cell first, then the field's.
  package subscript(position: Int) -> CellKey {
    precondition(indices.contains(position), "no changed cell \(position)")
    if isCreation, position == 0, let made = Vocabulary.creation(by: edit) {
      return CellKey(creationOf: made.entity, kind: made.kind)
    }
    return CellKey(entity: edit.entity, field: edit.field)
  }
}
