/// What one person did at once: 1 to a limit of edits that are accepted, stored or refused as a whole.
package struct Act: Hashable, Sendable {
  /// Which act it is.
  package let id: ActID
  /// Its edits, in order; never empty, `edits[j].id.i == j + 1`.
  package let edits: [Edit]

  /// Why edits are not one whole act.
  package enum Flaw: Error, Hashable, Sendable {
    /// There is no edit.
    case empty
    /// An edit is of another act, out of order, or states another number of edits.
    case notWhole
  }

  /// Puts `edits` together; throws when they are not one whole act in order.
  package init(edits: [Edit]) throws(Flaw) {
    guard let first = edits.first else { throw .empty }
    for (index, edit) in edits.enumerated() {
      guard edit.id.act == first.id.act, edit.id.i == UInt32(index + 1), edit.actSize == UInt32(edits.count) else {
        throw .notWhole
      }
    }
    self.id = first.id.act
    self.edits = edits
  }

  /// Makes the act `id` out of changes, each with the base its author saw, all under one stamp.
  package init(id: ActID, changes: [(change: Change, base: EditID?)], stamp: Stamp, shift: Shift) throws(Flaw) {
    guard !changes.isEmpty else { throw .empty }
    self.id = id
    self.edits = changes.enumerated().map { index, entry in
      Edit(
        id: id.edit(UInt32(index + 1)), actSize: UInt32(changes.count), stamp: stamp, shift: shift, base: entry.base,
        change: entry.change)
    }
  }

  /// Whether one of its edits is of a thing that one of `acts` makes, or names an edit of one of them.
  package func speaks(of acts: Set<ActID>) -> Bool {
    edits.contains { edit in
      if case .created(let maker) = edit.entity, maker.act != id, acts.contains(maker.act) { return true }
      guard let named = edit.value.text.flatMap({ EditID($0) }) else { return false }
      return named.act != id && acts.contains(named.act)
    }
  }

  /// Whether `other` has the same content edit by edit, whatever its stamps and shifts.
  package func hasSameContent(as other: Act) -> Bool {
    edits.count == other.edits.count && zip(edits, other.edits).allSatisfy { $0.hasSameContent(as: $1) }
  }

  /// Whether `other` is a copy of this act, edit by edit (`Edit.isCopy`).
  package func isCopy(of other: Act) -> Bool {
    edits.count == other.edits.count && zip(edits, other.edits).allSatisfy { $0.isCopy(of: $1) }
  }

  /// The same act put at another time.
  package func restamped(_ stamp: Stamp, shift: Shift) -> Act {
    Act(id: id, wholeEdits: edits.map { $0.restamped(stamp, shift: shift) })
  }

  private init(id: ActID, wholeEdits: [Edit]) {
    self.id = id
    self.edits = wholeEdits
  }
}
