import Testing

@testable import TerminalKit

struct DrawingTests {
  @Test(arguments: [
    (0, 8, "    "), (8, 8, "████"), (4, 8, "██  "), (1, 32, "▏   "), (1, 1_000, "▏   "), (31, 32, "███▉"),
    (999, 1_000, "███▉"), (3, 8, "█▌  "), (-1, 8, "    "), (9, 8, "████"), (5, 0, "    "),
  ])
  func barsAreRightToAnEighth(_ value: Int, _ total: Int, _ expected: String) {
    #expect(Bar(value, of: total).text(width: 4) == expected)
  }

  @Test(arguments: [(0, "    "), (1, "#   "), (4, "##  "), (7, "### "), (8, "####")])
  func barsFallBackToASCII(_ value: Int, _ expected: String) {
    #expect(Bar(value, of: 8).text(width: 4, glyphs: .ascii) == expected)
  }

  @Test func barsOfNoWidthAreEmpty() {
    #expect(Bar(1, of: 2).text(width: 0) == "")
  }

  @Test func drawsBoxes() {
    var grid = CellGrid(size: GridSize(width: 14, height: 3))
    grid.drawBox(grid.area, title: "各村进度")
    #expect(grid.text == ["┌─ 各村进度 ─┐", "│            │", "└────────────┘"])
    grid.drawBox(grid.area, title: "各村整改进度", glyphs: .ascii)
    #expect(grid.text == ["+- 各村整~ --+", "|            |", "+------------+"])
  }

  @Test func drawsLinesCutAtTheEdges() {
    var grid = CellGrid(size: GridSize(width: 4, height: 2))
    grid.drawHorizontalLine(at: GridPosition(row: 0, column: 2), length: 9)
    grid.drawVerticalLine(at: GridPosition(row: 0, column: 0), length: 9, glyphs: .ascii)
    #expect(grid.text == ["| ──", "|"])
  }

  private var table: TextTable {
    TextTable(
      columns: [
        .init("村", maximumWidth: 8), .init("完成", alignment: .right), .init("说明", minimumWidth: 4),
      ],
      rows: [["张百万村", "3", "待补合同，下周复核"], ["赵村", "12"], ["很长的名字的村", "1", "a", "dropped"]])
  }

  @Test func alignsColumnsByDisplayWidth() {
    #expect(
      table.lines() == [
        "村        完成  说明",
        "张百万村     3  待补合同，下周复核",
        "赵村        12",
        "很长的…      1  a",
      ])
  }

  @Test func narrowsTheWidestColumnFirst() {
    #expect(table.widths() == [8, 4, 18])
    #expect(table.widths(within: 26) == [8, 4, 10])
    #expect(table.widths(within: 18) == [5, 4, 5])
    #expect(table.widths(within: 1) == [1, 1, 4])
    #expect(table.lines(within: 26).allSatisfy { DisplayWidth.standard.of($0) <= 26 })
  }

  @Test func drawsATableInsideItsArea() {
    var grid = CellGrid(size: GridSize(width: 22, height: 3))
    var table = table
    table.rows[0][1].style = Style(foreground: .red)
    table.draw(in: GridArea(origin: GridPosition(row: 1, column: 1), size: GridSize(width: 20, height: 2)), of: &grid)
    #expect(grid.text == ["", " 村      完成  说明", " 张百…      3  待补…"])
    #expect(grid[1, 1].style == .bold)
    #expect(grid[2, 12].style == Style(foreground: .red))
  }
}
