package import EditModel
import LedgerRules
import LedgerStore
import ReplicaKeeping
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
