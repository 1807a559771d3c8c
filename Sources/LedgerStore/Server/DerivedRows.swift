package import EditModel
package import LedgerRules

/// What the history implies and is written behind it: which line won each cell, which lines touched an entity, where
/// each act stands. Gathered line by line, de-duplicated as it grows; the store sorts it.
package struct DerivedRows: Sendable {
  /// Everything up to this seq is in these rows or was written before.
  package private(set) var applied: UInt64
  /// The winning line of each cell that changed.
  package private(set) var cells: [CellKey: UInt64] = [:]
  /// Each line with the entity that it is an edit of. A created entity's own creating line is found by its identity.
  package private(set) var touched: [(entity: EntityID, seq: UInt64)] = []
  /// The first line of each act.
  package private(set) var acts: [ActID: UInt64] = [:]
  /// The greatest stamp of these lines, receipts included.
  package private(set) var greatestStamp = Stamp.zero

  /// No rows yet, behind a history that is applied up to `applied`.
  package init(applied: UInt64) { self.applied = applied }

  /// Takes in the next line; `changed` is what `LedgerState.apply` answered for it.
  package mutating func note(_ accepted: AcceptedEdit, changed: [CellKey]) {
    precondition(accepted.seq == applied + 1, "derived rows take the history line by line")
    applied = accepted.seq
    for key in changed { cells[key] = accepted.seq }
    touched.append((accepted.edit.entity, accepted.seq))
    if accepted.edit.id.i == 1 { acts[accepted.edit.id.act] = accepted.seq }
    greatestStamp = max(greatestStamp, accepted.receipt, accepted.edit.stamp)
  }

  /// How many lines are waiting to be written behind.
  package var lineCount: Int { touched.count }
}
