import Testing

@testable import TerminalKit

struct CellGridTests {
  private func grid(_ width: Int, _ height: Int = 1) -> CellGrid {
    CellGrid(size: GridSize(width: width, height: height))
  }

  private func at(_ row: Int, _ column: Int) -> GridPosition { GridPosition(row: row, column: column) }

  @Test func dumpsRowsWithoutTrailingSpaces() {
    var grid = grid(8, 2)
    grid.write("台账 ok", at: at(0, 0))
    #expect(grid.text == ["台账 ok", ""])
  }

  @Test(arguments: [
    (0, "台账", 4), (1, " 台", 3), (2, "  台", 4), (3, "", 3), (-1, " 账", 3), (-2, "账", 2), (4, "", 4),
  ])
  func cutsTextAtTheEdges(_ column: Int, _ expected: String, _ end: Int) {
    var grid = grid(4)
    #expect(grid.write("台账", at: at(0, column)) == end)
    #expect(grid.text == [expected])
  }

  @Test func writesNothingInRowsOutside() {
    var grid = grid(4)
    grid.write("a", at: at(1, 0))
    grid.write("a", at: at(-1, 0))
    #expect(grid == self.grid(4))
  }

  @Test(arguments: [(0, ""), (1, ""), (2, "台"), (3, "台"), (4, "台账"), (Int.max, "台账")])
  func keepsToTheMaximumWidth(_ width: Int, _ expected: String) {
    var grid = grid(8)
    grid.write("台账", at: at(0, 0), maximumWidth: width)
    #expect(grid.text == [expected])
  }

  @Test(arguments: [(0, "x 账"), (1, " x账"), (2, "台x"), (3, "台 x")])
  func overwritingHalfOfAWideCharacterBlanksTheOther(_ column: Int, _ expected: String) {
    var grid = grid(4)
    grid.write("台账", at: at(0, 0))
    grid.write("x", at: at(0, column))
    #expect(grid.text == [expected])
  }

  @Test func aWideCharacterOverTwoHalvesBlanksBothOthers() {
    var grid = grid(4)
    grid.write("台账", at: at(0, 0))
    grid.write("中", at: at(0, 1))
    #expect(grid.text == [" 中"])
    #expect(grid.row(0).map(\.width) == [1, 2, 0, 1])
  }

  @Test func leavesOutControlsAndLoneMarks() {
    var grid = grid(10)
    grid.write("a\u{1B}[31m\n\u{301}\u{202E}b\u{9B}", at: at(0, 0))
    #expect(grid.text == ["a[31mb"])
  }

  @Test(arguments: [-1, 0, 1])
  func keepsAtMostTheLimitOfScalars(_ over: Int) {
    var grid = grid(2)
    let piled = "e" + String(repeating: "\u{301}", count: CellGrid.scalarsPerCellLimit - 1 + over)
    grid.write(piled, at: at(0, 0))
    #expect(grid[0, 0].text.unicodeScalars.count == CellGrid.scalarsPerCellLimit + min(over, 0))
  }

  @Test func drawsAndCropsWithWideCharactersCutToSpaces() {
    var source = grid(4)
    source.write("台账", at: at(0, 0))
    source.cursor = at(0, 2)
    var target = grid(5, 2)
    target.fill(target.area, with: ".")
    target.draw(source, at: at(1, -1))
    #expect(target.text == [".....", " 账.."])
    #expect(target.cursor == at(1, 1))
    #expect(target.cropped(to: GridArea(origin: at(1, 2), size: GridSize(width: 9, height: 9))).text == [" .."])
  }

  @Test func fillsOnlyWhatLiesInside() {
    var grid = grid(3, 2)
    grid.fill(GridArea(origin: at(1, 1), size: GridSize(width: 9, height: 9)), with: "#")
    #expect(grid.text == ["", " ##"])
    grid.fill(grid.area, with: "台")
    #expect(grid.text == ["", ""])
  }

  @Test func restylesWideCharactersWhole() {
    var grid = grid(6)
    grid.write("台账中", at: at(0, 0), style: Style(foreground: .red))
    grid.restyle(GridArea(origin: at(0, 1), size: GridSize(width: 2, height: 1)), adding: .reverse)
    let changed = Style(foreground: .red, attributes: .reverse)
    let plain = Style(foreground: .red)
    #expect(grid.row(0).map(\.style) == [changed, changed, changed, changed, plain, plain])
  }

  /// Whatever is drawn where, wide characters have both halves, alike in style, and nothing else has a right half.
  @Test func staysWhole() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<200 {
      let grid = CellGrid.random(GridSize(width: 9, height: 3), strokes: 12, &generator)
      for row in 0..<3 {
        for column in 0..<9 {
          let cell = grid[row, column]
          if cell.width == 2 {
            #expect(column < 8 && grid[row, column + 1] == Cell.rightHalf(cell.style))
          }
          if cell.width == 0 {
            #expect(column > 0 && grid[row, column - 1].width == 2)
          }
        }
      }
    }
  }

  @Test func areasNeverLeaveWhatTheyAreCutFrom() {
    let area = GridArea(GridSize(width: 10, height: 4))
    let (top, rest) = area.split(top: 9)
    #expect(top == area)
    #expect(rest.size.height == 0)
    let (left, right) = area.split(left: 3)
    #expect(left.columns == 0..<3)
    #expect(right.columns == 3..<10)
    #expect(area.inset(by: 1).rows == 1..<3)
    #expect(area.inset(by: 5).size == GridSize(width: 0, height: 0))
  }
}
