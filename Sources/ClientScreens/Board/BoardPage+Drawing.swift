import EditModel
import LedgerRules
import TerminalKit

extension BoardPage {
  /// The picture at a size: all sections side by side where there is room, one below the totals where there is less,
  /// one alone where there is little.
  func draw(size: GridSize) -> CellGrid {
    var grid = CellGrid(size: size)
    let body = frame.draw(in: &grid)
    guard let figures else {
      grid.write(
        BoardWords.opening.text(look.language),
        at: GridPosition(row: body.origin.row + 1, column: 2))
      return grid
    }
    if size.width >= 120, size.height >= 34 {
      drawWide(figures, body, &grid)
    } else if size.width >= 72, size.height >= 20 {
      drawCommon(figures, body, &grid)
    } else {
      drawNarrow(figures, body, &grid)
    }
    return grid
  }

  private var frame: ScreenFrame {
    let moment = now.map { BoardWords.asOf.text(look.language) + " " + ChinaClock.full($0) }
    let trying = nextTry.map { BoardWords.trying($0, now: now ?? .zero).text(look.language) }
    let status = [moment, connection.label.text(look.language), trying].compactMap(\.self).joined(
      separator: look.separator)
    // The town first: a title may be a whole sentence, and what is cut is its end.
    let title = [figures?.town, figures?.name].compactMap(\.self).joined(separator: look.separator)
    return ScreenFrame(
      title: title, status: status, footer: footer.text, isNotice: footer.isNotice, look: look)
  }

  private var footer: (text: String, isNotice: Bool) {
    if let notice { return (notice.text(look.language), true) }
    if let encoding = look.foreignEncoding {
      return (BoardWords.foreign(encoding).text(look.language), true)
    }
    if let figures, asked != figures.since {
      return (BoardWords.recounting.text(look.language), true)
    }
    let shown: [BoardAction] = [
      .leave, .help, .section(by: 1), .row(by: 1), .since(.today), .since(.week), .since(.nothing),
    ]
    let bindings = shown.compactMap { action in BoardPage.bindings.first { $0.action == action } }
    let texts = bindings.filter { $0.reasonDisabled(self) == nil }.map {
      "\($0.caption) \($0.label.text(look.language))"
    }
    return (texts.joined(separator: "   "), false)
  }

  // MARK: - Layouts

  private func drawWide(_ figures: BoardFigures, _ body: GridArea, _ grid: inout CellGrid) {
    let summary = body.split(top: 2)
    BoardSummary(figures: figures, look: look).draw(in: summary.top, of: &grid)
    let (left, right) = summary.rest.split(left: summary.rest.size.width * 9 / 20)
    let overview = left.split(top: min(9, left.size.height / 4))
    let rows = OverviewRows(figures)
    panel(figures).drawTotals(rows, in: boxed(.overview, overview.top, &grid), of: &grid)
    let stages = overview.rest.split(top: min(rows.stages.count + 2, overview.rest.size.height / 2))
    let stageArea = box(
      BoardWords.stages.text(look.language), isFocused: section == .overview, stages.top, &grid)
    panel(figures).drawStages(rows, in: stageArea, of: &grid)
    let aspects = stages.rest.split(
      top: min(figures.totals.byAspect.count + 3, stages.rest.size.height / 2))
    drawBoxed(.aspects, figures, aspects.top, &grid)
    drawBoxed(.offices, figures, aspects.rest, &grid)
    let villages = right.split(top: min(figures.villages.count + 3, right.size.height * 2 / 5))
    drawBoxed(.villages, figures, villages.top, &grid)
    let attention = villages.rest.split(
      top: min(figures.attention.count + 3, villages.rest.size.height / 2))
    drawBoxed(.attention, figures, attention.top, &grid)
    drawBoxed(.latest, figures, attention.rest, &grid)
  }

  private func drawCommon(_ figures: BoardFigures, _ body: GridArea, _ grid: inout CellGrid) {
    let summary = body.split(top: 2)
    BoardSummary(figures: figures, look: look).draw(in: summary.top, of: &grid)
    // The overview has the room of the lower panel too while the person is in it.
    let height =
      section == .overview ? summary.rest.size.height - 4 : summary.rest.size.height >= 30 ? 13 : 9
    let overview = summary.rest.split(top: height)
    drawOverview(figures, overview.top, &grid)
    let lower = overview.rest.split(top: section == .latest ? .max : overview.rest.size.height - 3)
    if section != .overview {
      drawBoxed(section, title: tabs(width: body.size.width - 6), figures, lower.top, &grid)
    }
    drawStrip(figures, section == .overview ? overview.rest : lower.rest, &grid)
  }

  private func drawNarrow(_ figures: BoardFigures, _ body: GridArea, _ grid: inout CellGrid) {
    let summary = body.split(top: body.size.height >= 12 ? 2 : 0)
    BoardSummary(figures: figures, look: look).draw(in: summary.top, of: &grid)
    let head = summary.rest.split(top: 1)
    grid.write(tabs(width: head.top.size.width - 2), at: head.top.origin.right(1), style: .bold)
    panel(figures).drawList(
      section, cursor: cursor(of: section), in: head.rest.inset(left: 1), of: &grid)
  }

  // MARK: - Parts

  private func drawOverview(_ figures: BoardFigures, _ area: GridArea, _ grid: inout CellGrid) {
    let rows = OverviewRows(figures)
    let (left, right) = area.split(left: area.size.width / 2)
    panel(figures).drawTotals(rows, in: boxed(.overview, left, &grid), of: &grid)
    let stages = box(
      BoardWords.stages.text(look.language), isFocused: section == .overview, right, &grid)
    panel(figures).drawStages(rows, in: stages, of: &grid)
  }

  /// The last few acts under a line, without a box: there is no room for one.
  private func drawStrip(_ figures: BoardFigures, _ area: GridArea, _ grid: inout CellGrid) {
    guard area.size.height > 1 else { return }
    let (head, rest) = area.split(top: 1)
    grid.drawHorizontalLine(
      at: head.origin, length: head.size.width, style: .dim, glyphs: look.glyphs)
    grid.write(
      " \(BoardSection.latest.label.text(look.language)) ", at: head.origin.right(2), style: .dim)
    panel(figures).drawLatest(
      0..<min(rest.size.height, figures.latest.count), in: rest.inset(left: 1), of: &grid)
  }

  private func drawBoxed(
    _ section: BoardSection, title: String? = nil, _ figures: BoardFigures, _ area: GridArea,
    _ grid: inout CellGrid
  ) {
    let inner = boxed(section, title: title, area, &grid)
    panel(figures).drawList(section, cursor: cursor(of: section), in: inner, of: &grid)
  }

  private func boxed(
    _ section: BoardSection, title: String? = nil, _ area: GridArea, _ grid: inout CellGrid
  ) -> GridArea {
    box(title ?? section.label.text(look.language), isFocused: section == self.section, area, &grid)
  }

  private func box(
    _ title: String, isFocused: Bool, _ area: GridArea, _ grid: inout CellGrid
  )
    -> GridArea
  {
    grid.drawBox(area, title: title, style: isFocused ? .bold : .dim, glyphs: look.glyphs)
    return area.inset(by: 1).inset(left: 1)
  }

  private func panel(_ figures: BoardFigures) -> BoardPanel {
    BoardPanel(figures: figures, look: look, focus: section, seenThrough: seenThrough ?? 0)
  }

  /// The names of all sections with the current one in brackets, or that one alone where they don't fit.
  private func tabs(width: Int) -> String {
    let names = BoardSection.allCases.map {
      $0 == section ? "[\($0.label.text(look.language))]" : $0.label.text(look.language)
    }
    let all = names.joined(separator: " ")
    if DisplayWidth.standard.of(all) <= width { return all }
    return "\(names[section.rawValue]) \(section.rawValue + 1)/\(names.count)"
  }
}

extension GridPosition {
  fileprivate func right(_ columns: Int) -> GridPosition {
    GridPosition(row: row, column: column + columns)
  }
}

extension GridArea {
  /// The area without its first and last `margin` columns.
  fileprivate func inset(left margin: Int) -> GridArea {
    GridArea(
      origin: origin.right(margin),
      size: GridSize(width: max(0, size.width - 2 * margin), height: size.height))
  }
}
