import LedgerRules
import TerminalKit

/// The two lines that say the most: how far the whole is, and what must not be overlooked.
struct BoardSummary: Sendable {
  let figures: BoardFigures
  let look: Look

  func draw(in area: GridArea, of grid: inout CellGrid) {
    guard area.size.height >= 2 else { return }
    let (row, column) = (area.origin.row, area.origin.column + 1)
    drawProgress(at: GridPosition(row: row, column: column), width: area.size.width - 2, in: &grid)
    let place = GridPosition(row: row + 1, column: column)
    drawWarnings(at: place, width: area.size.width - 2, in: &grid)
  }

  /// `完成 22/30 73%`, and behind it how much of that was adopted.
  var progress: String {
    let standings = figures.totals.standings
    let share = standings.live == 0 ? 0 : standings.done * 100 / standings.live
    let label = Label("完成", "done").text(look.language)
    return "\(label) \(standings.done)/\(standings.live) \(share)%"
  }

  /// What that consists of.
  var parts: String {
    let standings = figures.totals.standings
    return Label(
      "账内 \(standings.doneHere)，建账前 \(standings.doneBefore)",
      "here \(standings.doneHere), adopted \(standings.doneBefore)"
    ).text(look.language)
  }

  /// What must not be overlooked, each with how it looks; what is zero is said only of what is overdue.
  var warnings: [TextTable.Entry] {
    let totals = figures.totals
    let longTerm = totals.standings[.longTerm] + totals.standings[.adoptedLongTerm]
    var entries = [
      entry(
        "超期 \(totals.overdue)", "overdue \(totals.overdue)",
        totals.overdue > 0 ? Light.red.style : .standard),
      entry("长期坚持 \(longTerm)", "long-term \(longTerm)"),
      entry(
        "措施 \(totals.measuresFinished)/\(totals.liveMeasures)",
        "measures \(totals.measuresFinished)/\(totals.liveMeasures)"),
    ]
    if let since = figures.since {
      let label = BoardWords.movedSince(since, count: totals.moved)
      entries.insert(TextTable.Entry(label.text(look.language), style: .bold), at: 1)
    }
    if figures.clashes > 0 {
      let own = figures.ownClashes
      entries.append(
        entry(
          "冲突 \(figures.clashes)" + (own > 0 ? "（与我有关 \(own)）" : ""),
          "clashes \(figures.clashes)" + (own > 0 ? " (mine \(own))" : ""),
          own > 0 ? Style(foreground: .yellow, attributes: .bold) : Style(foreground: .yellow)))
    }
    if totals.selfFound > 0 {
      entries.append(entry("自查 \(totals.selfFound)", "self-found \(totals.selfFound)"))
    }
    for light in [Light.red, .yellow, .green, .blue] {
      guard let count = figures.lights[light] else { continue }
      entries.append(
        TextTable.Entry(
          "\(BoardWords.mark(light).text(look.language)) \(count)", style: light.style))
    }
    if figures.pendingEdits > 0 {
      entries.append(TextTable.Entry(BoardWords.pending(figures.pendingEdits).text(look.language)))
    }
    return entries
  }

  private func drawProgress(at place: GridPosition, width: Int, in grid: inout CellGrid) {
    let standings = figures.totals.standings
    let after = grid.write(progress, at: place, style: .bold)
    let tail = " " + parts
    let room = place.column + width - after - 1 - grid.measure.of(tail)
    guard room >= 5 else { return }
    let bar = ShareBar(
      closed: standings.doneHere, adopted: standings.doneBefore, total: standings.live)
    let end = grid.write(
      bar.text(width: room, glyphs: look.glyphs),
      at: GridPosition(row: place.row, column: after + 1),
      style: Style(foreground: .green))
    grid.write(tail, at: GridPosition(row: place.row, column: end), style: .dim)
  }

  private func drawWarnings(at place: GridPosition, width: Int, in grid: inout CellGrid) {
    var column = place.column
    for (index, entry) in warnings.enumerated() {
      let text = index == 0 ? entry.text : look.separator + entry.text
      guard column + grid.measure.of(text) <= place.column + width else { return }
      if index > 0 {
        column = grid.write(
          look.separator, at: GridPosition(row: place.row, column: column), style: .dim)
      }
      column = grid.write(
        entry.text, at: GridPosition(row: place.row, column: column), style: entry.style)
    }
  }

  private func entry(
    _ chinese: String, _ english: String, _ style: Style = .standard
  )
    -> TextTable.Entry
  {
    TextTable.Entry(Label(chinese, english).text(look.language), style: style)
  }
}

extension Light {
  /// How it looks; its mark says the same without colour.
  var style: Style {
    switch self {
    case .red: Style(foreground: .red, attributes: .bold)
    case .yellow: Style(foreground: .yellow)
    case .green: Style(foreground: .green)
    case .blue: Style(foreground: .blue)
    }
  }
}
