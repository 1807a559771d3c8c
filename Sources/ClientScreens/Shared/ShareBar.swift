import TerminalKit

/// A bar of two shares of a whole: what was closed in this ledger as done, and behind it, lighter, what was adopted as done.
struct ShareBar: Hashable, Sendable {
  /// The first share.
  let closed: Int
  /// The second share.
  let adopted: Int
  /// The whole.
  let total: Int

  /// The bar in exactly `width` columns. Something is never shown as nothing, nor less than all as all.
  func text(width: Int, glyphs: Glyphs) -> String {
    guard width > 0 else { return "" }
    let both = columns(closed + adopted, of: width)
    let first = min(columns(closed, of: width), adopted > 0 ? max(both - 1, 0) : both)
    let (full, light, empty) = glyphs == .unicode ? ("█", "▒", "·") : ("#", "=", ".")
    return String(repeating: full, count: first) + String(repeating: light, count: both - first)
      + String(repeating: empty, count: width - both)
  }

  private func columns(_ value: Int, of width: Int) -> Int {
    guard total > 0, value > 0 else { return 0 }
    guard value < total else { return width }
    let share = Int((Double(value) / Double(total) * Double(width)).rounded())
    return min(max(share, 1), max(width - 1, 1))
  }
}
