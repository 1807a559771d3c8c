import Testing

@testable import TerminalKit

struct GridDiffTests {
  private let diff = GridDiff(colors: .ansi256)

  private func grid(_ rows: [String], width: Int = 20) -> CellGrid {
    var grid = CellGrid(size: GridSize(width: width, height: rows.count))
    for (row, text) in rows.enumerated() { grid.write(text, at: GridPosition(row: row, column: 0)) }
    return grid
  }

  /// The bytes between the marks of the synchronised update, ESC as `^`.
  private func codes(from previous: CellGrid?, to next: CellGrid, colors: ColorDepth = .ansi256) -> String {
    let text = String(decoding: GridDiff(colors: colors).bytes(from: previous, to: next), as: UTF8.self)
    let shown = String(text.map { $0 == "\u{1B}" ? "^" : $0 == "\r" ? "←" : $0 })
    guard shown.hasPrefix("^[?2026h"), shown.hasSuffix("^[?2026l") else { return "no update: \(shown)" }
    return String(shown.dropFirst(8).dropLast(8))
  }

  @Test func sendsNothingForTheSamePicture() {
    #expect(diff.bytes(from: grid(["台账"]), to: grid(["台账"])) == [])
  }

  @Test(arguments: [
    ("abcdef", "abXdef", "^[1;3HX"), ("abcdef", "XbcdeY", "^[HX^[6GY"), ("abcdef", "XbcYef", "^[HXbcY"),
    ("台账", "台帐", "^[1;3H帐"), ("台账", "a 账", "^[Ha "), ("abcdefgh", "a", "^[1;2H^[K"), ("", "x", "^[Hx"),
    ("ab", "", "^[H^[K"), ("abcdefgh", "Xbcdefg台", "^[HX^[8G台"),
  ])
  func sendsOnlyWhatDiffers(_ before: String, _ after: String, _ expected: String) {
    #expect(codes(from: grid([before]), to: grid([after])) == expected)
  }

  @Test func movesByTheShortestCode() {
    #expect(codes(from: grid(["", "", ""]), to: grid(["x", "y", ""])) == "^[Hx^[2Hy")
    #expect(codes(from: grid(["", "", ""]), to: grid(["x", " y", ""])) == "^[Hx^[By")
    #expect(codes(from: grid([""], width: 3), to: grid(["a👨‍👩‍👧"], width: 3)) == "^[Ha  ^[2G👨‍👩‍👧")
  }

  @Test func changesStyleOnlyWhereItChanges() {
    var next = grid(["", ""])
    next.write("ab", at: GridPosition(row: 0, column: 0), style: Style(foreground: .red, attributes: .bold))
    next.write("c", at: GridPosition(row: 0, column: 2), style: Style(foreground: .green, attributes: .bold))
    next.write("d", at: GridPosition(row: 0, column: 3), style: Style(background: .palette(208)))
    #expect(codes(from: grid(["", ""]), to: next) == "^[1;31m^[Hab^[32mc^[0;48;5;208md^[m")
    #expect(codes(from: grid(["", ""]), to: next, colors: .none) == "^[1m^[Habc^[md")
    #expect(codes(from: grid(["", ""]), to: next, colors: .ansi16) == "^[1;31m^[Hab^[32mc^[0;101md^[m")
  }

  @Test func paintsWholeWhenTheSizeDiffers() {
    let next = grid(["台账"])
    #expect(codes(from: grid(["台账"], width: 21), to: next) == "^[2J^[H台账")
    #expect(codes(from: nil, to: next) == "^[2J^[H台账")
  }

  @Test func showsTheCursorLastAndHidesItFirst() {
    var with = grid(["ab"])
    with.cursor = GridPosition(row: 0, column: 1)
    #expect(codes(from: grid(["ab"]), to: with) == "^[1;2H^[?25h")
    #expect(codes(from: with, to: grid(["ab"])) == "^[?25l")
    #expect(codes(from: with, to: grid(["xb"])) == "^[?25l^[Hx")
  }

  @Test(arguments: [
    (16, 0), (196, 9), (46, 10), (21, 12), (231, 15), (88, 1), (208, 9), (232, 0), (255, 15), (9, 9),
  ])
  func reducesColors(_ index: UInt8, _ nearest: UInt8) {
    #expect(Color.palette(index).reduced(to: .ansi16) == .palette(nearest))
    #expect(Color.palette(index).reduced(to: .ansi256) == .palette(index))
    #expect(Color.palette(index).reduced(to: .none) == .standard)
  }

  /// Whatever stood there, after the bytes the terminal shows the next picture.
  @Test(arguments: [SmallTerminal.Joining.asMeasured, .byScalar], [UInt64(4), 5, 6])
  func drawsWhatTheGridSays(_ joining: SmallTerminal.Joining, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let size = GridSize(width: 17, height: 5)
    var terminal = SmallTerminal(size: size, joining: joining)
    var shown: CellGrid?
    for frame in 0..<150 {
      var next = CellGrid.random(size, strokes: 10, &generator)
      if let shown, !frame.isMultiple(of: 5) {
        next = shown
        next.stroke(times: 3, &generator)
      }
      terminal.receive(diff.bytes(from: shown, to: next))
      try #require(terminal.failures == [], "frame \(frame)")
      try #require(terminal.differences(from: next) == [], "frame \(frame)")
      #expect(terminal.isInDefaultStyle && !terminal.isUpdating)
      let isInside = next.cursor.map { $0.row < size.height } ?? false
      #expect(terminal.isCursorShown == isInside)
      if isInside, let cursor = next.cursor { #expect((terminal.row, terminal.column) == (cursor.row, cursor.column)) }
      shown = next
    }
  }
}
