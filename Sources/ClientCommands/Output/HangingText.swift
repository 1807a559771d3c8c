import TerminalKit

/// A text behind a head, such as a label: its further lines stand under its first one, not under the head.
struct HangingText {
  /// What stands in front, its indent and the space behind it included; may be painted.
  let head: String
  /// The text; may have several lines, not painted.
  let body: String
  /// What stands behind the last line, such as a mark; may be painted.
  var tail = ""

  /// The fewest columns that a text is wrapped to; a terminal narrower than that breaks lines itself.
  private static let leastWidth = 20

  /// The lines, wrapped to `width` columns where there is a width. A head that takes more than half of it gets a line of
  /// its own.
  func lines(within width: Int?, style: (String) -> String = { $0 }) -> [String] {
    guard !body.isEmpty else { return [head + tail] }
    let headWidth = DisplayWidth.standard.of(HangingText.unpainted(head))
    let isHeadWide = width.map { headWidth > $0 / 2 } ?? false
    let margin = isHeadWide ? head.prefix { $0 == " " }.count + 4 : headWidth
    let rows =
      width.map { body.wrapped(toWidth: max(HangingText.leastWidth, $0 - margin)) }
      ?? body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    var lines = rows.map { String(repeating: " ", count: margin) + style($0) }
    if isHeadWide {
      lines.insert(head, at: 0)
    } else if let first = rows.first {
      lines[0] = head + style(first)
    }
    lines[lines.count - 1] += tail
    return lines
  }

  /// `text` without the sequences that set colours.
  private static func unpainted(_ text: String) -> String {
    var plain = ""
    var rest = text[...]
    while let start = rest.firstIndex(of: "\u{1B}") {
      plain += rest[..<start]
      guard let end = rest[start...].firstIndex(of: "m") else { return plain }
      rest = rest[rest.index(after: end)...]
    }
    return plain + rest
  }
}
