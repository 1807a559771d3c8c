/// A rectangle of cells. Cutting one up gives areas that never leave it, so layouts need no checks of their own.
package struct GridArea: Hashable, Sendable {
  /// The top left cell.
  package var origin: GridPosition
  /// Columns and rows.
  package var size: GridSize

  /// The rectangle at `origin`.
  package init(origin: GridPosition, size: GridSize) {
    self.origin = origin
    self.size = size
  }

  /// The rectangle at the top left corner.
  package init(_ size: GridSize) {
    self.init(origin: GridPosition(row: 0, column: 0), size: size)
  }

  /// The rows inside.
  package var rows: Range<Int> { origin.row..<(origin.row + size.height) }
  /// The columns inside.
  package var columns: Range<Int> { origin.column..<(origin.column + size.width) }

  /// What both rectangles cover; empty where they do not meet.
  package func intersection(_ other: GridArea) -> GridArea {
    let rows = rows.clamped(to: other.rows)
    let columns = columns.clamped(to: other.columns)
    return GridArea(
      origin: GridPosition(row: rows.lowerBound, column: columns.lowerBound),
      size: GridSize(width: columns.count, height: rows.count))
  }

  /// The rectangle without `margin` cells on each side.
  package func inset(by margin: Int) -> GridArea {
    GridArea(
      origin: GridPosition(row: origin.row + margin, column: origin.column + margin),
      size: GridSize(width: size.width - 2 * margin, height: size.height - 2 * margin))
  }

  /// The upper `height` rows (as many as there are) and the rest.
  package func split(top height: Int) -> (top: GridArea, rest: GridArea) {
    let height = min(max(0, height), size.height)
    var top = self
    top.size.height = height
    var rest = self
    rest.origin.row += height
    rest.size.height -= height
    return (top, rest)
  }

  /// The left `width` columns (as many as there are) and the rest.
  package func split(left width: Int) -> (left: GridArea, rest: GridArea) {
    let width = min(max(0, width), size.width)
    var left = self
    left.size.width = width
    var rest = self
    rest.origin.column += width
    rest.size.width -= width
    return (left, rest)
  }
}
