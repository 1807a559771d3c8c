import TerminalKit

/// What every page has around it: a line above that says what it is of, a line below with its keys or a notice.
struct ScreenFrame: Sendable {
  /// What the page is of, on the left above.
  let title: String
  /// What changes by itself, on the right above; it stays when the title must be cut.
  let status: String
  /// What stands below.
  let footer: String
  /// Whether the footer says something that the person has to read.
  var isNotice = false
  /// Language and signs.
  let look: Look

  /// Draws both lines and gives the area between them.
  func draw(in grid: inout CellGrid) -> GridArea {
    let (head, rest) = grid.area.split(top: 1)
    let (body, foot) = rest.split(top: max(0, rest.size.height - 1))
    grid.fill(head, style: .reverse)
    let measure = grid.measure
    let shownStatus = status.truncated(
      toWidth: max(0, grid.size.width - 2), ellipsis: ellipsis, measure: measure)
    let statusWidth = measure.of(shownStatus)
    let room = grid.size.width - statusWidth - 4
    if room > 0 {
      let shown = title.truncated(toWidth: room, ellipsis: ellipsis, measure: measure)
      grid.write(shown, at: GridPosition(row: 0, column: 1), style: headStyle)
    }
    grid.write(
      shownStatus, at: GridPosition(row: 0, column: grid.size.width - statusWidth - 1),
      style: .reverse)
    if foot.size.height > 0, body.size.height > 0 || grid.size.height > 1 {
      let shown = footer.truncated(
        toWidth: max(0, grid.size.width - 2), ellipsis: ellipsis, measure: measure)
      let place = GridPosition(row: foot.origin.row, column: 1)
      grid.write(
        shown, at: place, style: isNotice ? Style(foreground: .yellow, attributes: .bold) : .dim)
    }
    return body
  }

  private var headStyle: Style { Style(attributes: [.bold, .reverse]) }
  private var ellipsis: String { look.ellipsis }
}

extension Look {
  /// What stands for text that was cut.
  var ellipsis: String { glyphs == .unicode ? "…" : "~" }

  /// What stands between parts of a line.
  var separator: String { glyphs == .unicode ? " · " : " | " }
}
