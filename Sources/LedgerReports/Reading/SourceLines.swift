/// Cuts the input into paragraphs: drops page lines and site furniture, joins lines that were wrapped.
///
/// Whether a document is wrapped at all is inferred from it: lines of one width that end in the middle of a sentence.
struct SourceLines {
  /// A line without the blanks at its ends.
  struct Line {
    var number: Int
    var text: ReportText
    /// Blanks before the first sign, in terminal cells.
    var indentCells: Int
    var afterBlankLine: Bool
    var isBoilerplate = false

    var widthCells: Int { indentCells + text.folded.count + text.verbatim.count { $0.isWide } }
  }

  /// A paragraph: one line, or several that were wrapped.
  struct Paragraph {
    var line: Int
    var text: ReportText
    var isBoilerplate: Bool
  }

  private let lines: [Line]
  /// The width at which lines were wrapped; nil when they were not.
  private let wrapCells: Int?
  /// In a wrapped document whose paragraphs are indented, every line at the margin continues one.
  private let paragraphsAreIndented: Bool

  init(_ text: String) {
    let lines = Self.cut(text)
    self.lines = lines
    wrapCells = Self.wrapWidth(of: lines)
    let starts = lines.filter { !$0.isBoilerplate && Marker.read($0.text) != nil }
    let indented = starts.count { $0.indentCells >= 2 }
    paragraphsAreIndented =
      indented * 10 >= starts.count * 8 && indented > 0
      && lines.contains { !$0.isBoilerplate && $0.indentCells == 0 }
  }

  func paragraphs() -> [Paragraph] {
    var result: [Paragraph] = []
    var last: Int?
    var previous: Line?
    for line in lines {
      if line.isBoilerplate {
        result.append(Paragraph(line: line.number, text: line.text, isBoilerplate: true))
      } else if let before = previous, let at = last,
        continues(before, with: line, paragraph: result[at].text)
      {
        result[at].text.append(line.text)
        previous = line
      } else {
        last = result.count
        previous = line
        result.append(Paragraph(line: line.number, text: line.text, isBoilerplate: false))
      }
    }
    return result
  }

  private func continues(_ line: Line, with next: Line, paragraph: ReportText) -> Bool {
    guard !next.afterBlankLine else { return false }
    let marked = Marker.read(next.text) != nil || BodyWords.label(next.text) != nil
    if !marked, Self.hasOpenQuote(line.text), Self.closesQuote(next.text) { return true }
    guard let wrapCells else { return false }
    if paragraphsAreIndented { return next.indentCells == 0 }
    // Some editors wrap by cells, some by signs whatever their width.
    guard line.widthCells >= wrapCells - 5 || line.text.count >= wrapCells / 2 else { return false }
    if marked || next.indentCells >= 2 && line.indentCells == 0 { return false }
    return true
  }

  // MARK: - Lines

  private static func cut(_ text: String) -> [Line] {
    var lines: [Line] = []
    var scalars: [Unicode.Scalar] = []
    var number = 1
    var blank = false
    var pendingReturn = false
    func finish() {
      let line = clean(scalars)
      if line.text.isEmpty {
        blank = true
      } else {
        lines.append(
          Line(number: number, text: line.text, indentCells: line.indent, afterBlankLine: blank))
        blank = false
      }
      scalars.removeAll(keepingCapacity: true)
      number += 1
    }
    for scalar in text.unicodeScalars {
      if scalar == "\n", pendingReturn {
        pendingReturn = false
        continue
      }
      pendingReturn = scalar == "\r"
      switch scalar {
      case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": finish()
      default: scalars.append(scalar)
      }
    }
    finish()
    markBoilerplate(&lines)
    return lines
  }

  /// Blanks at the ends go, and so do those beside a wide sign, where they are traces of typesetting.
  private static func clean(_ scalars: [Unicode.Scalar]) -> (text: ReportText, indent: Int) {
    var indent = 0
    var kept: [Unicode.Scalar] = []
    var pendingBlank = false
    for scalar in scalars {
      if scalar.isBlank {
        if kept.isEmpty { indent += scalar.isWide ? 2 : 1 }
        pendingBlank = true
        continue
      }
      if scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) { continue }
      if pendingBlank, let last = kept.last, !last.isWide, !scalar.isWide { kept.append(" ") }
      pendingBlank = false
      kept.append(scalar)
    }
    return (ReportText(kept), indent)
  }

  private static func wrapWidth(of lines: [Line]) -> Int? {
    let widths = lines.filter { !$0.isBoilerplate }.map(\.widthCells)
    guard let widest = widths.max(), (36...140).contains(widest), widths.count >= 6 else {
      return nil
    }
    var cutShort = 0
    for (line, next) in zip(lines, lines.dropFirst())
    where !line.isBoilerplate && line.widthCells >= widest - 5 {
      guard let end = line.text.folded.last, !"。！？；：:;!?".unicodeScalars.contains(end) else {
        continue
      }
      if headingEnds.longestSuffix(of: line.text, before: line.text.count, limit: 2) != nil {
        continue
      }
      if Marker.read(next.text) == nil { cutShort += 1 }
    }
    return cutShort * 5 >= widths.count ? widest : nil
  }

  /// A heading ends without a full stop and yet is whole.
  private static let headingEnds = WordTable("问题 方面 情况 ” 》")

  // MARK: - Boilerplate

  private static func markBoilerplate(_ lines: inout [Line]) {
    for index in lines.indices {
      let text = lines[index].text
      lines[index].isBoilerplate = isPageLine(text) || isSiteLine(text)
    }
  }

  /// "— 3 —", "- 3 -", "第3页", "第 3 页 共 12 页", "3/12".
  private static func isPageLine(_ text: ReportText) -> Bool {
    guard text.count <= 24, text.folded.contains(where: \.isDigit) else { return false }
    return text.folded.allSatisfy { $0.isDigit || $0.isBlank || pageSigns.contains($0) }
  }

  private static func isSiteLine(_ text: ReportText) -> Bool {
    guard text.count <= 120, Marker.read(text) == nil else { return false }
    return siteStarts.longest(in: text, at: 0) != nil
      || text.count <= 60 && text.containsAny(siteWords)
  }

  private static let pageSigns: Set<Unicode.Scalar> = [
    "-", "—", "–", "―", "－", "·", "/", "第", "页", "共", "~",
  ]
  private static let siteStarts = WordTable(
    """
    发布时间 发布日期 发布机构 发文日期 信息来源 来源: 作者: 编辑: 责任编辑 审核: 浏览次数 浏览量 阅读次数 阅读量 点击数 点击量 字号 字体: 字体大小
    【字体 [字体 首页 您的位置 当前位置 您当前的位置 上一篇 下一篇 上一条 下一条 分享到 分享: 扫一扫 打印本页 关闭窗口 【打印 [打印
    版权所有 技术支持: 网站地图 网站标识码 索引号 返回顶部 关注我们
    """)
  private static let siteWords = WordTable("ICP备 公网安备 版权所有")

  // MARK: - Quotes over a line end

  private static func hasOpenQuote(_ text: ReportText) -> Bool {
    var depth = 0
    for scalar in text.folded {
      if scalar == "“" || scalar == "《" { depth += 1 }
      if scalar == "”" || scalar == "》" { depth = max(0, depth - 1) }
    }
    return depth > 0
  }

  private static func closesQuote(_ text: ReportText) -> Bool {
    for scalar in text.folded {
      if scalar == "“" || scalar == "《" { return false }
      if scalar == "”" || scalar == "》" { return true }
    }
    return false
  }
}
