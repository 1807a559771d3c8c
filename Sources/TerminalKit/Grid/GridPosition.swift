/// A cell's place, counted from 0 at the top left.
package struct GridPosition: Hashable, Sendable {
  /// Rows from the top.
  package var row: Int
  /// Columns from the left.
  package var column: Int

  /// The place at a row and a column; it may lie outside any grid.
  package init(row: Int, column: Int) {
    self.row = row
    self.column = column
  }
}
