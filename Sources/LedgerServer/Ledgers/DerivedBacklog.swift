import EditModel
import LedgerRules
import LedgerStore

/// What the history implies and is not yet written behind it, in slices, so that no single write stalls the writer.
struct DerivedBacklog {
  /// How many lines make a slice: a few milliseconds of writing.
  static let sliceLines = 4_096
  /// How many lines may wait while acts keep coming; beyond it a slice is written between two commits.
  static let limitLines = 65_536

  private var slices: [DerivedRows]
  private var lineCount = 0

  /// Nothing waits behind `applied`.
  init(applied: UInt64) {
    self.slices = [DerivedRows(applied: applied)]
  }

  var isEmpty: Bool { lineCount == 0 }
  var isFull: Bool { lineCount >= DerivedBacklog.limitLines }
  var hasFullSlice: Bool { slices.count > 1 }

  /// Takes in the next line of the history with the cells that it changed.
  mutating func note(_ accepted: AcceptedEdit, changed: ChangedCells) {
    slices[slices.count - 1].note(accepted, changed: changed)
    lineCount += 1
    if slices[slices.count - 1].lineCount >= DerivedBacklog.sliceLines {
      slices.append(DerivedRows(applied: accepted.seq))
    }
  }

  /// The oldest slice, which is to be written now; nil when nothing waits.
  mutating func takeOldest() -> DerivedRows? {
    guard lineCount > 0 else { return nil }
    let oldest = slices.removeFirst()
    if slices.isEmpty { slices = [DerivedRows(applied: oldest.applied)] }
    lineCount -= oldest.lineCount
    return oldest
  }
}
