package import TerminalKit

/// How screens are shown here: in which language, with which signs, and in which encoding the terminal reads.
package struct Look: Hashable, Sendable {
  /// The language of the words.
  package let language: ScreenLanguage
  /// Lines and blocks, or ASCII.
  package let glyphs: Glyphs
  /// The name of the terminal's encoding when that is not UTF-8: then only ASCII is sent, and the footer says so.
  package let foreignEncoding: String?

  /// A look from its parts.
  package init(language: ScreenLanguage, glyphs: Glyphs = .unicode, foreignEncoding: String? = nil) {
    self.language = language
    self.glyphs = glyphs
    self.foreignEncoding = foreignEncoding
  }

  /// The look for an environment. A terminal that reads GBK is shown Chinese with lines of ASCII, because it draws all
  /// others two columns wide. One that reads yet another encoding gets ASCII alone, and so English words: bytes of one
  /// encoding read as another are noise, and their width is unknown.
  package init(language: ScreenLanguage, environment: [String: String]) {
    let glyphs = TerminalAbilities(environment: environment).glyphs
    guard case .other(let name) = TerminalEncoding(environment: environment) else {
      self.init(language: language, glyphs: glyphs)
      return
    }
    self.init(language: .english, glyphs: glyphs, foreignEncoding: name)
  }
}

extension CellGrid {
  /// The same picture with a `?` in every column that held something else than ASCII, so that nothing moves.
  func asciiOnly() -> CellGrid {
    var picture = CellGrid(size: size, measure: measure)
    for row in 0..<size.height {
      for column in 0..<size.width {
        let cell = self[row, column]
        guard cell.width > 0 else { continue }
        let text =
          cell.text.isASCII ? String(cell.text) : String(repeating: "?", count: Int(cell.width))
        picture.write(text, at: GridPosition(row: row, column: column), style: cell.style)
      }
    }
    picture.cursor = cursor
    return picture
  }
}
