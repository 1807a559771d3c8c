package import EditModel
import LedgerRules
import LedgerStore
import SyncRules

extension Replica {
  /// Records what one person did at once; on the disk when it returns. Bases are filled with what is shown.
  package func record(_ changes: [Change]) throws(ClientError) -> ActID {
    try record { _ in changes }
  }

  /// The same for an act whose edits speak of each other: the closure is given the act's identity, so that
  /// `.created(act.edit(1))` is what the first edit makes.
  package func record(making changes: (ActID) -> [Change]) throws(ClientError) -> ActID {
    let acts = try withoutActuallyEscaping(changes) { changes throws(ClientError) in
      try recordAll([changes])
    }
    guard let act = acts.first else { throw .notWritable(nil) }
    return act.id
  }

  /// Records several acts in one transaction, all or none: what an import does.
  package func recordAll(_ drafts: [(ActID) -> [Change]]) throws(ClientError) -> [Act] {
    let wall = device.wallMilliseconds()
    let outcome = try withStore { store throws(StoreError) in
      let offset = try store.header().offsetMilliseconds
      let time = RecordTime(
        wallMilliseconds: wall,
        milliseconds: StampCorrection.time(wallMilliseconds: wall, offset: offset))
      return try store.record(drafts, at: time)
    }
    switch outcome {
    case .recorded(let acts): return acts
    case .refused(let refusal): throw .refused(refusal)
    case .notWritable(let field): throw .notWritable(field)
    }
  }

  /// Takes back what the last own act did, by another act: fields go back to what they were, things that were added are
  /// withdrawn. What somebody has set since is left alone and named.
  package func undo() throws(ClientError) -> UndoneAct {
    let plan = try withStore { store throws(StoreError) in try UndoPlan(store) }
    guard let undone = plan.undone else { throw .nothingToUndo }
    if let field = plan.stuck { throw .notUndoable(field) }
    guard !plan.changes.isEmpty else { throw .nothingToUndo }
    return UndoneAct(act: try record(plan.changes), undone: undone, kept: plan.kept)
  }
}

/// What came of an undo.
package struct UndoneAct: Hashable, Sendable {
  /// The new act.
  package let act: ActID
  /// The act that it takes back.
  package let undone: ActID
  /// Edits of it that were left, because their field was set anew since.
  package let kept: [Edit]
}

/// What must change for the last own act to be as if it had not been.
private struct UndoPlan: Sendable {
  var undone: ActID?
  var changes: [Change] = []
  var kept: [Edit] = []
  /// A field that no edit can put back.
  var stuck: FieldName?

  init(_ store: ReplicaStore) throws(StoreError) {
    let edits = try store.lastOwnAct()
    undone = edits.first?.id.act
    let shown = try store.snapshot().shown
    var withdrawn: Set<EntityID> = []
    for edit in edits where !withdrawn.contains(edit.entity) {
      if edit.field == .stage {
        stuck = edit.field
      } else if let made = shown.entity(madeBy: edit) {
        withdrawn.insert(made)
        changes.append(Change(entity: made, field: .withdrawn, value: .text("yes")))
      } else if shown.shownEdit(edit.entity, edit.field)?.id == edit.id {
        var earlier = EditValue.cleared
        if let base = edit.base { earlier = try store.edit(base)?.value ?? .cleared }
        changes.append(Change(entity: edit.entity, field: edit.field, value: earlier))
      } else {
        kept.append(edit)
      }
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
