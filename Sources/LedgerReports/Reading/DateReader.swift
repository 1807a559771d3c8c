/// Finds dates as written and resolves those without a year against the round.
enum DateReader {
  /// A date before it is resolved.
  struct Token: Equatable {
    var year: Int?
    var month: Int?
    var day: Int?
    var range: Range<Int>
    /// The date follows another with only 至 or a sign between.
    var endsPeriod = false
    /// No calendar has it, or its signs were lost.
    var isDamaged = false
  }

  /// What dates without a year are resolved against.
  struct Frame {
    /// The day of the feedback: measures come after it, findings before.
    var feedback: ReportDate?
    var isFinding = false
  }

  // MARK: - Tokens

  /// The dates of a text in order, those inside 《》 left out: they belong to a document's title.
  static func tokens(in text: ReportText) -> [Token] {
    var tokens: [Token] = []
    var titles = 0
    var position = 0
    while position < text.count {
      let scalar = text.folded[position]
      if scalar == "《" { titles += 1 }
      if scalar == "》" { titles = max(0, titles - 1) }
      guard scalar.isDigit else {
        position += 1
        continue
      }
      let end = digitsEnd(text, from: position)
      if titles == 0, let token = token(text, at: position, digits: end) {
        var token = token
        if let last = tokens.last {
          token.endsPeriod = isJoined(text, last.range.upperBound..<position)
        }
        tokens.append(token)
        position = token.range.upperBound
      } else {
        position = end
      }
    }
    return tokens
  }

  private static func token(_ text: ReportText, at start: Int, digits end: Int) -> Token? {
    guard end < text.count, let number = value(text, start..<end) else {
      return end < text.count && "日月".unicodeScalars.contains(text.folded[end])
        ? Token(range: start..<end + 1, isDamaged: true) : nil
    }
    let length = end - start
    switch text.folded[end] {
    case "年" where length == 4 && (1949...2100).contains(number):
      return afterYear(text, year: number, from: start, at: end + 1)
    case "月" where length <= 2:
      return afterMonth(text, month: number, year: nil, from: start, sign: end)
    case ".", "-", "/": return length == 4 ? dotted(text, year: number, from: start, at: end) : nil
    case "日", "月": return length >= 5 ? Token(range: start..<end + 1, isDamaged: true) : nil
    default: return nil
    }
  }

  private static func afterYear(
    _ text: ReportText, year: Int, from start: Int, at position: Int
  )
    -> Token?
  {
    var end = digitsEnd(text, from: position)
    if end > position, end < text.count, text.folded[end] == "月",
      let month = value(text, position..<end)
    {
      return afterMonth(text, month: month, year: year, from: start, sign: end)
    }
    end = position
    if end < text.count, text.folded[end] == "度" { end += 1 }
    return Token(year: year, range: start..<end)
  }

  private static func afterMonth(
    _ text: ReportText, month: Int, year: Int?, from start: Int, sign: Int
  ) -> Token? {
    let position = sign + 1
    let dayEnd = digitsEnd(text, from: position)
    var token = Token(year: year, month: month, range: start..<position)
    if dayEnd > position, dayEnd < text.count,
      text.folded[dayEnd] == "日" || text.folded[dayEnd] == "号"
    {
      token.day = value(text, position..<dayEnd)
      token.range = start..<dayEnd + 1
      token.isDamaged = token.day == nil
    } else if let length = monthParts.longest(in: text, at: position) {
      token.range = start..<position + length
    } else if year == nil {
      return nil
    }
    if !(1...12).contains(month) || !(1...31).contains(token.day ?? 1) { token.isDamaged = true }
    return token
  }

  /// 2023.10.12, 2023-10-12, 2023/10/12.
  private static func dotted(_ text: ReportText, year: Int, from start: Int, at sign: Int) -> Token? {
    let monthEnd = digitsEnd(text, from: sign + 1)
    guard (1949...2100).contains(year), monthEnd < text.count,
      text.folded[monthEnd] == text.folded[sign],
      let month = value(text, sign + 1..<monthEnd)
    else { return nil }
    let dayEnd = digitsEnd(text, from: monthEnd + 1)
    guard let day = value(text, monthEnd + 1..<dayEnd) else { return nil }
    let isDamaged = !(1...12).contains(month) || !(1...31).contains(day)
    return Token(year: year, month: month, day: day, range: start..<dayEnd, isDamaged: isDamaged)
  }

  private static func digitsEnd(_ text: ReportText, from start: Int) -> Int {
    var end = start
    while end < text.count, text.folded[end].isDigit { end += 1 }
    return end
  }

  private static func value(_ text: ReportText, _ range: Range<Int>) -> Int? {
    guard !range.isEmpty, range.count <= 4 else { return nil }
    return range.reduce(0) { $0 * 10 + (text.folded[$1].digit ?? 0) }
  }

  private static func isJoined(_ text: ReportText, _ gap: Range<Int>) -> Bool {
    guard !gap.isEmpty, gap.count <= 2 else { return false }
    return text.folded[gap].allSatisfy { periodSigns.contains($0) }
  }

  private static let periodSigns: Set<Unicode.Scalar> = ["至", "到", "-", "—", "–", "~"]
  private static let monthParts = WordTable("上旬 中旬 下旬 底 初 份 末")

  // MARK: - Resolving

  /// The dates of a text, years filled in where the frame allows it, and what was doubtful.
  static func dates(
    in text: ReportText, line: Int, frame: Frame
  ) -> (
    dates: [ReportDate], warnings: [ReportWarning]
  ) {
    var dates: [ReportDate] = []
    var warnings: [ReportWarning] = []
    for token in tokens(in: text) {
      let words = text[token.range].string
      guard !token.isDamaged else {
        warnings.append(ReportWarning(code: .damagedDate, line: line, text: words))
        continue
      }
      let date = resolve(
        token, words: words, previous: token.endsPeriod ? dates.last : nil, frame: frame)
      if token.year == nil {
        warnings.append(
          ReportWarning(
            code: date.year == nil ? .yearUnknown : .yearInferred, line: line, text: words))
      }
      dates.append(date)
    }
    return (dates, warnings)
  }

  static func resolve(
    _ token: Token, words: String, previous: ReportDate?, frame: Frame
  )
    -> ReportDate
  {
    var date = ReportDate(
      year: token.year, month: token.month, day: token.day, inferred: false, text: words)
    guard token.year == nil else { return date }
    if let previous, let year = previous.year {
      date.year = isBefore(date, previous) ? year + 1 : year
    } else if let feedback = frame.feedback, let year = feedback.year {
      if frame.isFinding {
        date.year = isBefore(feedback, date) ? year - 1 : year
      } else {
        date.year = isBefore(date, feedback) ? year + 1 : year
      }
    }
    date.inferred = date.year != nil
    return date
  }

  /// Compares within a year; a month without a day is before nothing in it.
  static func isBefore(_ left: ReportDate, _ right: ReportDate) -> Bool {
    let (first, second) = (left.month ?? 0, right.month ?? 0)
    if first != second { return first < second }
    guard let first = left.day, let second = right.day else { return false }
    return first < second
  }
}
