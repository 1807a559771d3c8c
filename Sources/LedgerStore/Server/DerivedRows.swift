package import EditModel
package import LedgerRules

/// Lines of the history of which nothing is derived yet, gathered one by one as the writer goes. What they imply is
/// worked out by `DerivedTables`, on whatever thread has time.
package struct DerivedRows: Sendable {
  /// Everything up to this seq is in these rows or was written before.
  package private(set) var applied: UInt64
  /// The lines, the last of them `applied`, each with the cells that it changed.
  private(set) var lines: [ChangedCells] = []
  /// The greatest stamp of these lines, receipts included.
  package private(set) var greatestStamp = Stamp.zero

  /// No rows yet, behind a history that is applied up to `applied`.
  package init(applied: UInt64) { self.applied = applied }

  /// Takes in the next line; `changed` is what `LedgerState.apply` answered for it.
  package mutating func note(_ accepted: AcceptedEdit, changed: ChangedCells) {
    precondition(accepted.seq == applied + 1, "derived rows take the history line by line")
    applied = accepted.seq
    lines.append(changed)
    greatestStamp = max(greatestStamp, accepted.receipt, accepted.edit.stamp)
  }

  /// How many lines are waiting to be written behind.
  package var lineCount: Int { lines.count }

  /// The seq before the first of these lines.
  var before: UInt64 { applied - UInt64(lines.count) }
}
