/// Rows and columns of a grid or a terminal.
package struct GridSize: Hashable, Sendable {
  /// Columns, at least 0.
  package var width: Int
  /// Rows, at least 0.
  package var height: Int

  /// A size; negative numbers count as 0.
  package init(width: Int, height: Int) {
    self.width = max(0, width)
    self.height = max(0, height)
  }

  /// What a terminal has that tells nothing: 80 columns, 24 rows.
  package static let standard = GridSize(width: 80, height: 24)
}
