/// How an item is numbered. Which style carries which level is inferred per document; the styles themselves are fixed.
enum MarkerStyle: Hashable, Sendable {
  /// 一、
  case chineseComma
  /// (一) ㈠
  case chineseBrackets
  /// 1. 1、 1。
  case digitDot
  /// (1) ⑴
  case digitBrackets
  /// 1)
  case digitHalfBracket
  /// ① ➀ ❶
  case circled
  /// 问题1：
  case problemWord
  /// 一是
  case ordinalIs
  /// 第一，
  case ordinalRank
  /// 首先 其次 再次 最后
  case ordinalWord

  /// Ordinals number sentences of a body and never head anything.
  var isOrdinal: Bool { self == .ordinalIs || self == .ordinalRank || self == .ordinalWord }
}

/// A number at the start of an item.
struct Marker: Equatable, Sendable {
  var style: MarkerStyle
  /// The printed number. 最后 has none of its own and reads as 0.
  var number: Int
  /// Scalars taken, blanks behind it included.
  var length: Int

  /// The marker that stands at `position`, if one does.
  static func read(_ text: ReportText, at position: Int = 0) -> Marker? {
    guard position < text.count else { return nil }
    let found =
      sign(text, at: position) ?? bracketed(text, at: position) ?? problemWord(text, at: position)
      ?? ordinal(text, at: position) ?? plainNumber(text, at: position)
    guard var marker = found else { return nil }
    while position + marker.length < text.count, text.folded[position + marker.length].isBlank {
      marker.length += 1
    }
    return marker
  }

  /// One sign that is a whole marker.
  private static func sign(_ text: ReportText, at position: Int) -> Marker? {
    let value = Int(text.folded[position].value)
    switch value {
    case 0x3220...0x3229: return Marker(style: .chineseBrackets, number: value - 0x321F, length: 1)
    case 0x2474...0x2487: return Marker(style: .digitBrackets, number: value - 0x2473, length: 1)
    case 0x2488...0x249B: return Marker(style: .digitDot, number: value - 0x2487, length: 1)
    case 0x2460...0x2473: return Marker(style: .circled, number: value - 0x245F, length: 1)
    case 0x2776...0x277F: return Marker(style: .circled, number: value - 0x2775, length: 1)
    case 0x2780...0x2789: return Marker(style: .circled, number: value - 0x277F, length: 1)
    default: return nil
    }
  }

  private static func bracketed(_ text: ReportText, at position: Int) -> Marker? {
    guard text.folded[position] == "(" else { return nil }
    var start = position + 1
    while start < text.count, text.folded[start].isBlank { start += 1 }
    guard start < text.count, let number = Numeral.read(text, at: start) else { return nil }
    var end = start + number.length
    while end < text.count, text.folded[end].isBlank { end += 1 }
    guard end < text.count, text.folded[end] == ")" else { return nil }
    let style: MarkerStyle = text.folded[start].isDigit ? .digitBrackets : .chineseBrackets
    return Marker(style: style, number: number.value, length: end + 1 - position)
  }

  private static func problemWord(_ text: ReportText, at position: Int) -> Marker? {
    guard text.hasWord(problem, at: position), let number = Numeral.read(text, at: position + 2)
    else { return nil }
    let end = position + 2 + number.length
    guard end < text.count, colonOrDot.contains(text.folded[end]) else { return nil }
    return Marker(style: .problemWord, number: number.value, length: 3 + number.length)
  }

  private static func ordinal(_ text: ReportText, at position: Int) -> Marker? {
    for (number, word) in orderWords where text.hasWord(word, at: position) {
      let end = position + word.count
      let comma = end < text.count && commas.contains(text.folded[end])
      return Marker(style: .ordinalWord, number: number, length: word.count + (comma ? 1 : 0))
    }
    if text.folded[position] == "第", let number = Numeral.chinese(text, at: position + 1) {
      let end = position + 1 + number.length
      guard end < text.count, commas.contains(text.folded[end]) else { return nil }
      return Marker(style: .ordinalRank, number: number.value, length: 2 + number.length)
    }
    guard let number = Numeral.chinese(text, at: position), number.value > 0 else { return nil }
    let end = position + number.length
    guard end < text.count, text.folded[end] == "是" else { return nil }
    return Marker(style: .ordinalIs, number: number.value, length: 1 + number.length)
  }

  /// 一、 1. 1): a number and the sign behind it. "3.5" and "2023.10" are no markers.
  private static func plainNumber(_ text: ReportText, at position: Int) -> Marker? {
    guard let number = Numeral.read(text, at: position), number.value > 0 else { return nil }
    let end = position + number.length
    guard end < text.count else { return nil }
    let sign = text.folded[end]
    if !text.folded[position].isDigit {
      guard sign == "、" || sign == "." else { return nil }
      return Marker(style: .chineseComma, number: number.value, length: number.length + 1)
    }
    guard number.value < 1000 else { return nil }
    if sign == ")" {
      return Marker(style: .digitHalfBracket, number: number.value, length: number.length + 1)
    }
    guard sign == "." || sign == "、" || sign == "。" else { return nil }
    if end + 1 < text.count, text.folded[end + 1].isDigit { return nil }
    return Marker(style: .digitDot, number: number.value, length: number.length + 1)
  }

  private static let problem = "问题".word
  private static let colonOrDot: Set<Unicode.Scalar> = [":", ".", "、", ","]
  private static let commas: Set<Unicode.Scalar> = [",", "、", ":"]
  private static let orderWords: [(Int, Word)] = [
    (1, "首先".word), (2, "其次".word), (3, "再次".word), (0, "最后".word),
  ]
}
