package import EditModel
package import LedgerRules
package import LedgerStore

/// What the history implies and is not yet written behind it, in slices, so that no single write stalls the writer.
package struct DerivedBacklog {
  /// How many rows a slice should come to: a few milliseconds of writing.
  static let sliceRows = 4_096
  /// How many lines a slice has at the most.
  static let sliceLines = 32_768
  /// How many lines may wait while acts keep coming; beyond it a slice is written between two commits.
  static let limitLines = 65_536

  private var slices: [DerivedRows]
  private var lineCount = 0
  /// How many lines make the next slice.
  private var nextLines = DerivedBacklog.sliceRows

  /// Nothing waits behind `applied`.
  package init(applied: UInt64) {
    self.slices = [DerivedRows(applied: applied)]
  }

  /// Whether nothing waits.
  package var isEmpty: Bool { lineCount == 0 }
  /// Whether so many lines wait that a slice is to be written between two commits.
  package var isFull: Bool { lineCount >= DerivedBacklog.limitLines }
  /// Whether a slice has as many lines as it is to have.
  package var hasFullSlice: Bool { slices.count > 1 }

  /// Takes in the next line of the history with the cells that it changed.
  package mutating func note(_ accepted: AcceptedEdit, changed: ChangedCells) {
    slices[slices.count - 1].note(accepted, changed: changed)
    lineCount += 1
    if slices[slices.count - 1].lineCount >= nextLines {
      slices.append(DerivedRows(applied: accepted.seq))
    }
  }

  /// The oldest slice, which is to be written now; nil when nothing waits.
  package mutating func takeOldest() -> DerivedRows? {
    guard lineCount > 0 else { return nil }
    let oldest = slices.removeFirst()
    if slices.isEmpty { slices = [DerivedRows(applied: oldest.applied)] }
    lineCount -= oldest.lineCount
    return oldest
  }

  /// Learns from a slice that was written how many lines come to `sliceRows`: lines that keep touching the same cells
  /// share rows, and are the cheaper to write the more of them are written at once.
  package mutating func wrote(_ tables: DerivedTables) {
    let lines = DerivedBacklog.sliceRows * tables.lineCount / max(1, tables.rowCount)
    nextLines = min(max(lines, DerivedBacklog.sliceRows), DerivedBacklog.sliceLines)
  }
}
