import LedgerRules
import TerminalKit

/// What each number means and what each key does; made from `NumberDefinition` and the board's table of keys.
struct HelpPage: Sendable {
  /// What a key did to it.
  enum Outcome: Hashable, Sendable {
    case stay
    case leave
  }

  private let look: Look
  private let entries: [Entry]
  private var first = 0

  /// A heading with the text under it.
  private struct Entry: Sendable {
    let heading: String
    let text: String
  }

  private static let title = Label("看板说明", "About the board")
  private static let keys = Label("q 返回   ↑↓ 滚动", "q back   ↑↓ scroll")

  /// The help of `board`, with the reasons why some keys do nothing there now.
  init(of board: BoardPage) {
    look = board.look
    let language = board.look.language
    let numbers = NumberDefinition.allCases.map {
      Entry(heading: $0.label.text(language), text: $0.definition.text(language))
    }
    let silence = Entry(
      heading: BoardWords.contact.text(language),
      text: (board.figures?.silence ?? SilenceRule()).definition.text(language))
    let keys = BoardPage.bindings.map { binding in
      let reason = binding.reasonDisabled(board).map { " [\($0.text(language))]" } ?? ""
      return Entry(heading: binding.caption, text: binding.description.text(language) + reason)
    }
    entries = keys + numbers + [silence]
  }

  mutating func press(_ key: Key) -> Outcome {
    switch key {
    case .character("q"), .escape, .character("?"), .control("c"): return .leave
    case .down, .character("j"): first += 1
    case .up, .character("k"): first -= 1
    case Key(.pageDown), .character(" "): first += RowCursor.page
    case Key(.pageUp): first -= RowCursor.page
    case Key(.home): first = 0
    default: break
    }
    first = max(0, min(first, entries.count - 1))
    return .stay
  }

  /// The picture: entries from the first one shown on, wrapped beside their headings, or under them where it is narrow.
  func draw(size: GridSize) -> CellGrid {
    var grid = CellGrid(size: size)
    let frame = ScreenFrame(
      title: HelpPage.title.text(look.language), status: "\(first + 1)/\(entries.count)",
      footer: HelpPage.keys.text(look.language), look: look)
    let body = frame.draw(in: &grid)
    let headingWidth = size.width >= 60 ? 16 : 0
    let textWidth = max(2, size.width - headingWidth - 3)
    var row = body.origin.row
    for entry in entries.dropFirst(first) where row < body.rows.upperBound {
      let heading =
        headingWidth > 0 ? entry.heading.truncated(toWidth: headingWidth - 1) : entry.heading
      grid.write(heading, at: GridPosition(row: row, column: 1), style: .bold)
      if headingWidth == 0 { row += 1 }
      for line in entry.text.wrapped(toWidth: textWidth) where row < body.rows.upperBound {
        grid.write(line, at: GridPosition(row: row, column: 1 + max(headingWidth, 1)))
        row += 1
      }
    }
    return grid
  }
}
