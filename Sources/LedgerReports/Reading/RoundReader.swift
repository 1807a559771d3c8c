/// Reads the opening paragraphs: who inspected whom, when, and when it was fed back.
struct RoundReader {
  private(set) var round = ParsedRound()
  private(set) var warnings: [ReportWarning] = []

  /// Reads the paragraphs in front of the first item.
  init(_ paragraphs: [SourceLines.Paragraph]) {
    for paragraph in paragraphs {
      for sentence in Self.sentences(of: paragraph.text) { read(sentence, line: paragraph.line) }
    }
  }

  private mutating func read(_ sentence: ReportText, line: Int) {
    readNames(sentence)
    let tokens = DateReader.tokens(in: sentence)
    let isInspection = sentence.containsAny(Self.inspection)
    var previous: ReportDate?
    for (index, token) in tokens.enumerated() {
      let words = sentence[token.range].string
      guard !token.isDamaged else {
        warnings.append(ReportWarning(code: .damagedDate, line: line, text: words))
        continue
      }
      let frame = DateReader.Frame(feedback: round.feedback ?? round.periods.last?.end)
      let date = DateReader.resolve(
        token, words: words, previous: token.endsPeriod ? previous : nil, frame: frame)
      if date.year == nil {
        warnings.append(ReportWarning(code: .yearUnknown, line: line, text: words))
      }
      if date.inferred {
        warnings.append(ReportWarning(code: .yearInferred, line: line, text: words))
      }
      if token.endsPeriod, let previous, isInspection {
        round.periods.append(ReportPeriod(start: previous, end: date))
      } else if date.day != nil {
        // A date belongs to the words behind it, up to the next date.
        let end = index + 1 < tokens.count ? tokens[index + 1].range.lowerBound : sentence.count
        place(date, before: sentence[token.range.upperBound..<end])
      }
      previous = date
    }
  }

  private mutating func place(_ date: ReportDate, before behind: ReportText) {
    if round.feedback == nil, behind.contains(Self.feedback) { round.feedback = date }
    if round.meeting == nil, behind.contains(Self.meeting) { round.meeting = date }
  }

  private mutating func readNames(_ sentence: ReportText) {
    if round.inspector == nil { round.inspector = Self.inspector(in: sentence)?.string }
    guard let inspector = Self.inspector(in: sentence) else { return }
    if round.kind == nil {
      round.kind = Self.kinds.first { sentence.contains($0) }.map { String($0) }
    }
    let start = (sentence.index(of: inspector.folded) ?? 0) + inspector.count
    guard round.organisation == nil, let to = sentence.index(of: Self.to, from: start) else {
      return
    }
    for position in to + 1..<sentence.count
    where Self.acts.longest(in: sentence, at: position) != nil {
      if position - to <= 24 { round.organisation = sentence[to + 1..<position].string }
      break
    }
  }

  /// 县委第一巡察组: from the committee to the group.
  private static func inspector(in sentence: ReportText) -> ReportText? {
    for end in [groupInspection, groupSupervision] {
      guard let at = sentence.index(of: end) else { continue }
      var start = at
      while start > 0, at - start < 16, sentence.folded[start - 1].isHan { start -= 1 }
      for position in start..<at where committees.longest(in: sentence, at: position) != nil {
        return sentence[position..<at + end.count]
      }
    }
    return nil
  }

  static func sentences(of text: ReportText) -> [ReportText] {
    var sentences: [ReportText] = []
    var start = 0
    for (position, scalar) in text.folded.enumerated()
    where scalar == "。" || scalar == "!" || scalar == "?" {
      sentences.append(text[start..<position + 1])
      start = position + 1
    }
    if start < text.count { sentences.append(text.from(start)) }
    return sentences
  }

  private static let groupInspection = "巡察组".word
  private static let groupSupervision = "巡视组".word
  private static let committees = WordTable("中央 省委 市委 区委 县委 旗委 州委 自治区党委")
  private static let kinds = ["常规", "专项", "提级", "机动", "回头看", "巡乡带村"].map(\.word)
  private static let to = "对".word
  private static let acts = WordTable("进行 开展 实施")
  private static let inspection = WordTable("巡察 巡视 进驻")
  private static let feedback = "反馈".word
  private static let meeting = "民主生活会".word
}
