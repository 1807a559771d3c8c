/// Breaks one paragraph into lines, the Chinese way: between any two wide characters, but closing punctuation stays
/// with what it closes and opening punctuation with what it opens.
struct LineWrapper {
  private let width: Int
  private let measure: DisplayWidth
  private var lines: [String] = []
  private var line = ""
  private var lineWidth = 0
  /// Spaces between the line and its next piece; they vanish where a line ends.
  private var spaces = ""

  init(width: Int, measure: DisplayWidth) {
    self.width = width
    self.measure = measure
  }

  mutating func lines(of paragraph: String) -> [String] {
    for piece in Self.pieces(of: paragraph, measure: measure) {
      if piece.allSatisfy({ $0 == " " }) {
        spaces += piece
      } else {
        place(piece)
      }
    }
    lines.append(line)
    return lines
  }

  private mutating func place(_ piece: String) {
    let pieceWidth = measure.of(piece)
    if lineWidth + spaces.count + pieceWidth <= width {
      line += spaces + piece
      lineWidth += spaces.count + pieceWidth
      spaces = ""
      return
    }
    breakLine()
    for character in piece {
      let characterWidth = measure.of(character)
      if lineWidth + characterWidth > width { breakLine() }
      line.append(character)
      lineWidth += characterWidth
    }
  }

  private mutating func breakLine() {
    if !line.isEmpty { lines.append(line) }
    line = ""
    lineWidth = 0
    spaces = ""
  }

  /// Runs of spaces, words, and single wide characters with the punctuation that must stay beside them.
  private static func pieces(of paragraph: String, measure: DisplayWidth) -> [String] {
    var pieces: [String] = []
    var isGlued = false
    var previous: Character?
    for character in paragraph {
      if isGlued || joins(previous, character, measure), !pieces.isEmpty {
        pieces[pieces.count - 1].append(character)
      } else {
        pieces.append(String(character))
      }
      isGlued = opening.contains(character)
      previous = character
    }
    return pieces
  }

  private static func joins(_ previous: Character?, _ character: Character, _ measure: DisplayWidth) -> Bool {
    guard let previous else { return false }
    if previous == " " || character == " " { return previous == character }
    if closing.contains(character) { return true }
    return measure.of(previous) < 2 && measure.of(character) < 2 && !closing.contains(previous)
  }

  /// Must not begin a line. Narrow ones join the word before them anyway, unless that is wide.
  private static let closing = Set("。，、；：？！）】》〉」』〕〗｝］…—～％‰°℃·”’,.;:?!)]}>%")
  /// Must not end a line.
  private static let opening = Set("（【《〈「『〔〖｛［“‘￥＄([{<")
}
