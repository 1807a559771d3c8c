/// # ClientScreens
///
/// The full screens of `taizhang`: (state, event) to state, state to cells, and what feeds them from a replica. It may
/// not decide what a number means (`LedgerRules` does), talk to a server (`LedgerClient` does) or touch a terminal
/// (`TerminalKit` does). The same figures go on paper (`BoardPaper`) and to programs (`BoardFigures.json`).
package import LedgerRules
package import TerminalKit

/// The screen of the client: pages over one another, of which the top one has the keys and is seen. News reach all, so
/// that a page below is up to date when it is come back to.
package struct ClientScreen: Screen {
  private var board: BoardPage
  /// What lies over the board, the top one last.
  private var above: [HelpPage] = []

  /// The board, before its first figures; `since` is the day from which on things count as moved.
  package init(look: Look, since: CivilDate? = nil) {
    board = BoardPage(look: look, since: since)
  }

  /// Takes one event in.
  package mutating func update(_ event: ScreenEvent<BoardNews>) -> [ScreenEffect<BoardEffect>] {
    switch event {
    case .news(.otherServer): return [.leave]
    case .news(let news):
      board.receive(news)
      return []
    case .input(.key(let key)): return press(key)
    case .input, .stopRequested: return []
    }
  }

  /// The picture at a size.
  package func draw(size: GridSize) -> CellGrid {
    let picture = above.last?.draw(size: size) ?? board.draw(size: size)
    return board.look.foreignEncoding == nil ? picture : picture.asciiOnly()
  }

  private mutating func press(_ key: Key) -> [ScreenEffect<BoardEffect>] {
    if let top = above.indices.last {
      if above[top].press(key) == .leave { above.removeLast() }
      return key == .control("z") ? [.suspend] : []
    }
    switch board.press(key) {
    case .leave: return [.leave]
    case .help: above.append(HelpPage(of: board))
    case .since: return [.perform(.count(since: board.asked))]
    case .suspend: return [.suspend]
    case .section, .row, nil: break
    }
    return []
  }
}
