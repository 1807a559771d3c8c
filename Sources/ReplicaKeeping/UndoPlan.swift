package import EditModel
import LedgerRules
package import LedgerStore

/// What must change for an own act to be as if it had not been.
package struct UndoPlan: Sendable {
  /// The act, and when it was found.
  package let undone: UndoneAt
  /// Whether the server refused it, so that it never counted.
  package let isRefused: Bool
  /// What the undo sets.
  package private(set) var changes: [Change] = []
  /// Edits that are left, because their field was set anew since, or another set the same without having seen them.
  package private(set) var kept: [Edit] = []
  /// A field that no edit can put back.
  package private(set) var stuck: FieldName?

  /// Nil when no act is left to take back.
  package init?(_ store: ReplicaStore) throws(StoreError) {
    let revision = try store.revision()
    guard let candidate = try store.undoCandidate(), let first = candidate.edits.first else { return nil }
    undone = UndoneAt(first.id.act, revision: revision)
    isRefused = candidate.isRefused
    if isRefused { return }
    let shown = try store.snapshot().shown
    var withdrawn: Set<EntityID> = []
    for edit in candidate.edits where !withdrawn.contains(edit.entity) {
      if edit.field == .stage {
        stuck = edit.field
      } else if let made = shown.entity(madeBy: edit) {
        // What others have written to it since must not go out of sight with it.
        if try UndoPlan.isWrittenTo(made, since: undone.act, shown, store) {
          kept.append(edit)
          continue
        }
        // A thing that is named by what it is may come again, so what this act wrote to it goes too.
        if DerivedName(made) == nil { withdrawn.insert(made) }
        if !shown.isWithdrawn(made) { changes.append(Change(entity: made, field: .withdrawn, value: .text("yes"))) }
      } else if let now = shown.shownEdit(edit.entity, edit.field), try store.origin(of: now) == edit.id,
        try !UndoPlan.isSharedByAnother(edit, store)
      {
        var earlier = EditValue.cleared
        if let base = edit.base { earlier = try store.edit(base)?.value ?? .cleared }
        changes.append(Change(entity: edit.entity, field: edit.field, value: earlier))
      } else {
        kept.append(edit)
      }
    }
  }

  /// Whether without the act of `edit` another's edit would stand in its field, to the same value, neither of the two having
  /// seen the other: the field would be as it is.
  private static func isSharedByAnother(_ edit: Edit, _ store: ReplicaStore) throws(StoreError) -> Bool {
    let accepted = try store.history(of: edit.entity, field: edit.field).map(\.edit)
    let others = accepted.filter { $0.id.act != edit.id.act }
    guard let best = others.max(by: { $0.precedes($1) }), best.value == edit.value else { return false }
    // What was built on an own edit that is not accepted yet has that one before it.
    if let base = edit.base, !others.contains(where: { $0.id == base }) { return false }
    // An own edit that is not accepted yet is built on an accepted one, as was just seen.
    let bases = Dictionary(accepted.map { ($0.id, $0.base) }, uniquingKeysWith: { first, _ in first })
    return !ancestors(of: edit, in: bases).contains(best.id) && !ancestors(of: best, in: bases).contains(edit.id)
  }

  /// What `edit` was built on, and what that was, and so on.
  private static func ancestors(of edit: Edit, in bases: [EditID: EditID?]) -> Set<EditID> {
    var found: Set<EditID> = []
    var next = edit.base
    while let base = next, found.insert(base).inserted { next = bases[base].flatMap(\.self) }
    return found
  }

  /// Whether something of another act than `act` stands in `entity` or under it; what an undo put back there is the act's
  /// whose value it is.
  private static func isWrittenTo(
    _ entity: EntityID, since act: ActID, _ shown: LedgerState, _ store: ReplicaStore
  ) throws(StoreError) -> Bool {
    guard let known = shown[entity] else { return false }
    for field in Set(known.cells.all.keys).union(known.pending.keys) where field != .withdrawn {
      guard let now = shown.shownEdit(entity, field), now.value != .cleared else { continue }
      if let origin = try store.origin(of: now), origin.act != act { return true }
    }
    return known.children.values.joined().contains { child in
      let made = shown[child].flatMap { $0.creation?.edit ?? $0.pendingCreation }
      return made?.id.act != act && shown.exists(child) && !shown.isWithdrawn(child)
    }
  }
}

extension LedgerState {
  /// The entity that `edit` created and that is still there under that creation, if it created one.
  fileprivate func entity(madeBy edit: Edit) -> EntityID? {
    let candidates = [EntityID.created(edit.id), edit.entity]
    return candidates.first { id in
      guard let entity = self[id] else { return false }
      return (entity.creation?.edit ?? entity.pendingCreation)?.id == edit.id
    }
  }
}
