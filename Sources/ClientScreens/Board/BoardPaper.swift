import LedgerRules
import TerminalKit

/// The board as one page of plain text, for paper or a chat: the same figures, at most 78 columns wide.
package struct BoardPaper: Sendable {
  private let figures: BoardFigures
  private let look: Look

  /// The most columns of a line, Chinese counted as two.
  package static let width = 78
  /// The most problems that are listed for a look.
  static let attentionLimit = 20
  /// The most acts that are listed as done last.
  static let latestLimit = 10

  /// The page of `figures`.
  package init(_ figures: BoardFigures, look: Look) {
    self.figures = figures
    self.look = look
  }

  /// The page's lines, without line ends. `connection` says whether they are what the town has now.
  package func lines(_ connection: BoardConnection) -> [String] {
    let lines = heading(connection) + overview + groups + villages + attention + latest
    return lines.map { $0.truncated(toWidth: BoardPaper.width, ellipsis: look.ellipsis) }
  }

  private var rows: BoardRows { BoardRows(figures: figures, look: look) }

  private func heading(_ connection: BoardConnection) -> [String] {
    let summary = BoardSummary(figures: figures, look: look)
    let standings = figures.totals.standings
    let bar = ShareBar(
      closed: standings.doneHere, adopted: standings.doneBefore, total: standings.live)
    let title = [figures.name, figures.town].compactMap(\.self).joined(separator: look.separator)
    return title.wrapped(toWidth: BoardPaper.width) + [
      "\(word(BoardWords.asOf)) \(ChinaClock.full(figures.now))\(look.separator)\(connection.label.text(look.language))",
      "",
      "\(summary.progress) \(bar.text(width: 24, glyphs: look.glyphs)) \(summary.parts)",
    ]
      + summary.warnings.map(\.text).joined(separator: look.separator).wrapped(
        toWidth: BoardPaper.width)
  }

  /// The comparison and the stages side by side.
  private var overview: [String] {
    let overview = OverviewRows(figures)
    let left = rows.totals(overview.totals).lines(within: 36)
    let right = rows.stages(overview.stages(fitting: left.count), width: 38).lines(within: 38)
    let count = max(left.count, right.count)
    let empty = [String](repeating: "", count: count)
    let lines = zip(left + empty, right + empty).prefix(count).map {
      $0.padded(toWidth: 38) + "  " + $1
    }
    return [""] + lines.map(\.withoutTrailingSpaces)
  }

  private var groups: [String] {
    part(.aspects, rows.aspects(figures.totals.byAspect.indices, width: BoardPaper.width))
      + part(.offices, rows.offices(figures.totals.byOffice.indices, width: BoardPaper.width))
  }

  private var villages: [String] {
    part(.villages, rows.villages(figures.villages.indices, width: BoardPaper.width))
  }

  private var attention: [String] {
    let shown = figures.attention.prefix(BoardPaper.attentionLimit).indices
    let rest = figures.attentionCount - shown.count
    let more = rest > 0 ? [Label("另有 \(rest) 项", "\(rest) more").text(look.language)] : []
    return part(.attention, rows.attention(shown)) + more
  }

  private var latest: [String] {
    guard !figures.latest.isEmpty else { return [] }
    return ["", head(.latest)] + figures.latest.prefix(BoardPaper.latestLimit).map { rows.line($0) }
  }

  private func part(_ section: BoardSection, _ table: TextTable) -> [String] {
    guard !table.rows.isEmpty else { return [] }
    return ["", head(section)] + table.lines(within: BoardPaper.width)
  }

  private func head(_ section: BoardSection) -> String {
    look.language == .chinese ? "【\(section.label.chinese)】" : "[\(section.label.english)]"
  }

  private func word(_ label: Label) -> String { label.text(look.language) }
}

extension String {
  fileprivate var withoutTrailingSpaces: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
