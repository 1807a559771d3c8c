/// What a terminal can show, as far as the environment tells. The environment is passed in.
package struct TerminalAbilities: Hashable, Sendable {
  /// How many colours it may be sent.
  package var colors: ColorDepth
  /// Lines and blocks, or ASCII.
  package var glyphs: Glyphs
  /// Whether it understands escape codes at all.
  package var hasScreen: Bool

  /// Reads `NO_COLOR`, `COLORTERM`, `TERM` and what `TerminalEncoding` reads.
  package init(environment: [String: String]) {
    let term = environment["TERM"] ?? ""
    hasScreen = !term.isEmpty && term != "dumb"
    let colorTerm = environment["COLORTERM"] ?? ""
    if !(environment["NO_COLOR"] ?? "").isEmpty || !hasScreen || term.hasSuffix("-mono") {
      colors = .none
    } else if ["truecolor", "24bit"].contains(colorTerm) || Self.text(term, contains: "256color") {
      colors = .ansi256
    } else {
      colors = .ansi16
    }
    // GBK has lines and blocks, and draws them two columns wide.
    glyphs = TerminalEncoding(environment: environment) == .utf8 ? .unicode : .ascii
  }

  private static func text(_ text: String, contains part: String) -> Bool {
    text.indices.contains { text[$0...].hasPrefix(part) }
  }
}
