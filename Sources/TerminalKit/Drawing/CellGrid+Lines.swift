extension CellGrid {
  /// Draws a frame along the inside of an area's edge, with a title in its upper line. Under 2 x 2 cells nothing.
  package mutating func drawBox(
    _ area: GridArea, title: String = "", style: Style = .standard, glyphs: Glyphs = .unicode
  ) {
    guard area.size.width >= 2, area.size.height >= 2 else { return }
    let (top, bottom) = (area.origin.row, area.origin.row + area.size.height - 1)
    let (left, right) = (area.origin.column, area.origin.column + area.size.width - 1)
    for column in left...right {
      set(glyphs.horizontal, top, column, style)
      set(glyphs.horizontal, bottom, column, style)
    }
    for row in top...bottom {
      set(glyphs.vertical, row, left, style)
      set(glyphs.vertical, row, right, style)
    }
    set(glyphs.topLeft, top, left, style)
    set(glyphs.topRight, top, right, style)
    set(glyphs.bottomLeft, bottom, left, style)
    set(glyphs.bottomRight, bottom, right, style)
    guard !title.isEmpty, area.size.width > 6 else { return }
    let shown = title.truncated(toWidth: area.size.width - 6, ellipsis: glyphs.ellipsis, measure: measure)
    write(" \(shown) ", at: GridPosition(row: top, column: left + 2), style: style)
  }

  /// Draws a line of `length` columns to the right.
  package mutating func drawHorizontalLine(
    at position: GridPosition, length: Int, style: Style = .standard, glyphs: Glyphs = .unicode
  ) {
    for column in position.column..<(position.column + max(0, length)) {
      set(glyphs.horizontal, position.row, column, style)
    }
  }

  /// Draws a line of `length` rows downwards.
  package mutating func drawVerticalLine(
    at position: GridPosition, length: Int, style: Style = .standard, glyphs: Glyphs = .unicode
  ) {
    for row in position.row..<(position.row + max(0, length)) {
      set(glyphs.vertical, row, position.column, style)
    }
  }

  private mutating func set(_ glyph: Character, _ row: Int, _ column: Int, _ style: Style) {
    write(String(glyph), at: GridPosition(row: row, column: column), style: style)
  }
}
