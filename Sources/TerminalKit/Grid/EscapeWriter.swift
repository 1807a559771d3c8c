/// Collects the bytes of one frame and knows what state they leave the terminal in: the cursor's place, if it is known,
/// and the style.
struct EscapeWriter {
  private(set) var bytes: [UInt8] = []
  /// Where the next character goes; nil at the start, after the last column and after text of disputed width.
  private(set) var position: GridPosition?
  private(set) var style = Style.standard
  /// The row when only the column is in doubt.
  private var row: Int?
  private let width: Int

  /// Bytes of a move over a few columns, and of erasing to the end of a row with the style reset before it.
  static let shortMoveCost = 3
  static let eraseCost = 4

  init(width: Int) {
    self.width = width
  }

  mutating func append(escape: String) {
    bytes.append(0x1B)
    bytes.append(contentsOf: escape.utf8)
  }

  mutating func write(_ cell: Cell) {
    bytes.append(contentsOf: cell.text.utf8)
    guard let place = position else { return }
    let column = place.column + Int(cell.width)
    // In the last column terminals differ on where the cursor is until the next character.
    position = column < width ? GridPosition(row: place.row, column: column) : nil
  }

  /// Writes a character that some terminals show narrower: its cells are blanked first, its end is not trusted.
  mutating func writeDisputed(_ cell: Cell, at place: GridPosition) {
    bytes.append(contentsOf: repeatElement(0x20, count: Int(cell.width)))
    position = nil
    move(to: place)
    bytes.append(contentsOf: cell.text.utf8)
    position = nil
  }

  /// Moves by the shortest of the codes that every terminal has.
  mutating func move(to target: GridPosition) {
    if position == target { return }
    defer {
      position = target
      row = target.row
    }
    guard row == target.row else {
      if let position, position.column == target.column, target.row == position.row + 1 {
        append(escape: "[B")
      } else if target.column == 0 {
        append(escape: target.row == 0 ? "[H" : "[\(target.row + 1)H")
      } else {
        append(escape: "[\(target.row + 1);\(target.column + 1)H")
      }
      return
    }
    if target.column == 0 {
      bytes.append(0x0D)
      return
    }
    let absolute = "[\(target.column + 1)G"
    guard let position else { return append(escape: absolute) }
    let distance = target.column - position.column
    let relative =
      switch distance {
      case 1: "[C"
      case -1: "[D"
      case 2...: "[\(distance)C"
      default: "[\(-distance)D"
      }
    append(escape: relative.utf8.count < absolute.utf8.count ? relative : absolute)
  }

  /// Changes the style, with nothing sent where it is the same already.
  mutating func set(_ next: Style) {
    if next == style { return }
    defer { style = next }
    if next == .standard { return append(escape: "[m") }
    var codes: [String] = []
    var known = style
    if !known.attributes.isSubset(of: next.attributes) {
      codes.append("0")
      known = .standard
    }
    let added = next.attributes.subtracting(known.attributes)
    if added.contains(.bold) { codes.append("1") }
    if added.contains(.dim) { codes.append("2") }
    if added.contains(.underline) { codes.append("4") }
    if added.contains(.reverse) { codes.append("7") }
    if next.foreground != known.foreground { codes.append(Self.code(next.foreground, base: 30)) }
    if next.background != known.background { codes.append(Self.code(next.background, base: 40)) }
    append(escape: "[" + codes.joined(separator: ";") + "m")
  }

  /// `base` is 30 for text, 40 for ground; bright ones are 60 above.
  private static func code(_ color: Color, base: Int) -> String {
    switch color {
    case .standard: "\(base + 9)"
    case .palette(let index) where index < 8: "\(base + Int(index))"
    case .palette(let index) where index < 16: "\(base + 52 + Int(index))"
    case .palette(let index): "\(base + 8);5;\(index)"
    }
  }
}
