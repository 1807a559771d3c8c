/// What a terminal can show, as far as the environment tells. The environment is passed in.
package struct TerminalAbilities: Hashable, Sendable {
  /// How many colours it may be sent.
  package var colors: ColorDepth
  /// Lines and blocks, or ASCII.
  package var glyphs: Glyphs
  /// Whether it understands escape codes at all.
  package var hasScreen: Bool

  /// Reads `NO_COLOR`, `COLORTERM`, `TERM` and the text of `LC_ALL`, `LC_CTYPE` and `LANG`.
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
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    // Only a locale that names another encoding speaks against UTF-8: minimal systems name none.
    let encoding = locale.split(separator: ".", maxSplits: 1).dropFirst().first?.lowercased() ?? "utf-8"
    glyphs = encoding.hasPrefix("utf-8") || encoding.hasPrefix("utf8") ? .unicode : .ascii
  }

  private static func text(_ text: String, contains part: String) -> Bool {
    text.indices.contains { text[$0...].hasPrefix(part) }
  }
}
