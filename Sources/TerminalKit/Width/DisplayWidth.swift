/// How many terminal columns text takes: 0, 1 or 2 for each character as a reader sees it.
///
/// Hanzi, kana, hangul, full-width forms and emoji take 2; marks, joiners, variation selectors and controls 0.
/// A cluster of several scalars takes the sum of them, at most 2; a cluster with the emoji selector (U+FE0F) takes 2.
/// Text is measured, never changed. Source: Unicode Standard Annex 11, through `WidthTable`.
package struct DisplayWidth: Hashable, Sendable {
  /// Whether ambiguous scalars (box lines, Greek, `…`, `①`) take two columns, as in some old East Asian fonts.
  package var ambiguousIsWide: Bool

  /// What this process's terminal does: ambiguous scalars take one column, but two where it reads GBK.
  package static let standard = DisplayWidth(ambiguousIsWide: TerminalEncoding.ofProcess == .gbk)

  /// A measure; ambiguous scalars take one column unless said otherwise.
  package init(ambiguousIsWide: Bool = false) {
    self.ambiguousIsWide = ambiguousIsWide
  }

  /// Columns of one scalar by itself.
  package func of(_ scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value < 0x300 {
      if value < 0x20 || (0x7F..<0xA0).contains(value) { return 0 }
      return ambiguousIsWide && value > 0x7F && Self.contains(WidthTable.ambiguous, value) ? 2 : 1
    }
    if (0x4E00...0x9FFF).contains(value) { return 2 }
    if Self.contains(WidthTable.zero, value) { return 0 }
    if Self.contains(WidthTable.wide, value) { return 2 }
    return ambiguousIsWide && Self.contains(WidthTable.ambiguous, value) ? 2 : 1
  }

  /// Columns of one character as a reader sees it.
  package func of(_ character: Character) -> Int {
    var sum = 0
    for scalar in character.unicodeScalars {
      if scalar == Self.emojiSelector, sum > 0 { return 2 }
      sum += of(scalar)
    }
    return min(sum, 2)
  }

  /// Columns of a text on one line. Controls, line ends among them, count nothing.
  package func of(_ text: some StringProtocol) -> Int {
    widthOfPlain(text) ?? text.reduce(0) { $0 + of($1) }
  }

  /// Columns of a text of nothing but ASCII, hanzi and the punctuation that goes with them; nil for any other. Each of
  /// these scalars is a character of its own, so that nothing need be looked for that joins them: most texts are such,
  /// and tables of 10,000 rows measure each more than once.
  private func widthOfPlain(_ text: some StringProtocol) -> Int? {
    var sum = 0
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x20...0x7E: sum += 1
      case 0x4E00...0x9FFF, 0x3001...0x3002, 0xFF01...0xFF5E: sum += 2
      default: return nil
      }
    }
    return sum
  }

  /// Whether terminals disagree on the columns of a character: several visible scalars in one cluster, joiners,
  /// the emoji selector. After drawing one, the cursor's place is not known.
  func isDisputed(_ character: Character) -> Bool {
    var visible = 0
    for scalar in character.unicodeScalars {
      if scalar == Self.emojiSelector || scalar == Self.joiner { return true }
      if of(scalar) > 0 { visible += 1 }
      // A half of a flag or a skin tone alone joins whatever stands beside it.
      if (0x1F1E6...0x1F1FF).contains(scalar.value) || (0x1F3FB...0x1F3FF).contains(scalar.value) { return true }
    }
    return visible > 1
  }

  private static let emojiSelector: Unicode.Scalar = "\u{FE0F}"
  private static let joiner: Unicode.Scalar = "\u{200D}"

  /// Binary search in ascending pairs of first and last.
  private static func contains(_ pairs: [UInt32], _ value: UInt32) -> Bool {
    var low = 0
    var high = pairs.count / 2
    while low < high {
      let middle = (low + high) / 2
      if value < pairs[2 * middle] {
        high = middle
      } else if value > pairs[2 * middle + 1] {
        low = middle + 1
      } else {
        return true
      }
    }
    return false
  }
}
