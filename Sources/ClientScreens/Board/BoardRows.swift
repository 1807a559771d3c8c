import EditModel
import LedgerRules
import TerminalKit

/// The board's tables, made from the figures: for the screen and for paper alike.
struct BoardRows: Sendable {
  let figures: BoardFigures
  let look: Look

  private typealias Column = TextTable.Column
  private typealias Entry = TextTable.Entry

  // MARK: - Overview

  func totals(_ totals: [OverviewRows.Total]) -> TextTable {
    let columns =
      [Column("")]
      + [figures.isWhole ? BoardWords.count : BoardWords.seen, BoardWords.before, BoardWords.declared].map {
        number($0)
      }
    return TextTable(
      columns: columns + [Column("")],
      rows: totals.map { total in
        [
          Entry(word(total.label)), Entry("\(total.count)"),
          Entry(total.adopted.map(String.init) ?? ""),
          Entry(total.declared.map(String.init) ?? "-"),
          Entry(total.differs ? (look.glyphs == .unicode ? "≠" : "<>") : "", style: .bold),
        ]
      }, gap: 1)
  }

  func stages(_ stages: [OverviewRows.StageCount], width: Int) -> TextTable {
    let total = figures.totals.byStage.values.reduce(0, +)
    let labels = stages.map { word($0.stage.label) }
    let labelWidth = labels.map { DisplayWidth.standard.of($0) }.max() ?? 0
    let countWidth = String(total).utf8.count
    let barWidth = max(0, min(60, width - labelWidth - countWidth - 4))
    return TextTable(
      columns: [Column(), Column(alignment: .right, minimumWidth: countWidth), Column()],
      rows: zip(stages, labels).map { stage, label in
        let style = stage.count == 0 ? Style.dim : .standard
        let bar = Bar(stage.count, of: total).text(width: barWidth, glyphs: look.glyphs)
        return [
          Entry(label, style: style), Entry("\(stage.count)", style: style),
          Entry(bar, style: stage.stage.style),
        ]
      })
  }

  // MARK: - Groups

  func aspects(_ visible: Range<Int>, width: Int) -> TextTable {
    groups(figures.totals.byAspect[visible], title: BoardSection.aspects.label, width: width)
  }

  func offices(_ visible: Range<Int>, width: Int) -> TextTable {
    groups(figures.totals.byOffice[visible], title: BoardWords.office, width: width)
  }

  private func groups(_ groups: ArraySlice<GroupTotals>, title: Label, width: Int) -> TextTable {
    let barWidth = width >= 90 ? 24 : width >= 64 ? 16 : width >= 48 ? 8 : 0
    return TextTable(
      columns: [Column(word(title), minimumWidth: 8)] + barColumn(barWidth) + [
        number(BoardWords.finished)
      ]
        + closingColumns,
      rows: groups.map { group in
        let standings = group.standings
        let bar = ShareBar(
          closed: standings.doneHere, adopted: standings.doneBefore, total: standings.live)
        return [Entry(group.name?.string.onOneLine ?? word(BoardWords.unnamed))]
          + entry(bar, barWidth)
          + [Entry("\(standings.done)/\(standings.live)")]
          + closing(overdue: group.overdue, moved: group.moved)
      })
  }

  /// On a narrow screen it matters more whether a village is heard from than how its bar looks.
  func villages(_ visible: Range<Int>, width: Int) -> TextTable {
    let isWide = width >= 64
    let barWidth = width >= 90 ? 16 : isWide ? 8 : 0
    let finished = number(isWide ? BoardWords.finished : BoardWords.finishedShort)
    return TextTable(
      columns: [Column(word(BoardWords.village), minimumWidth: 8)] + barColumn(barWidth) + [
        finished
      ]
        + (isWide ? [number(BoardWords.reported)] + closingColumns : [])
        + [Column(word(BoardWords.contact)), number(BoardWords.unsent)],
      rows: figures.villages[visible].map { village in
        let entries = row(of: village, barWidth: barWidth, isWide: isWide)
        return village.isSilent ? entries.map { Entry($0.text, style: .dim) } : entries
      })
  }

  private func row(of village: VillageFigures, barWidth: Int, isWide: Bool) -> [TextTable.Entry] {
    let (shares, finished) = (village.totals?.shares ?? 0, village.totals?.finished ?? 0)
    let link = self.link(village.link)
    let closing = closing(overdue: village.totals?.overdue ?? 0, moved: village.totals?.moved ?? 0)
    return [Entry(village.place.string)]
      + entry(ShareBar(closed: finished, adopted: 0, total: shares), barWidth)
      + [Entry("\(finished)/\(shares)")]
      + (isWide ? [Entry("\(village.totals?.reported ?? 0)")] + closing : [])
      + [Entry(link.contact), Entry(link.unsent)]
  }

  private func link(_ link: VillageFigures.Link?) -> (contact: String, unsent: String) {
    switch link {
    case nil: return (look.glyphs == .unicode ? word(BoardWords.unknown) : "-", "")
    case .noDevice: return (word(BoardWords.noDevice), "")
    case .live(_, let unsent): return (word(BoardWords.live), "\(unsent)")
    case .heard(let contact, let unsent, let isSilent):
      let moment =
        contact.map { ChinaClock.short($0, today: figures.today) } ?? word(BoardWords.never)
      return (isSilent ? "\(word(BoardWords.silent)) \(moment)" : moment, "\(unsent)")
    }
  }

  // MARK: - Problems and acts

  func attention(_ visible: Range<Int>) -> TextTable {
    TextTable(
      columns: [
        Column(), number(BoardWords.number), Column(word(BoardWords.problem), minimumWidth: 10),
        Column(word(BoardWords.office), maximumWidth: 16), Column(word(BoardWords.stage)),
        Column(word(BoardWords.deadline)),
      ],
      rows: figures.attention[visible].map { problem in
        let progress = problem.progress
        let light = progress.light.map { word(BoardWords.mark($0)) } ?? ""
        let moved = progress.hasMoved ? word(Label("变", "*")) : ""
        let style = progress.light?.style ?? .standard
        return [
          Entry(light + moved, style: style), Entry(problem.reference), Entry(problem.wording),
          Entry(progress.leadUnit?.string ?? ""), Entry(progress.stageText(word)),
          Entry(
            progress.standing == .underWay
              ? progress.daysLeft.map { word(BoardWords.daysLeft($0)) } ?? "" : "", style: style),
        ]
      })
  }

  /// `12:31 zhangbaiwan 15/张百万村 进展情况：待补合同（另2处）`.
  func line(_ act: LatestAct) -> String {
    let colon = look.language == .chinese ? "：" : ": "
    let value = word(act.value)
    let said = word(act.what) + (value.isEmpty ? "" : colon + value)
    let subject = act.subject.isEmpty ? "" : " " + act.subject
    let more = act.moreEdits > 0 ? word(BoardWords.more(act.moreEdits)) : ""
    return
      "\(ChinaClock.short(act.receipt, today: figures.today)) \(act.seat)\(subject) \(said)\(more)"
  }

  // MARK: - Columns

  private var closingColumns: [TextTable.Column] {
    [number(BoardWords.overdue)] + (figures.since == nil ? [] : [number(BoardWords.moved)])
  }

  private func closing(overdue: Int, moved: Int) -> [TextTable.Entry] {
    let mark = overdue > 0 ? "\(word(BoardWords.mark(.red))) \(overdue)" : ""
    let entries = [Entry(mark, style: Light.red.style)]
    return figures.since == nil
      ? entries : entries + [Entry(moved > 0 ? "+\(moved)" : "", style: .bold)]
  }

  /// The column of bars, none when they have no width. Bars are never made narrower than they were drawn.
  private func barColumn(_ width: Int) -> [TextTable.Column] {
    width > 0 ? [Column(word(BoardWords.progress), minimumWidth: width)] : []
  }

  private func entry(_ bar: ShareBar, _ width: Int) -> [TextTable.Entry] {
    width > 0
      ? [Entry(bar.text(width: width, glyphs: look.glyphs), style: Style(foreground: .green))] : []
  }

  /// A column of numbers, never narrower than its title.
  private func number(_ title: Label) -> TextTable.Column {
    Column(word(title), alignment: .right, minimumWidth: DisplayWidth.standard.of(word(title)))
  }

  private func word(_ label: Label) -> String { label.text(look.language) }
}

extension Stage {
  /// How its bar looks.
  fileprivate var style: Style {
    switch self {
    case .closed, .confirmed: Style(foreground: .green)
    case .returned, .reopened: Style(foreground: .yellow)
    default: Style(foreground: .cyan)
    }
  }
}
