@testable import TerminalKit

extension CellGrid {
  /// Text of every kind at random places.
  static func random(_ size: GridSize, strokes: Int, _ generator: inout SeededGenerator) -> CellGrid {
    var grid = CellGrid(size: size)
    grid.stroke(times: strokes, &generator)
    return grid
  }

  mutating func stroke(times: Int, _ generator: inout SeededGenerator) {
    let texts = ["台账", "整改", "a", "abc", "  ", "é", "e\u{301}x", "😀", "👨‍👩‍👧z", "❤\u{FE0F}", "█▏", "，", "─"]
    let colors: [Color] = [.standard, .standard, .red, .brightBlack, .palette(208)]
    for _ in 0..<times {
      let position = GridPosition(
        row: .random(in: -1...size.height, using: &generator), column: .random(in: -2...size.width, using: &generator))
      let style = Style(
        foreground: colors.randomElement(using: &generator) ?? .standard,
        background: colors.randomElement(using: &generator) ?? .standard,
        attributes: Bool.random(using: &generator) ? [] : .init(rawValue: .random(in: 0...15, using: &generator)))
      if Int.random(in: 0..<8, using: &generator) == 0 {
        let extent = GridSize(
          width: .random(in: 0...9, using: &generator), height: .random(in: 0...2, using: &generator))
        fill(GridArea(origin: position, size: extent), style: Bool.random(using: &generator) ? style : .standard)
      } else {
        write(texts.randomElement(using: &generator) ?? "", at: position, style: style)
      }
    }
    let row = Int.random(in: 0...size.height, using: &generator)
    cursor = Bool.random(using: &generator) ? nil : GridPosition(row: row, column: 1)
  }
}
