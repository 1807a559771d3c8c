import LedgerRules
import TerminalKit

/// What a key does on the board.
enum BoardAction: Hashable, Sendable {
  case leave
  case help
  case section(by: Int)
  case row(by: Int)
  case since(SinceChoice)
  case suspend
}

/// A day since which things count as moved, as a key can choose it.
enum SinceChoice: Hashable, Sendable {
  case today
  case week
  case nothing

  /// The day that is meant on `today`; a week is today and the six days before it.
  func day(today: CivilDate) -> CivilDate? {
    switch self {
    case .today: today
    case .week: today.adding(days: -6)
    case .nothing: nil
    }
  }
}

typealias BoardBinding = KeyBinding<BoardPage, BoardAction>

extension BoardPage {
  /// Every key of the board.
  static let bindings: [BoardBinding] = [
    BoardBinding(
      keys: [.character("q"), .escape, .control("c")], caption: "q Esc", action: .leave,
      label: Label("离开", "leave"),
      description: Label("离开看板；终端恢复原样。", "Leave the board; the terminal is given back as it was.")),
    BoardBinding(
      keys: [.character("?"), Key(.function(1))], caption: "?", action: .help,
      label: Label("说明", "help"),
      description: Label("各个数字怎么算，各个键做什么。", "How each number is made and what each key does.")),
    BoardBinding(
      keys: [.tab, .right, .character("l")], caption: "Tab →", action: .section(by: 1),
      label: Label("下一栏", "next"),
      description: Label("到下一栏。", "Go to the next section.")),
    BoardBinding(
      keys: [.backTab, .left, .character("h")], caption: "Shift-Tab ←", action: .section(by: -1),
      label: Label("上一栏", "previous"), description: Label("到上一栏。", "Go to the previous section.")),
    BoardBinding(
      keys: [.down, .character("j")], caption: "↓", action: .row(by: 1), label: Label("下移", "down"),
      description: Label("在本栏下移一行。", "One row down in this section."),
      reasonDisabled: { $0.reasonNotToScroll }),
    BoardBinding(
      keys: [.up, .character("k")], caption: "↑", action: .row(by: -1), label: Label("上移", "up"),
      description: Label("在本栏上移一行。", "One row up in this section."),
      reasonDisabled: { $0.reasonNotToScroll }),
    BoardBinding(
      keys: [Key(.pageDown), .character(" ")], caption: "PgDn", action: .row(by: RowCursor.page),
      label: Label("翻下", "page down"), description: Label("下移几行。", "Several rows down."),
      reasonDisabled: { $0.reasonNotToScroll }),
    BoardBinding(
      keys: [Key(.pageUp)], caption: "PgUp", action: .row(by: -RowCursor.page),
      label: Label("翻上", "page up"),
      description: Label("上移几行。", "Several rows up."), reasonDisabled: { $0.reasonNotToScroll }),
    BoardBinding(
      keys: [Key(.home), .character("g")], caption: "Home", action: .row(by: .min / 2),
      label: Label("首行", "first"),
      description: Label("到本栏首行。", "To the first row of this section."),
      reasonDisabled: { $0.reasonNotToScroll }),
    BoardBinding(
      keys: [Key(.end), .character("G")], caption: "End", action: .row(by: .max / 2),
      label: Label("末行", "last"),
      description: Label("到本栏末行。", "To the last row of this section."),
      reasonDisabled: { $0.reasonNotToScroll }),
    BoardBinding(
      keys: [.character("s")], caption: "s", action: .since(.today),
      label: Label("今日变动", "moved today"),
      description: Label("标出今天以来的变动。", "Mark what has moved today."),
      reasonDisabled: { $0.reasonNotToCount(since: .today) }),
    BoardBinding(
      keys: [.character("w")], caption: "w", action: .since(.week),
      label: Label("七日变动", "moved in 7 days"),
      description: Label("标出七天以来的变动。", "Mark what has moved in seven days."),
      reasonDisabled: { $0.reasonNotToCount(since: .week) }),
    BoardBinding(
      keys: [.character("c")], caption: "c", action: .since(.nothing),
      label: Label("清除变动", "clear"),
      description: Label("不再标出变动。", "No longer mark what has moved."),
      reasonDisabled: { $0.reasonNotToCount(since: .nothing) }),
    BoardBinding(
      keys: [.control("z")], caption: "Ctrl-Z", action: .suspend, label: Label("暂停", "suspend"),
      description: Label("回到命令行，用 fg 回来。", "Back to the shell until fg.")),
  ]

  private var reasonNotToScroll: Label? {
    guard let figures else { return BoardWords.opening }
    guard figures.rowCount(of: section) > 1 else {
      return Label("本栏没有更多行。", "This section has no more rows.")
    }
    return nil
  }

  private func reasonNotToCount(since choice: SinceChoice) -> Label? {
    guard let figures else { return BoardWords.opening }
    guard asked != choice.day(today: figures.today) else {
      return choice == .nothing
        ? Label("没有标出变动。", "Nothing is marked as moved.") : Label("已经标出了。", "It is marked already.")
    }
    return nil
  }
}
