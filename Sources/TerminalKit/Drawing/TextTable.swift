/// Rows of text in aligned columns, measured in display columns: for screens, plain output and paper alike.
package struct TextTable: Hashable, Sendable {
  /// One column of a table.
  package struct Column: Hashable, Sendable {
    /// What stands above it; empty in all columns: the table has no heading.
    package var title: String
    /// Where its texts stand: numbers on the right.
    package var alignment: TextAlignment
    /// Display columns below which it is not made narrower.
    package var minimumWidth: Int
    /// Display columns above which its texts are cut.
    package var maximumWidth: Int

    /// A column as wide as its widest text, within limits.
    package init(
      _ title: String = "", alignment: TextAlignment = .left, minimumWidth: Int = 1, maximumWidth: Int = .max
    ) {
      self.title = title
      self.alignment = alignment
      self.minimumWidth = max(0, minimumWidth)
      self.maximumWidth = max(self.minimumWidth, maximumWidth)
    }
  }

  /// One text of a row and how it looks.
  package struct Entry: Hashable, Sendable, ExpressibleByStringLiteral {
    /// The text, on one line.
    package var text: String
    /// How it looks on a screen.
    package var style: Style

    /// A text and how it looks.
    package init(_ text: String, style: Style = .standard) {
      self.text = text
      self.style = style
    }

    /// A text in default style.
    package init(stringLiteral value: String) {
      self.init(value)
    }
  }

  /// The columns, left to right.
  package var columns: [Column]
  /// The rows; what a row has too little is blank, what it has too much is not shown.
  package var rows: [[Entry]]
  /// Spaces between columns.
  package var gap: Int
  /// How the heading looks.
  package var headingStyle: Style

  /// A table of `rows` under `columns`.
  package init(columns: [Column], rows: [[Entry]], gap: Int = 2, headingStyle: Style = .bold) {
    self.columns = columns
    self.rows = rows
    self.gap = max(0, gap)
    self.headingStyle = headingStyle
  }

  /// The width of each column where `available` display columns are there for all. Where they do not suffice, the
  /// widest column that may is made narrower first; columns never go below their minimum, so the sum may be more.
  package func widths(within available: Int = .max, measure: DisplayWidth = .standard) -> [Int] {
    var widths = columns.enumerated().map { index, column in
      let texts = rows.lazy.compactMap { $0.indices.contains(index) ? measure.of($0[index].text) : nil }
      let widest = max(measure.of(column.title), texts.max() ?? 0)
      return min(max(widest, column.minimumWidth), column.maximumWidth)
    }
    let gaps = gap * max(0, columns.count - 1)
    var excess = available == .max ? 0 : widths.reduce(gaps, +) - available
    while excess > 0 {
      let shrinkable = widths.indices.filter { widths[$0] > columns[$0].minimumWidth }
      guard let widest = shrinkable.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
      excess -= 1
    }
    return widths
  }

  /// The heading, if any, and the rows as lines without spaces at their ends.
  package func lines(within available: Int = .max, measure: DisplayWidth = .standard) -> [String] {
    let widths = widths(within: available, measure: measure)
    return shownRows.map { row in
      var line = ""
      for (index, width) in widths.enumerated() {
        if index > 0 { line += String(repeating: " ", count: gap) }
        line += text(row, index, width: width, measure: measure)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// Draws heading and rows into an area, from its top, cut at its edges.
  package func draw(in area: GridArea, of grid: inout CellGrid) {
    let widths = widths(within: area.size.width, measure: grid.measure)
    var part = CellGrid(size: area.size, measure: grid.measure)
    for (row, entries) in shownRows.prefix(area.size.height).enumerated() {
      var column = 0
      for (index, width) in widths.enumerated() {
        let text = text(entries, index, width: width, measure: grid.measure)
        let style = entries.indices.contains(index) ? entries[index].style : .standard
        part.write(text, at: GridPosition(row: row, column: column), style: style)
        column += width + gap
      }
    }
    grid.draw(part, at: area.origin)
  }

  private var shownRows: [[Entry]] {
    if columns.allSatisfy(\.title.isEmpty) { return rows }
    return [columns.map { Entry($0.title, style: headingStyle) }] + rows
  }

  private func text(_ row: [Entry], _ index: Int, width: Int, measure: DisplayWidth) -> String {
    let text = row.indices.contains(index) ? row[index].text : ""
    return text.padded(toWidth: width, alignment: columns[index].alignment, measure: measure)
  }
}
