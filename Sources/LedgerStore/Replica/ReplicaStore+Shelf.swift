package import EditModel
import GRDB
package import LedgerRules
import LineProtocol

// What becomes of refused acts by a person's decision. Their rows are kept for ever.

/// What came of trying refused acts again.
package enum ShelfRetry: Sendable {
  /// All of them are on the disk as new acts, and the old ones have left the shelf.
  case made([MadeAnew])
  /// This one is not on the shelf (any more); nothing was changed.
  case notOnShelf(ActID)
  /// This act is not decided yet and speaks of one that was to be tried again; nothing was changed.
  case awaited(ActID)
  /// The rules would refuse this one again already here; nothing was changed.
  case refused(Refusal, ActID)
  /// This one cannot be written as a new act; nothing was changed.
  case notWritable(FieldName?, ActID)
  /// This one is about a thing that another refused act was to make, and under that one's number stands another act; nothing
  /// was changed. Made anew without it, it would be about what that other act made.
  case builtOnRefused(ActID)
}

/// A refused act and the act that was made in its place.
package struct MadeAnew: Hashable, Sendable {
  /// The act that was on the shelf.
  package let old: Act
  /// The new one.
  package let new: Act
}

/// What came of taking refused acts off the shelf.
package enum ShelfDiscard: Sendable {
  /// They have left it; these acts speak of what they would have made, and stay there.
  case discarded(dependants: [ActID])
  /// This one is not on the shelf (any more); nothing was changed.
  case notOnShelf(ActID)
}

extension Sequence<Act> {
  /// `acts` and those of these acts, which are in their own order, that speak of them or of each other.
  package func closure(of acts: some Sequence<ActID>) -> [Act] {
    var chosen = Set(acts)
    return filter { act in
      guard chosen.contains(act.id) || act.speaks(of: chosen) else { return false }
      chosen.insert(act.id)
      return true
    }
  }
}

extension ReplicaStore {
  /// Makes the changes of refused acts, and of those on the shelf that speak of them, anew: as new acts with the bases of
  /// what is shown now, judged like any other, in their order and in one transaction with the old ones leaving the shelf.
  ///
  /// `rewriting` is given the acts and their new identities, and returns the changes of each.
  package func retry(
    _ ids: [ActID], at time: RecordTime, _ rewriting: ([Act], [ActID]) -> [[Change]]
  ) throws(StoreError) -> ShelfRetry {
    do throws(StoreError) {
      return try file.transaction("try again") { db in try self.retry(ids, at: time, rewriting, db) }
    } catch {
      cache = nil
      throw error
    }
  }

  private func retry(
    _ ids: [ActID], at time: RecordTime, _ rewriting: ([Act], [ActID]) -> [[Change]], _ db: Database
  ) throws -> ShelfRetry {
    let refused = try ownActs(db, where: "phase = 4")
    let shelf = refused.map(\.act)
    if let missing = ids.first(where: { id in !shelf.contains { $0.id == id } }) { return .notOnShelf(missing) }
    let acts = shelf.closure(of: ids)
    // It may have arrived, so it can be given no other identity; and under its own it would speak of what never comes.
    let undecided = try ownActs(db, where: "phase IN (0, 1, 3)").map(\.act)
    let chosen = Set(acts.map(\.id))
    if let waiting = undecided.first(where: { $0.speaks(of: chosen) }) { return .awaited(waiting.id) }
    for own in refused where chosen.contains(own.act.id) {
      if try lacksItsMaker(own, chosen, db) { return .builtOnRefused(own.act.id) }
    }
    let header = try ReplicaHeader(db, file: file.path)
    let identities = acts.indices.map { ActID(replica: header.replica, n: header.counter + UInt64($0) + 1) }
    let changes = rewriting(acts, identities)
    var latest = 0
    let drafts = acts.indices.map { index in
      { (_: ActID) in
        latest = index
        return changes[index]
      }
    }
    switch try record(drafts, at: time, db) {
    case .recorded(let new): return .made(try replace(acts, by: new, db))
    case .refused(let refusal): return .refused(refusal, acts[latest].id)
    case .notWritable(let field): return .notWritable(field, acts[latest].id)
    case .overtaken: return .notOnShelf(acts[latest].id)
    }
  }

  /// Whether `own` was refused because another act stands under the number of one that is not among `chosen`.
  private func lacksItsMaker(_ own: OwnAct, _ chosen: Set<ActID>, _ db: Database) throws -> Bool {
    guard own.refusal?.code == ErrorCode.forked.rawValue else { return false }
    return try own.act.edits.contains { edit in
      guard case .created(let id) = edit.entity, !chosen.contains(id.act) else { return false }
      return try ownActs(db, where: "n = ?", [Int64(id.n)]).contains { $0.act.id == id.act && $0.refusal != nil }
    }
  }

  private func replace(_ old: [Act], by new: [Act], _ db: Database) throws -> [MadeAnew] {
    for (old, new) in zip(old, new) {
      try change(old.id, db) { $0.phase = .retried }
      try renameUndoing(old.id, to: new.id, db)
    }
    // It was made before they left the shelf.
    cache = nil
    return zip(old, new).map { MadeAnew(old: $0, new: $1) }
  }

  /// Takes refused acts off the shelf, or damaged ones out of what the owner is told, all or none; they are kept, and never
  /// sent again.
  package func discard(_ ids: [ActID]) throws(StoreError) -> ShelfDiscard {
    try change("discard") { db, _ in
      let shelf = try self.ownActs(db, where: "phase = 4").map(\.act)
      let damaged = try self.damagedRows(db)
      let known = Set(shelf.map(\.id) + damaged.map(\.act.id))
      if let missing = ids.first(where: { !known.contains($0) }) { return .notOnShelf(missing) }
      for id in ids {
        try self.change(id, db) { $0.phase = .discarded }
        for damaged in damaged where damaged.act.id == id { try self.dismiss(damaged.row, db) }
      }
      let dependants = shelf.closure(of: ids).map(\.id).filter { !ids.contains($0) }
      return .discarded(dependants: dependants)
    }
  }
}
