import TerminalKit
import Testing

@testable import ClientScreens

struct ShareBarTests {
  @Test(arguments: [
    (0, 0, 10, "·········"), (10, 0, 10, "█████████"), (0, 10, 10, "▒▒▒▒▒▒▒▒▒"),
    (1, 0, 1_000, "█········"),
    (999, 0, 1_000, "████████·"), (3, 3, 9, "███▒▒▒···"), (0, 0, 0, "·········"),
    (9, 1, 10, "████████▒"),
  ])
  func showsSharesOfWhole(closed: Int, adopted: Int, total: Int, text: String) {
    #expect(
      ShareBar(closed: closed, adopted: adopted, total: total).text(width: 9, glyphs: .unicode)
        == text)
  }

  @Test func isAsciiWhereLinesAreNot() {
    #expect(ShareBar(closed: 1, adopted: 1, total: 3).text(width: 3, glyphs: .ascii) == "#=.")
    #expect(ShareBar(closed: 1, adopted: 1, total: 3).text(width: 0, glyphs: .ascii).isEmpty)
  }
}

struct RowCursorTests {
  @Test(arguments: [(0, 0..<4), (2, 0..<4), (5, 3..<7), (9, 6..<10), (50, 6..<10)])
  func keepsMarkedRowInSight(row: Int, visible: Range<Int>) {
    var cursor = RowCursor()
    cursor.move(by: row, count: 10)
    #expect(cursor.visible(count: 10, height: 4) == visible)
  }

  @Test func hasNothingToShowOfNothing() {
    var cursor = RowCursor()
    cursor.move(by: 5, count: 0)
    #expect(cursor.row == 0)
    #expect(cursor.visible(count: 0, height: 4).isEmpty)
    #expect(cursor.visible(count: 4, height: -1).isEmpty)
  }
}

struct LookTests {
  @Test(arguments: [
    (["TERM": "xterm", "LANG": "zh_CN.UTF-8"], Look(language: .chinese)),
    (
      ["TERM": "xterm", "LANG": "zh_TW.Big5"],
      Look(language: .english, glyphs: .ascii, foreignEncoding: "Big5")
    ),
    (["TERM": "xterm", "LC_ALL": "C", "LANG": "zh_CN.GBK"], Look(language: .chinese)),
  ])
  func followsEncodingOfTerminal(environment: [String: String], look: Look) {
    #expect(Look(language: .chinese, environment: environment) == look)
  }

  @Test func keepsColumnsWhenOnlyAsciiIsSent() {
    var grid = CellGrid(size: GridSize(width: 10, height: 1))
    grid.write("a村─b", at: GridPosition(row: 0, column: 0))
    #expect(grid.asciiOnly().text == ["a???b"])
  }
}
