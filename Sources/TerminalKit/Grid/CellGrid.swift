// TerminalKit shows text in a terminal: how wide it is, which key was pressed, what stands in which cell, which bytes
// turn one picture into the next, and the loop that joins them. It knows nothing of ledgers. Everything but `Tty` and
// the driver in `Loop` is values and pure functions: no environment, no clock, no terminal, no Foundation.

/// A picture of `size` cells, as a value: what a screen draws and what tests compare.
///
/// It is always whole: a wide character has both its cells, so overwriting one half blanks the other. What falls
/// outside is cut. Controls and other text without a width are left out, so no content can steer the terminal.
package struct CellGrid: Hashable, Sendable {
  /// Columns and rows.
  package let size: GridSize
  /// How text is measured.
  package let measure: DisplayWidth
  /// Where the terminal's cursor shows, for input (input methods open beside it); nil hides it.
  package var cursor: GridPosition?
  private var cells: [Cell]

  /// The most scalars that a cell keeps of one character; marks piled on beyond that are dropped.
  package static let scalarsPerCellLimit = 16

  /// A blank grid.
  package init(size: GridSize, measure: DisplayWidth = .standard, style: Style = .standard) {
    self.size = size
    self.measure = measure
    cells = Array(repeating: .blank(style), count: size.width * size.height)
  }

  /// The whole grid as an area.
  package var area: GridArea { GridArea(size) }

  /// The cell at a place that must lie inside.
  package subscript(row: Int, column: Int) -> Cell {
    precondition(contains(row, column), "a cell was asked for outside the grid")
    return cells[row * size.width + column]
  }

  /// The cells of a row that must lie inside.
  package func row(_ row: Int) -> ArraySlice<Cell> {
    cells[row * size.width..<(row + 1) * size.width]
  }

  /// Each row as a string, spaces at its end left out: what golden tests compare and plain output prints.
  package var text: [String] {
    (0..<size.height).map { row in
      var line = ""
      for cell in self.row(row) where cell.width > 0 { line.append(cell.text) }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// Writes one line of text from `position` on, cut at the right edge of the grid or after `maximumWidth` columns.
  /// A wide character that does not fit whole is left out, and so is all that follows it.
  /// - Returns: the column after what was written (or would have been, left of the grid).
  @discardableResult
  package mutating func write(
    _ text: some StringProtocol, at position: GridPosition, style: Style = .standard, maximumWidth: Int = .max
  ) -> Int {
    var column = position.column
    let end = column + min(maximumWidth, max(0, size.width - column))
    guard (0..<size.height).contains(position.row) else { return column }
    for character in text {
      let width = measure.of(character)
      if width == 0 { continue }
      if column + width > end { break }
      put(character, width: width, row: position.row, column: column, style: style)
      column += width
    }
    return column
  }

  /// Fills an area with one character of one column (a wide or empty one counts as a space).
  package mutating func fill(_ area: GridArea, with character: Character = " ", style: Style = .standard) {
    let area = area.intersection(self.area)
    let shown = measure.of(character) == 1 ? character : " "
    for row in area.rows {
      for column in area.columns { put(shown, width: 1, row: row, column: column, style: style) }
    }
  }

  /// Adds attributes to an area and keeps its text and colours: a selected row. A wide character at its edge changes
  /// whole.
  package mutating func restyle(_ area: GridArea, adding attributes: Style.Attributes) {
    let area = area.intersection(self.area)
    for row in area.rows {
      var columns = area.columns
      if columns.isEmpty { continue }
      if self[row, columns.lowerBound].width == 0 { columns = (columns.lowerBound - 1)..<columns.upperBound }
      if self[row, columns.upperBound - 1].width == 2 { columns = columns.lowerBound..<(columns.upperBound + 1) }
      for column in columns { cells[row * size.width + column].style.attributes.formUnion(attributes) }
    }
  }

  /// Draws another grid with its top left cell at `position`, cut at the edges. Its cursor, if it has one, comes along.
  package mutating func draw(_ other: CellGrid, at position: GridPosition) {
    for row in 0..<other.size.height where (0..<size.height).contains(position.row + row) {
      for column in 0..<other.size.width {
        let cell = other[row, column]
        if cell.width == 0 { continue }
        let target = position.column + column
        put(cell.text, width: Int(cell.width), row: position.row + row, column: target, style: cell.style)
      }
    }
    if let cursor = other.cursor {
      self.cursor = GridPosition(row: cursor.row + position.row, column: cursor.column + position.column)
    }
  }

  /// The part of the grid inside `area` as a grid of its own; wide characters cut by its edge become spaces.
  package func cropped(to area: GridArea) -> CellGrid {
    let area = area.intersection(self.area)
    var cropped = CellGrid(size: area.size, measure: measure)
    cropped.draw(self, at: GridPosition(row: -area.origin.row, column: -area.origin.column))
    return cropped
  }

  /// Puts one character; where only a half of it lies inside, that half becomes a space.
  private mutating func put(_ character: Character, width: Int, row: Int, column: Int, style: Style) {
    if width == 2, contains(row, column) != contains(row, column + 1) {
      let inside = contains(row, column) ? column : column + 1
      put(" ", width: 1, row: row, column: inside, style: style)
      return
    }
    guard contains(row, column) else { return }
    release(row, column)
    if width == 2 { release(row, column + 1) }
    let index = row * size.width + column
    cells[index] = Cell(text: Self.bounded(character), style: style, width: Int8(width))
    if width == 2 { cells[index + 1] = .rightHalf(style) }
  }

  /// Blanks the other half of a wide character of which this cell is about to be overwritten.
  private mutating func release(_ row: Int, _ column: Int) {
    let index = row * size.width + column
    switch cells[index].width {
    case 2: cells[index + 1] = .blank(cells[index + 1].style)
    case 0: cells[index - 1] = .blank(cells[index - 1].style)
    default: break
    }
    cells[index] = .blank(cells[index].style)
  }

  private func contains(_ row: Int, _ column: Int) -> Bool {
    (0..<size.height).contains(row) && (0..<size.width).contains(column)
  }

  private static func bounded(_ character: Character) -> Character {
    guard character.unicodeScalars.count > scalarsPerCellLimit else { return character }
    var scalars = String.UnicodeScalarView()
    scalars.append(contentsOf: character.unicodeScalars.prefix(scalarsPerCellLimit))
    return String(scalars).first ?? " "
  }
}
