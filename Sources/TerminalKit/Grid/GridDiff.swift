/// The bytes that turn the picture in a terminal into the next one.
///
/// Only cells that differ are sent, as few bytes as plain means give, inside a synchronised update (mode 2026) so that
/// no half picture shows. The terminal is in default style before and after. The first grid, and one of another size,
/// is painted whole. Right also where terminals disagree on a character's width: what follows it in its row is placed
/// by column and sent again.
package struct GridDiff: Hashable, Sendable {
  /// What the terminal may be sent of the cells' colours.
  package var colors: ColorDepth

  /// A diff for a terminal of that many colours.
  package init(colors: ColorDepth) {
    self.colors = colors
  }

  /// Bytes that show `next` where `previous` (nil: nothing that is known) is shown; none when they look alike.
  package func bytes(from previous: CellGrid?, to next: CellGrid) -> [UInt8] {
    if next == previous { return [] }
    var writer = EscapeWriter(width: next.size.width)
    writer.append(escape: "[?2026h")
    if previous?.cursor != nil { writer.append(escape: "[?25l") }
    let known: CellGrid
    if let previous, previous.size == next.size {
      known = previous
    } else {
      known = CellGrid(size: next.size, measure: next.measure)
      writer.append(escape: "[2J")
    }
    for row in 0..<next.size.height {
      update(row, from: known.row(row), to: next.row(row), measure: next.measure, &writer)
    }
    writer.set(.standard)
    if let cursor = next.cursor, next.area.rows.contains(cursor.row), next.area.columns.contains(cursor.column) {
      writer.move(to: cursor)
      writer.append(escape: "[?25h")
    }
    writer.append(escape: "[?2026l")
    return writer.bytes
  }

  private func update(
    _ row: Int, from known: ArraySlice<Cell>, to next: ArraySlice<Cell>, measure: DisplayWidth,
    _ writer: inout EscapeWriter
  ) {
    if known == next { return }
    let blankFrom = Self.firstOfBlankEnd(next)
    var sendsAll = false
    for (column, pair) in zip(known, next).enumerated() {
      let (old, new) = pair
      if new.width == 0 || (old == new && !sendsAll) { continue }
      if column >= blankFrom, next.count - column > EscapeWriter.eraseCost {
        writer.set(.standard)
        writer.move(to: GridPosition(row: row, column: column))
        writer.append(escape: "[K")
        return
      }
      let place = GridPosition(row: row, column: column)
      fillGap(to: place, next, &writer)
      writer.set(new.style.reduced(to: colors))
      writer.move(to: place)
      if measure.isDisputed(new.text) {
        writer.writeDisputed(new, at: place)
        sendsAll = true
      } else {
        writer.write(new)
      }
    }
  }

  /// Writes a few unchanged cells again where that is shorter than moving over them.
  private func fillGap(to place: GridPosition, _ next: ArraySlice<Cell>, _ writer: inout EscapeWriter) {
    guard let cursor = writer.position, cursor.row == place.row, cursor.column < place.column,
      place.column - cursor.column <= EscapeWriter.shortMoveCost
    else { return }
    let gap = next[(next.startIndex + cursor.column)..<(next.startIndex + place.column)]
    guard gap.allSatisfy({ $0.text.utf8.count == 1 && $0.width == 1 && $0.style.reduced(to: colors) == writer.style })
    else { return }
    for cell in gap { writer.write(cell) }
  }

  /// The column from which the row is blank in default style to its end.
  private static func firstOfBlankEnd(_ row: ArraySlice<Cell>) -> Int {
    let blank = Cell.blank(.standard)
    var column = row.count
    for cell in row.reversed() {
      if cell != blank { break }
      column -= 1
    }
    return column
  }
}
