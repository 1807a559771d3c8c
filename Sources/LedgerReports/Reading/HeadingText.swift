/// The wording of a heading: what is said, and the words that only frame it.
///
/// `针对“…”等问题。一是…` has the finding between its outer quotes, a frame around it, and a body behind.
struct HeadingText {
  /// The heading's own text, without the frame.
  var text: ReportText
  /// Where the heading ends and a body in the same paragraph begins; the paragraph's length when there is none.
  var end: Int
  /// It is worded as a finding: quoted, or ended by 问题.
  var isFinding = false
  /// It is worded as an aspect: ended by 方面.
  var isAspect = false
  /// The frame word stands twice.
  var isDoubled = false
  /// An opening quote was never closed.
  var isUnbalanced = false

  /// Reads `paragraph` from `start`, behind its number.
  init(_ paragraph: ReportText, from start: Int) {
    let lead = Self.lead(paragraph, at: start)
    if let quoted = Self.quoted(paragraph, from: start + lead) {
      self = quoted
    } else {
      self = Self.plain(paragraph, from: start, lead: lead)
    }
  }

  private init(text: ReportText, end: Int) {
    self.text = text
    self.end = end
  }

  /// The length of the words that open a frame.
  private static func lead(_ text: ReportText, at start: Int) -> Int {
    var end = start
    if let label = BodyWords.label(text, at: end), label.kind == .finding { end += label.length }
    while let length = leads.longest(in: text, at: end) { end += length }
    while end < text.count, text.folded[end] == ":" || text.folded[end].isBlank { end += 1 }
    return end - start
  }

  /// 针对“…”问题: nil when the quotation is only a part of what is said.
  private static func quoted(_ paragraph: ReportText, from start: Int) -> HeadingText? {
    guard start < paragraph.count, openers.contains(paragraph.folded[start]) else { return nil }
    var last = start
    var end = QuoteScan.close(paragraph, at: start)
    var pieces = 0
    while let found = end {
      last = found
      pieces += 1
      var next = found + 1
      while next < paragraph.count, "、,和及".unicodeScalars.contains(paragraph.folded[next]) {
        next += 1
      }
      guard next < paragraph.count, paragraph.folded[next] == paragraph.folded[start] else { break }
      end = QuoteScan.close(paragraph, at: next)
    }
    guard pieces > 0 else { return unclosed(paragraph, from: start) }
    let tail = Tail(paragraph, at: last + 1)
    guard tail.endsSentence, tail.hasFrame || tail.end > last + 1 || tail.end == paragraph.count
    else { return nil }
    var heading = HeadingText(
      text: pieces == 1 ? paragraph[start + 1..<last] : paragraph[start..<last + 1], end: tail.end)
    heading.isFinding = tail.hasFrame || !tail.isAspect
    heading.isAspect = tail.isAspect
    heading.isDoubled = tail.isDoubled || tail.saysProblem && heading.text.hasSuffix(problem)
    return heading
  }

  /// The closing quote was lost: the frame word behind which the sentence ends is the last chance to find the end.
  private static func unclosed(_ paragraph: ReportText, from start: Int) -> HeadingText? {
    var found: (text: Int, tail: Tail)?
    var position = start + 1
    while let at = paragraph.index(of: problem, from: position) {
      let tail = Tail(paragraph, at: at)
      if tail.endsSentence {
        found = (at, tail)
        break
      }
      // From a 问题 further on in the same words the tail ends at the same place.
      position = tail.end
    }
    guard let found else { return nil }
    var heading = HeadingText(text: paragraph[start + 1..<found.text], end: found.tail.end)
    heading.isFinding = true
    heading.isUnbalanced = true
    return heading
  }

  private static func plain(_ paragraph: ReportText, from start: Int, lead: Int) -> HeadingText {
    let stop = sentenceEnd(paragraph, from: start)
    var textEnd = stop.text
    var heading = HeadingText(text: ReportText(), end: stop.end)
    let spoken = paragraph[start..<textEnd]
    heading.isAspect = spoken.hasSuffix(aspect)
    if let length = frameEnds.longestSuffix(of: paragraph, before: textEnd),
      textEnd - length > start + lead + 1
    {
      textEnd -= length
      heading.isFinding = !heading.isAspect && paragraph[textEnd..<stop.text].contains(problem)
      let inner = paragraph[start..<textEnd]
      heading.isDoubled =
        heading.isFinding && inner.hasSuffix(problem)
        || heading.isAspect && (inner.contains(aspectComma) || inner.hasSuffix(aspect))
    }
    heading.text = paragraph[min(start + lead, textEnd)..<textEnd]
    if heading.text.isEmpty { heading.text = spoken }
    return heading
  }

  /// A frame word, then a full stop or colon, ends a heading in the middle of its paragraph.
  private static func sentenceEnd(_ paragraph: ReportText, from start: Int) -> (text: Int, end: Int) {
    var scan = QuoteScan()
    for position in start..<paragraph.count {
      scan.step(paragraph.folded[position])
      guard !scan.isInside, stops.contains(paragraph.folded[position]) else { continue }
      let framed = frameEnds.longestSuffix(of: paragraph, before: position) != nil
      if framed || BodyWords.label(paragraph, at: position + 1) != nil {
        return (position, position + 1)
      }
    }
    var end = paragraph.count
    while end > start, stops.contains(paragraph.folded[end - 1]) { end -= 1 }
    return (end, paragraph.count)
  }

  static let problem = "问题".word
  private static let aspect = "方面".word
  private static let aspectComma = "方面,".word
  fileprivate static let stops: Set<Unicode.Scalar> = ["。", ":", ";", "."]
  private static let openers: Set<Unicode.Scalar> = ["“", "‘", "\""]
  private static let leads = WordTable(
    "针对 关于 对于 围绕 在 巡察反馈的 巡视反馈的 反馈的 反馈指出的 指出的 巡察反馈 提出的 反映的 方面存在的")
  private static let frameEnds = WordTable(
    """
    问题 的问题 等问题 等的问题 有关问题 的有关问题 等有关问题 等方面问题 方面问题 方面的问题 方面存在的问题 问题方面 问题的整改 问题整改 问题整改情况 问题的整改情况
    等问题整改情况 问题的整改落实情况 问题整改落实情况 的整改情况 整改情况 方面 等方面 的方面 方面的整改情况 方面整改情况 问题整改进展情况
    """)

  /// What may follow the closing quote of a finding.
  private struct Tail {
    var end: Int
    var hasFrame = false
    var isAspect = false
    var isDoubled = false
    var saysProblem = false
    /// Nothing, or a sign that ends a sentence, comes behind the frame.
    var endsSentence: Bool

    init(_ text: ReportText, at start: Int) {
      var position = start
      var problems = 0
      while let length = Self.words.longest(in: text, at: position) {
        hasFrame = true
        let said = text[position..<position + length]
        if said == HeadingText.problemText { problems += 1 }
        isAspect = said == HeadingText.aspectText
        position += length
      }
      saysProblem = problems > 0
      isDoubled = problems > 1
      endsSentence = position == text.count || HeadingText.stops.contains(text.folded[position])
      while position < text.count, HeadingText.stops.contains(text.folded[position]) {
        position += 1
      }
      end = position
    }

    private static let words = WordTable("等 的 等等 问题 有关 相关 具体 突出 方面 情况 整改 落实 进展 存在 这一 一 系列 现象")
  }

  fileprivate static let problemText = ReportText("问题")
  fileprivate static let aspectText = ReportText("方面")
}

/// Knows whether a position lies inside quotes, title marks or brackets.
struct QuoteScan {
  private var depth = 0
  private var isStraightOpen = false

  var isInside: Bool { depth > 0 || isStraightOpen }

  mutating func step(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "“", "‘", "《", "〈", "(", "【": depth += 1
    case "”", "’", "》", "〉", ")", "】": depth = max(0, depth - 1)
    case "\"": isStraightOpen.toggle()
    default: break
    }
  }

  /// The position of the mark that closes the one at `start`; nil when it was lost.
  static func close(_ text: ReportText, at start: Int) -> Int? {
    let open = text.folded[start]
    if open == "\"" { return text.folded[(start + 1)...].firstIndex(of: "\"") }
    guard open == "“" || open == "‘" else { return nil }
    let close: Unicode.Scalar = open == "“" ? "”" : "’"
    var depth = 0
    for position in start..<text.count {
      if text.folded[position] == open { depth += 1 }
      if text.folded[position] == close { depth -= 1 }
      if depth == 0 { return position }
    }
    return nil
  }
}
