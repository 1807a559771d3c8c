/// Which row of a list is marked; what is seen of the list follows from it.
struct RowCursor: Hashable, Sendable {
  /// The marked row, from 0.
  private(set) var row = 0

  /// Rows that a page key moves by: less than any list shows on a common terminal, so that no row is passed over.
  static let page = 5

  /// Moves by so many rows, staying within a list of `count`.
  mutating func move(by rows: Int, count: Int) {
    row = max(0, min(row.addingReportingOverflow(rows).partialValue, count - 1))
  }

  /// The rows that are seen of a list of `count` when `height` fit: the marked one stands in the middle where it can.
  func visible(count: Int, height: Int) -> Range<Int> {
    let height = max(0, min(height, count))
    let marked = min(row, max(0, count - 1))
    let first = max(0, min(marked - height / 2, count - height))
    return first..<(first + height)
  }
}
