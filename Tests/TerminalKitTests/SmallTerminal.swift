@testable import TerminalKit

/// Just enough of a terminal to show what a diff draws. Stricter than real ones: anything unknown is a failure, and
/// where real ones disagree (columns of joined emoji, the cursor after the last column) it goes the chosen way.
struct SmallTerminal {
  /// How this terminal shows what terminals disagree on.
  enum Joining {
    case asMeasured
    /// Every scalar by itself, as old terminals do.
    case byScalar
  }

  private struct Spot: Equatable {
    var text = " "
    var width = 1
    var style = Style.standard
  }

  private(set) var failures: [String] = []
  private(set) var isCursorShown = false
  private(set) var isUpdating = false
  private(set) var row = 0
  private(set) var column = 0
  private var style = Style.standard
  private var spots: [[Spot]]
  private let size: GridSize
  private let joining: Joining

  init(size: GridSize, joining: Joining = .asMeasured) {
    self.size = size
    self.joining = joining
    spots = Array(repeating: Array(repeating: Spot(), count: size.width), count: size.height)
  }

  var isInDefaultStyle: Bool { style == .standard }

  /// What differs from a grid, by place; disputed characters and what they may cover are not compared by text.
  func differences(from grid: CellGrid) -> [String] {
    var found: [String] = []
    for row in 0..<size.height {
      for column in 0..<size.width {
        let cell = grid[row, column]
        if joining == .byScalar, isBesideDisputed(grid, row, column) { continue }
        let expected = Spot(text: cell.width == 0 ? "" : String(cell.text), width: Int(cell.width), style: cell.style)
        if spots[row][column] != expected { found.append("\(row),\(column): \(spots[row][column]), not \(expected)") }
      }
    }
    return found
  }

  private func isBesideDisputed(_ grid: CellGrid, _ row: Int, _ column: Int) -> Bool {
    (max(0, column - 1)...column).contains { DisplayWidth.standard.isDisputed(grid[row, $0].text) }
  }

  mutating func receive(_ bytes: [UInt8]) {
    var rest = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)[...]
    var text = String.UnicodeScalarView()
    while let scalar = rest.popFirst() {
      if scalar.value >= 0x20 {
        text.append(scalar)
        continue
      }
      show(&text)
      switch scalar {
      case "\r": column = 0
      case "\u{1B}": control(&rest)
      default: failures.append("control \(scalar.value)")
      }
    }
    show(&text)
  }

  private mutating func control(_ rest: inout ArraySlice<Unicode.Scalar>) {
    guard rest.popFirst() == "[" else { return failures.append("not a control sequence") }
    let body = rest.prefix { !(0x40...0x7E).contains($0.value) }
    rest = rest.dropFirst(body.count)
    guard let final = rest.popFirst() else { return failures.append("a sequence without an end") }
    let text = String(String.UnicodeScalarView(body))
    let numbers = text.split(separator: ";").map { Int($0) ?? -1 }
    let first = numbers.first ?? 1
    switch final {
    case "A": row -= first
    case "B": row += first
    case "C": column += first
    case "D": column -= first
    case "G": column = first - 1
    case "H": (row, column) = (first - 1, (numbers.count > 1 ? numbers[1] : 1) - 1)
    case "J" where text == "2": spots = spots.map { $0.map { _ in Spot() } }
    case "K" where text.isEmpty: for column in column..<size.width { clear(column) }
    case "m": style(numbers)
    case "h", "l": mode(text, isOn: final == "h")
    default: failures.append("unknown sequence \(text)\(final)")
    }
    let isMove = "ABCDGH".unicodeScalars.contains(final)
    if isMove, !(0..<size.height).contains(row) || !(0..<size.width).contains(column) {
      failures.append("moved out by \(text)\(final)")
    }
  }

  private mutating func mode(_ text: String, isOn: Bool) {
    switch text {
    case "?25": isCursorShown = isOn
    case "?2026": isUpdating = isOn
    default: failures.append("unknown mode \(text)")
    }
  }

  private mutating func style(_ numbers: [Int]) {
    var rest = (numbers.isEmpty ? [0] : numbers)[...]
    while let number = rest.popFirst() {
      switch number {
      case 0: style = .standard
      case 1: style.attributes.insert(.bold)
      case 2: style.attributes.insert(.dim)
      case 4: style.attributes.insert(.underline)
      case 7: style.attributes.insert(.reverse)
      case 38: style.foreground = palette(&rest)
      case 48: style.background = palette(&rest)
      case 39: style.foreground = .standard
      case 49: style.background = .standard
      case 30...37: style.foreground = .palette(UInt8(number - 30))
      case 40...47: style.background = .palette(UInt8(number - 40))
      case 90...97: style.foreground = .palette(UInt8(number - 82))
      case 100...107: style.background = .palette(UInt8(number - 92))
      default: failures.append("unknown style \(number)")
      }
    }
  }

  /// What follows 38 or 48: 5 and an index.
  private mutating func palette(_ rest: inout ArraySlice<Int>) -> Color {
    guard rest.popFirst() == 5, let index = rest.popFirst().flatMap({ UInt8(exactly: $0) }) else {
      failures.append("no palette entry")
      return .standard
    }
    return .palette(index)
  }

  private mutating func show(_ text: inout String.UnicodeScalarView) {
    for character in String(text) {
      if joining == .byScalar, DisplayWidth.standard.isDisputed(character) {
        for scalar in character.unicodeScalars { put(String(scalar), DisplayWidth.standard.of(scalar)) }
      } else {
        put(String(character), DisplayWidth.standard.of(character))
      }
    }
    text = String.UnicodeScalarView()
  }

  private mutating func put(_ text: String, _ width: Int) {
    if width == 0 { return }
    // Without wrapping, what does not fit goes over the last column.
    if column + width > size.width {
      if joining == .asMeasured { failures.append("text past the edge") }
      column = size.width - width
      if column < 0 { return }
    }
    for place in column..<(column + width) { clear(place) }
    spots[row][column] = Spot(text: text, width: width, style: style)
    if width == 2 { spots[row][column + 1] = Spot(text: "", width: 0, style: style) }
    column += width
  }

  /// Blanks a spot and the other half of the wide character that it is part of.
  private mutating func clear(_ column: Int) {
    if spots[row][column].width == 0, column > 0 { spots[row][column - 1] = Spot(style: spots[row][column - 1].style) }
    if spots[row][column].width == 2, column + 1 < size.width {
      spots[row][column + 1] = Spot(style: spots[row][column + 1].style)
    }
    spots[row][column] = Spot()
  }
}
