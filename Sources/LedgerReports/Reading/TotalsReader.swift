/// Reads the sums that a report states about itself, in the many ways that offices word them.
///
/// Each count ("28个", "三项") gets its meaning from its own noun, else from the status words in front of it back to
/// the last count or comma, else from those behind it. The first statement of a total stands; nothing is corrected.
struct TotalsReader {
  private(set) var totals = DeclaredTotals()
  private(set) var warnings: [ReportWarning] = []

  /// Reads the paragraphs that hold no items.
  init(_ paragraphs: [SourceLines.Paragraph]) {
    for paragraph in paragraphs {
      for sentence in RoundReader.sentences(of: paragraph.text)
      where sentence.containsAny(Self.subjects) {
        read(sentence, line: paragraph.line)
      }
    }
  }

  /// A number with its counting word and noun.
  private struct Count {
    var value: Int
    var range: Range<Int>
    var noun: Noun?
  }

  private enum Noun { case aspects, categories, problems, measures, other }

  private mutating func read(_ sentence: ReportText, line: Int) {
    let counts = Self.counts(in: sentence)
    let saysAll = sentence.contains(Self.all)
    var chain: [Count] = []
    let before = totals
    for (index, count) in counts.enumerated() {
      let floor = index > 0 ? counts[index - 1].range.upperBound : 0
      let ceiling = index + 1 < counts.count ? counts[index + 1].range.lowerBound : sentence.count
      if count.noun == .aspects {
        take(aspects: count, line: line)
        chain = [count]
      } else if let path = status(of: count, in: sentence, floor: floor, ceiling: ceiling) {
        set(path, count.value)
        // "反馈的30个问题已全部完成": the count of problems is the count of the finished ones as well.
        if count.noun == .problems, path != \.immediate, saysAll { set(\.problems, count.value) }
      } else if let path = Self.path(of: count.noun) {
        set(path, count.value)
        if count.noun == .problems, behindSaysAllDone(count, in: sentence, ceiling: ceiling) {
          set(\.done, count.value)
        }
      } else if let path = pathBefore(count, in: sentence) {
        set(path, count.value)
      } else if count.noun == nil {
        chain.append(count)
      }
    }
    readChain(chain)
    if before != totals, totals.line == nil { totals.line = line }
  }

  /// 问题30个, 整改措施60项: the noun stands in front.
  private func pathBefore(
    _ count: Count, in sentence: ReportText
  ) -> WritableKeyPath<
    DeclaredTotals, Int?
  >? {
    guard count.noun == nil else { return nil }
    let start = count.range.lowerBound
    if Self.measureNouns.longestSuffix(of: sentence, before: start, limit: 4) != nil {
      return \.measures
    }
    return Self.problemNouns.longestSuffix(of: sentence, before: start, limit: 4) != nil
      ? \.problems : nil
  }

  private func behindSaysAllDone(_ count: Count, in sentence: ReportText, ceiling: Int) -> Bool {
    let behind = sentence[count.range.upperBound..<ceiling]
    return behind.contains(Self.all) && behind.containsAny(Self.doneWords)
  }

  private mutating func take(aspects count: Count, line: Int) {
    if count.value > 20 || count.value == 0 {
      warnings.append(
        ReportWarning(code: .implausibleNumber, line: line, text: "\(count.value)个方面"))
    } else {
      set(\.aspects, count.value)
    }
  }

  /// "4个方面、11项、27条": the last is the problems, one between the categories.
  private mutating func readChain(_ chain: [Count]) {
    guard chain.count >= 2, chain[0].noun == .aspects else { return }
    if totals.problems == nil {
      set(\.problems, chain[chain.count - 1].value)
      if chain.count >= 3 { set(\.categories, chain[1].value) }
    } else {
      set(\.categories, chain[1].value)
    }
  }

  private mutating func set(_ path: WritableKeyPath<DeclaredTotals, Int?>, _ value: Int) {
    if totals[keyPath: path] == nil { totals[keyPath: path] = value }
  }

  // MARK: - Counts

  private static func counts(in sentence: ReportText) -> [Count] {
    var counts: [Count] = []
    var position = 0
    while position < sentence.count {
      guard let number = Numeral.read(sentence, at: position) else {
        position += 1
        continue
      }
      let end = position + number.length
      if let count = count(number.value, in: sentence, range: position..<end) {
        counts.append(count)
      }
      position = end
    }
    return counts
  }

  private static func count(_ value: Int, in sentence: ReportText, range: Range<Int>) -> Count? {
    var end = range.upperBound
    guard end < sentence.count else { return nil }
    if range.lowerBound > 0, sentence.folded[range.lowerBound - 1] == "第" { return nil }
    if aspectNouns.longest(in: sentence, at: end).map({ end += $0 }) != nil {
      return Count(value: value, range: range.lowerBound..<end, noun: .aspects)
    }
    let counter = sentence.folded[end]
    guard counters.contains(counter) else { return nil }
    end += 1
    while let length = adjectives.longest(in: sentence, at: end) { end += length }
    var noun: Noun? = counter == "类" ? .categories : nil
    if let length = aspectNouns.longest(in: sentence, at: end) {
      (noun, end) = (.aspects, end + length)
    } else if let length = problemNouns.longest(in: sentence, at: end) {
      (noun, end) = (noun ?? .problems, end + length)
    } else if let length = measureNouns.longest(in: sentence, at: end) {
      (noun, end) = (.measures, end + length)
    } else if noun == nil, end < sentence.count, sentence.folded[end].isHan,
      statusWords.longest(in: sentence, at: end) == nil
    {
      noun = .other
    }
    return Count(value: value, range: range.lowerBound..<end, noun: noun)
  }

  // MARK: - Status

  private func status(
    of count: Count, in sentence: ReportText, floor: Int, ceiling: Int
  ) -> WritableKeyPath<DeclaredTotals, Int?>? {
    guard count.noun != .aspects, count.noun != .categories, count.noun != .measures else {
      return nil
    }
    var start = count.range.lowerBound
    while start > floor, !Self.separators.contains(sentence.folded[start - 1]) { start -= 1 }
    if let path = Self.status(in: sentence[start..<count.range.lowerBound]) { return path }
    guard count.noun != .problems || totals.problems != nil || ceiling == sentence.count else {
      return nil
    }
    var end = count.range.upperBound
    while end < ceiling, !Self.separators.contains(sentence.folded[end]) { end += 1 }
    let behind = sentence[count.range.upperBound..<end]
    if count.noun == .problems, totals.problems == nil, behind.contains(Self.all) { return nil }
    return Self.status(in: behind)
  }

  /// The order matters: 阶段性任务已办结、长期坚持 is long-term, 未完成 is not 完成.
  private static func status(in words: ReportText) -> WritableKeyPath<DeclaredTotals, Int?>? {
    if words.containsAny(longTermWords) { return \.longTerm }
    if words.containsAny(notDoneWords) { return \.notDone }
    if words.containsAny(basicWords) { return \.basicallyDone }
    if words.containsAny(immediateWords) { return \.immediate }
    if words.containsAny(underWayWords) { return \.underWay }
    if words.containsAny(doneWords) { return \.done }
    return nil
  }

  private static func path(of noun: Noun?) -> WritableKeyPath<DeclaredTotals, Int?>? {
    switch noun {
    case .categories: \.categories
    case .problems: \.problems
    case .measures: \.measures
    default: nil
    }
  }

  private static let subjects = WordTable("反馈 整改 问题 方面")
  private static let counters: Set<Unicode.Scalar> = ["个", "项", "条", "类"]
  private static let separators: Set<Unicode.Scalar> = [",", ";", "。", ":", "("]
  private static let adjectives = WordTable("具体 突出 主要 反馈 方面的 共性 个性 存在的 整改 的 大类 类 大 反馈的 巡察 巡视")
  private static let aspectNouns = WordTable("方面 大方面 个大方面")
  private static let problemNouns = WordTable("问题 事项 任务问题")
  private static let measureNouns = WordTable("措施 任务 举措")
  private static let all = "全部".word
  private static let longTermWords = WordTable("长期 阶段性 持续坚持 持续整改")
  private static let notDoneWords = WordTable("未完成 尚未 未整改")
  private static let basicWords = WordTable("基本完成 基本整改 基本办结")
  private static let immediateWords = WordTable("立行立改 即知即改 立查立改")
  private static let underWayWords = WordTable("正在 推进 整改中 进行中")
  private static let doneWords = WordTable("完成 办结 销号 整改到位 已整改")
  private static let statusWords = WordTable(
    "已 正在 完成 基本 未 尚未 长期 推进 持续 立行立改 阶段性 现已 需 均 全部 整改到位 办结 销号")
}
