/// A horizontal bar: `value` of `total` in `width` columns.
package struct Bar: Hashable, Sendable {
  /// What is done; below 0 counts as 0, above `total` as all.
  package var value: Int
  /// What there is to do; with 0 the bar is empty.
  package var total: Int

  /// A bar of `value` in `total`.
  package init(_ value: Int, of total: Int) {
    self.value = value
    self.total = total
  }

  /// The bar as exactly `width` columns of text, spaces behind it. Blocks are right to an eighth of a column, `#` to a
  /// whole one. Something is never shown as nothing, nor less than all as all, while there is room to tell.
  package func text(width: Int, glyphs: Glyphs = .unicode) -> String {
    guard width > 0 else { return "" }
    let steps = glyphs == .unicode ? 8 : 1
    let filled = filledSteps(of: width * steps)
    var text = String(repeating: glyphs == .unicode ? "█" : "#", count: filled / steps)
    if filled % steps > 0 { text.append(Self.eighths[filled % steps - 1]) }
    let used = (filled + steps - 1) / steps
    return text + String(repeating: " ", count: width - used)
  }

  private static let eighths: [Character] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"]

  private func filledSteps(of all: Int) -> Int {
    guard total > 0, value > 0 else { return 0 }
    guard value < total else { return all }
    let share = Int((Double(value) / Double(total) * Double(all)).rounded())
    return min(max(share, 1), max(all - 1, 1))
  }
}
