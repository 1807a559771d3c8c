import LedgerRules
import TerminalKit

/// Draws the sections into areas; the same rows go on paper (`BoardPaper`).
struct BoardPanel: Sendable {
  let figures: BoardFigures
  let look: Look
  /// The section that has the marked row; nil on paper.
  let focus: BoardSection?
  /// Acts above this seq are new.
  let seenThrough: UInt64

  private var rows: BoardRows { BoardRows(figures: figures, look: look) }

  /// The list of `section`, the part around the marked row, with a heading where it has one.
  func drawList(
    _ section: BoardSection, cursor: RowCursor, in area: GridArea, of grid: inout CellGrid
  ) {
    let headingRows = section == .latest || section == .overview ? 0 : 1
    let visible = cursor.visible(
      count: figures.rowCount(of: section), height: area.size.height - headingRows)
    guard !visible.isEmpty else {
      grid.write(
        BoardWords.none.text(look.language), at: area.origin, style: .dim,
        maximumWidth: area.size.width)
      return
    }
    switch section {
    case .overview: drawOverview(visible, in: area, of: &grid)
    case .aspects: rows.aspects(visible, width: area.size.width).draw(in: area, of: &grid)
    case .offices: rows.offices(visible, width: area.size.width).draw(in: area, of: &grid)
    case .villages: rows.villages(visible, width: area.size.width).draw(in: area, of: &grid)
    case .attention: rows.attention(visible).draw(in: area, of: &grid)
    case .latest: drawLatest(visible, in: area, of: &grid)
    }
    guard section == focus, figures.rowCount(of: section) > 1 else { return }
    let marked = min(cursor.row, visible.upperBound - 1) - visible.lowerBound + headingRows
    let row = GridArea(
      origin: GridPosition(row: area.origin.row + marked, column: area.origin.column),
      size: GridSize(width: area.size.width, height: 1))
    grid.restyle(row, adding: .reverse)
  }

  /// The comparison with what was declared.
  func drawTotals(_ overview: OverviewRows, in area: GridArea, of grid: inout CellGrid) {
    rows.totals(overview.totals(fitting: area.size.height - 1)).draw(in: area, of: &grid)
  }

  /// A bar per stage.
  func drawStages(_ overview: OverviewRows, in area: GridArea, of grid: inout CellGrid) {
    rows.stages(overview.stages(fitting: area.size.height), width: area.size.width).draw(
      in: area, of: &grid)
  }

  /// The acts done last, one a line; those that came while the board was open stand out.
  func drawLatest(_ visible: Range<Int>, in area: GridArea, of grid: inout CellGrid) {
    for (offset, act) in figures.latest[visible].enumerated() where offset < area.size.height {
      let line = rows.line(act).truncated(
        toWidth: area.size.width, ellipsis: look.ellipsis, measure: grid.measure)
      let place = GridPosition(row: area.origin.row + offset, column: area.origin.column)
      grid.write(line, at: place, style: act.seq > seenThrough ? .bold : .standard)
    }
  }

  private func drawOverview(_ visible: Range<Int>, in area: GridArea, of grid: inout CellGrid) {
    let shown = OverviewRows(figures).all[visible]
    let totals = shown.compactMap { row in
      if case .total(let total) = row { total } else { nil }
    }
    let stages = shown.compactMap { row in
      if case .stage(let stage) = row { stage } else { nil }
    }
    // The comparison goes without its heading here, so that a row of the list is a row on the screen.
    var table = rows.totals(totals)
    for index in table.columns.indices { table.columns[index].title = "" }
    let (top, rest) = area.split(top: totals.count)
    table.draw(in: top, of: &grid)
    rows.stages(stages, width: area.size.width).draw(in: rest, of: &grid)
  }
}
