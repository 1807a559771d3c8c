import EditModel
import LedgerRules
import TerminalKit

/// The leader's live progress: what it shows and where the person is in it.
struct BoardPage: Sendable {
  /// What is shown; nil until the first figures have come.
  private(set) var figures: BoardFigures?
  /// Whether that is what the town has now.
  private(set) var connection = BoardConnection.connecting
  /// When the next connection is tried; nil while there is one.
  private(set) var nextTry: NextTry?
  /// The time; the figures' own until the clock has ticked.
  private(set) var now: Stamp?
  /// Where the person is.
  private(set) var section = BoardSection.aspects
  /// The day that was asked for last; the figures follow.
  private(set) var asked: CivilDate?
  /// Acts above this seq have come while the board was open.
  private(set) var seenThrough: UInt64?
  /// Why the last key did nothing, until the next key.
  private(set) var notice: Label?
  let look: Look
  private var cursors: [BoardSection: RowCursor] = [:]

  init(look: Look, since: CivilDate?) {
    self.look = look
    self.asked = since
  }

  /// Where the person is in the list of `section`.
  func cursor(of section: BoardSection) -> RowCursor { cursors[section] ?? RowCursor() }

  mutating func receive(_ news: BoardNews) {
    switch news {
    case .figures(let figures):
      if seenThrough == nil { seenThrough = figures.latest.first?.seq ?? 0 }
      self.figures = figures
      now = max(now ?? .zero, figures.now)
      for section in cursors.keys {
        cursors[section]?.move(by: 0, count: figures.rowCount(of: section))
      }
    case .connection(let connection): self.connection = connection
    case .nextTry(let next): nextTry = next
    case .clock(let now): self.now = now
    case .otherServer: break
    }
  }

  /// What `key` asks of the ones around the page; nil when the page has dealt with it.
  mutating func press(_ key: Key) -> BoardAction? {
    notice = nil
    guard let binding = BoardPage.bindings.binding(of: key) else { return nil }
    if let reason = binding.reasonDisabled(self) {
      notice = reason
      return nil
    }
    return perform(binding.action)
  }

  private mutating func perform(_ action: BoardAction) -> BoardAction? {
    switch action {
    case .section(let steps): section = section.moved(by: steps)
    case .row(let rows):
      cursors[section, default: RowCursor()].move(
        by: rows, count: figures?.rowCount(of: section) ?? 0)
    case .since(let choice): asked = figures.flatMap { choice.day(today: $0.today) }
    case .leave, .help, .suspend: return action
    }
    guard case .since = action else { return nil }
    return action
  }
}
