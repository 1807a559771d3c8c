/// A stretch of a report as Unicode scalars, twice: as written, and folded for recognition.
///
/// Both arrays have the same length, so a position found in `folded` cuts `verbatim` at the same place. Folding turns
/// full-width ASCII and corner quotes into one spelling and never changes what is kept.
/// Scalars, not characters: they compare exactly and index in constant time.
struct ReportText: Equatable, Sendable {
  private(set) var verbatim: [Unicode.Scalar]
  private(set) var folded: [Unicode.Scalar]

  init(_ verbatim: [Unicode.Scalar] = []) {
    self.verbatim = verbatim
    self.folded = verbatim.map(Self.fold)
  }

  init(_ string: String) { self.init(Array(string.unicodeScalars)) }

  private init(verbatim: [Unicode.Scalar], folded: [Unicode.Scalar]) {
    self.verbatim = verbatim
    self.folded = folded
  }

  var count: Int { folded.count }
  var isEmpty: Bool { folded.isEmpty }
  var string: String { String(verbatim) }

  /// The stretch without white space at its ends; bounds outside the text are clamped.
  subscript(range: Range<Int>) -> ReportText {
    var range = range.clamped(to: 0..<count)
    while let first = range.first, folded[first].isBlank { range = first + 1..<range.upperBound }
    while let last = range.last, folded[last].isBlank { range = range.lowerBound..<last }
    return ReportText(verbatim: Array(verbatim[range]), folded: Array(folded[range]))
  }

  func from(_ start: Int) -> ReportText { self[min(start, count)..<count] }

  /// Joins a continuation: words of Latin letters keep a space between them, Chinese and cut numbers need none.
  mutating func append(_ other: ReportText) {
    if let last = folded.last, let first = other.folded.first, last.isLetter, first.isLetter {
      verbatim.append(" ")
      folded.append(" ")
    }
    verbatim += other.verbatim
    folded += other.folded
  }

  func hasWord(_ word: Word, at start: Int) -> Bool {
    guard start >= 0, start + word.count <= count else { return false }
    for offset in word.indices where folded[start + offset] != word[offset] { return false }
    return true
  }

  func hasSuffix(_ word: Word) -> Bool { hasWord(word, at: count - word.count) }

  func index(of word: Word, from start: Int = 0) -> Int? {
    guard let first = word.first, word.count <= count else { return nil }
    var position = start
    while position + word.count <= count {
      if folded[position] == first, hasWord(word, at: position) { return position }
      position += 1
    }
    return nil
  }

  func contains(_ word: Word) -> Bool { index(of: word) != nil }

  func containsAny(_ table: WordTable) -> Bool {
    folded.indices.contains { table.longest(in: self, at: $0) != nil }
  }

  private static func fold(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar {
    case "\u{FF01}"..."\u{FF5E}": Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
    case "\u{FF61}": "。"
    case "「": "“"
    case "」": "”"
    case "『": "‘"
    case "』": "’"
    case "〇": "零"
    default: scalar.isBlank ? " " : scalar
    }
  }
}

/// A word as scalars, the form in which texts are searched.
typealias Word = [Unicode.Scalar]

extension String {
  init(_ scalars: some Sequence<Unicode.Scalar>) {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    self = String(view)
  }

  var word: Word { Array(unicodeScalars) }
}

/// A fixed set of words, asked for the longest that stands at a position.
struct WordTable: Sendable {
  private var byFirst: [Unicode.Scalar: [Word]] = [:]

  /// The words, separated by white space.
  init(_ words: String) {
    self.init(words.split(whereSeparator: \.isWhitespace).map { String($0).word })
  }

  init(_ words: [Word]) {
    for word in words where !word.isEmpty { byFirst[word[0], default: []].append(word) }
    for key in byFirst.keys { byFirst[key]?.sort { $0.count > $1.count } }
  }

  /// The length of the longest word that starts at `position` and ends at or before `end`.
  func longest(in text: ReportText, at position: Int, before end: Int? = nil) -> Int? {
    guard position < text.count, let words = byFirst[text.folded[position]] else { return nil }
    let end = end ?? text.count
    return words.first { position + $0.count <= end && text.hasWord($0, at: position) }?.count
  }

  /// The length of the longest word that the text ends with.
  func longestSuffix(of text: ReportText, before end: Int, limit: Int = 12) -> Int? {
    for start in max(0, end - limit)..<max(end, 0) {
      if let length = longest(in: text, at: start, before: end), start + length == end {
        return length
      }
    }
    return nil
  }
}

extension Unicode.Scalar {
  /// White space of every kind that published pages carry: NBSP, ideographic, zero width, byte order mark, tabs.
  var isBlank: Bool {
    switch self {
    case " ", "\t", "\u{0B}", "\u{0C}", "\u{A0}", "\u{1680}", "\u{180E}", "\u{2000}"..."\u{200D}",
      "\u{202F}",
      "\u{205F}", "\u{2060}", "\u{3000}", "\u{FEFF}":
      true
    default: false
    }
  }

  var isHan: Bool {
    switch self {
    case "\u{3400}"..."\u{4DBF}", "\u{4E00}"..."\u{9FFF}", "\u{F900}"..."\u{FAFF}",
      "\u{20000}"..."\u{3FFFF}", "々":
      true
    default: false
    }
  }

  var isDigit: Bool { ("0"..."9").contains(self) }

  var isLetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }

  /// Two terminal cells wide, near enough to compare the lengths of wrapped lines.
  var isWide: Bool { value >= 0x1100 && !isBlank || self == "\u{3000}" }
}
