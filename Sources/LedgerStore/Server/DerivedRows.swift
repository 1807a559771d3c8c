package import EditModel
package import LedgerRules

/// What the history implies and is written behind it: which line won each cell, which lines touched an entity, where
/// each act stands. Gathered line by line as the writer goes, taken apart and sorted only when it is written.
package struct DerivedRows: Sendable {
  /// Everything up to this seq is in these rows or was written before.
  package private(set) var applied: UInt64
  private var lines: [(edit: Edit, changed: ChangedCells)] = []
  /// The greatest stamp of these lines, receipts included.
  package private(set) var greatestStamp = Stamp.zero

  /// No rows yet, behind a history that is applied up to `applied`.
  package init(applied: UInt64) { self.applied = applied }

  /// Takes in the next line; `changed` is what `LedgerState.apply` answered for it.
  package mutating func note(_ accepted: AcceptedEdit, changed: ChangedCells) {
    precondition(accepted.seq == applied + 1, "derived rows take the history line by line")
    applied = accepted.seq
    lines.append((accepted.edit, changed))
    greatestStamp = max(greatestStamp, accepted.receipt, accepted.edit.stamp)
  }

  /// How many lines are waiting to be written behind.
  package var lineCount: Int { lines.count }

  /// The winning line of each cell that changed.
  var cells: [CellKey: UInt64] {
    var cells: [CellKey: UInt64] = [:]
    for (seq, line) in zip(seqs, lines) {
      for key in line.changed { cells[key] = seq }
    }
    return cells
  }

  /// The lines that are edits of each entity, ascending. A created entity's own creating line is found by its identity.
  var touched: [EntityID: [UInt64]] {
    var touched: [EntityID: [UInt64]] = [:]
    for (seq, line) in zip(seqs, lines) { touched[line.edit.entity, default: []].append(seq) }
    return touched
  }

  /// The acts of each replica with the first line of each, in the order of the history.
  var acts: [ReplicaID: [(n: UInt64, seq: UInt64)]] {
    var acts: [ReplicaID: [(n: UInt64, seq: UInt64)]] = [:]
    for (seq, line) in zip(seqs, lines) where line.edit.id.i == 1 {
      acts[line.edit.id.replica, default: []].append((line.edit.id.n, seq))
    }
    return acts
  }

  private var seqs: ClosedRange<UInt64> { applied - UInt64(lines.count) + 1...applied }
}
