package import EditModel
import LedgerRules
package import LedgerStore
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
    try recordAll(drafts, undoing: nil) ?? []
  }

  /// Nil when the replica was changed since `undone` was found to be the act that is to be taken back.
  private func recordAll(_ drafts: [(ActID) -> [Change]], undoing undone: UndoneAt?) throws(ClientError) -> [Act]? {
    let reading = device.reading()
    // What was to be written, for whoever words a refusal.
    var fields: [FieldName] = []
    let drafts = drafts.map { draft in
      { (act: ActID) in
        let changes = draft(act)
        fields += changes.map(\.field)
        return changes
      }
    }
    let outcome = try withStore { store throws(StoreError) in
      try store.record(drafts, at: reading, undoing: undone)
    }
    switch outcome {
    case .recorded(let acts): return acts
    case .refused(let refusal): throw .refused(refusal, of: fields)
    case .notWritable(let field): throw .notWritable(field)
    case .overtaken: return nil
    }
  }

  /// Takes back the latest own act that is neither an undo nor taken back already, by another act: fields go back to
  /// what they were, things that were added are withdrawn. What somebody has set since is left alone and named. Of an
  /// act that was refused, or whose every field was set anew, nothing is to be taken back; the next undo then goes on to
  /// the one before it.
  package func undo() throws(ClientError) -> UndoneAct {
    // What is to be undone is found first and then recorded; when another process changed the replica in between, it is
    // found anew.
    while true {
      if let undone = try undoLatest() { return undone }
    }
  }

  private func undoLatest() throws(ClientError) -> UndoneAct? {
    let plan = try withStore { store throws(StoreError) in try UndoPlan(store) }
    guard let plan else { throw .nothingToUndo }
    if let field = plan.stuck { throw .notUndoable(field) }
    guard !plan.changes.isEmpty else {
      guard try withStore({ store throws(StoreError) in try store.dismissUndo(of: plan.undone) }) else { return nil }
      return UndoneAct(act: nil, undone: plan.undone.act, changes: [], kept: plan.kept, wasRefused: plan.isRefused)
    }
    guard let acts = try recordAll([{ _ in plan.changes }], undoing: plan.undone) else { return nil }
    return UndoneAct(
      act: acts.first?.id, undone: plan.undone.act, changes: plan.changes, kept: plan.kept, wasRefused: false)
  }
}

extension ReplicaStore {
  /// Records acts, all or none, when the device's clocks show `reading`: stamped by what the last contact showed of them,
  /// else by the wall clock.
  package func record(
    _ drafts: [(ActID) -> [Change]], at reading: ClockReading, undoing undone: UndoneAt? = nil
  ) throws(StoreError) -> RecordOutcome {
    try record(drafts, at: recordTime(at: reading), undoing: undone)
  }

  /// What to stamp with when the device's clocks show `reading`.
  func recordTime(at reading: ClockReading) throws(StoreError) -> RecordTime {
    let estimate = StampCorrection.time(at: reading, anchor: try header().anchor)
    return RecordTime(
      reading: reading, milliseconds: estimate.milliseconds, isAnchored: estimate.isAnchored)
  }
}

/// What came of an undo.
package struct UndoneAct: Hashable, Sendable {
  /// The new act; nil when there was nothing to take back of the other.
  package let act: ActID?
  /// The act that it takes back.
  package let undone: ActID
  /// What the new act sets.
  package let changes: [Change]
  /// Edits of the old act that were left, because their field was set anew since.
  package let kept: [Edit]
  /// Whether the old act was refused by the server, so that it never counted.
  package let wasRefused: Bool
}

/// What must change for an own act to be as if it had not been.
package struct UndoPlan: Sendable {
  /// The act, and when it was found.
  package let undone: UndoneAt
  /// Whether the server refused it, so that it never counted.
  package let isRefused: Bool
  /// What the undo sets.
  package private(set) var changes: [Change] = []
  /// Edits that are left, because their field was set anew since.
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
      } else if let now = shown.shownEdit(edit.entity, edit.field), try store.origin(of: now) == edit.id {
        var earlier = EditValue.cleared
        if let base = edit.base { earlier = try store.edit(base)?.value ?? .cleared }
        changes.append(Change(entity: edit.entity, field: edit.field, value: earlier))
      } else {
        kept.append(edit)
      }
    }
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
