/// How a cell looks apart from its text.
package struct Style: Hashable, Sendable {
  /// The colour of the text.
  package var foreground: Color
  /// The colour behind it.
  package var background: Color
  /// Bold, dim and the like.
  package var attributes: Attributes

  /// Text marks that need no colour, so they work everywhere.
  package struct Attributes: OptionSet, Hashable, Sendable {
    /// One bit per mark.
    package let rawValue: UInt8

    /// The marks whose bits are set.
    package init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    /// Heavier.
    package static let bold = Attributes(rawValue: 1)
    /// Fainter.
    package static let dim = Attributes(rawValue: 2)
    /// A line below.
    package static let underline = Attributes(rawValue: 4)
    /// Text and ground exchanged.
    package static let reverse = Attributes(rawValue: 8)
  }

  /// A style; what is not named is the terminal's own.
  package init(
    foreground: Color = .standard, background: Color = .standard, attributes: Attributes = []
  ) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }

  /// The terminal's own colours, no marks.
  package static let standard = Style()
  /// Heavier text.
  package static let bold = Style(attributes: .bold)
  /// Fainter text.
  package static let dim = Style(attributes: .dim)
  /// Text and ground exchanged: a selected row, a title bar.
  package static let reverse = Style(attributes: .reverse)

  /// The style as a terminal of `depth` can show it.
  func reduced(to depth: ColorDepth) -> Style {
    Style(
      foreground: foreground.reduced(to: depth), background: background.reduced(to: depth), attributes: attributes)
  }
}
