import LedgerReports
import Testing

/// The sample that ships has every trap of real reports; it is read here as `taizhang import` reads it.
struct SampleReportTests {
  private let report = ReportReader.read(ReportData.sample)

  @Test func countsWhatStands() {
    #expect(report.title?.isEmpty == false)
    #expect(report.aspects.count == 3)
    #expect(report.categories.count == 10)
    #expect(report.problems.count == 30)
    #expect(report.measureCount == 75)
    #expect(report.categories.map(\.aspect) == [1, 1, 1, 2, 2, 2, 2, 3, 3, 3])
    #expect(report.problems.map(\.number) == Array(1...30))
    #expect(
      report.problems.filter { $0.measures.first?.number == nil }.map(\.number) == [
        8, 11, 16, 18, 20, 23,
      ])
  }

  @Test func readsTotalsAndRound() {
    #expect(
      ReportData.totals(report.declared)
        == ["aspects": 3, "problems": 30, "done": 28, "under_way": 1, "long_term": 1])
    #expect(report.round.inspector == "县委第三巡察组")
    #expect(report.round.kind == "常规")
    #expect(report.round.organisation == "柳泉镇党委")
    #expect(
      report.round.periods.map { [$0.start.value, $0.end.value] } == [["2023-03-14", "2023-05-26"]])
    #expect(report.round.feedback?.value == "2023-06-20")
    #expect(report.round.meeting?.value == "2023-08-09")
  }

  @Test func namesWhatEachProblemNames() throws {
    let expected = try ReportData.rows("sample-report")
    #expect(expected.count == 30)
    for (problem, row) in zip(report.problems, expected) { #expect(ReportData.row(problem) == row) }
  }

  @Test func warnsAboutWhatIsDoubtful() throws {
    #expect(try report.warnings.map(ReportData.row) == ReportData.rows("sample-warnings"))
  }

  @Test func keepsEveryParagraph() {
    let kept = report.paragraphs.map(\.text).joined()
    #expect(ReportData.squeezed(kept) == ReportData.squeezed(ReportData.sample))
    #expect(report.contact?.contains("邮政编码") == true)
  }

  @Test func itemsRebuildTheirParagraphs() {
    for problem in report.problems {
      let kept = report.paragraphs.filter {
        $0.part == .problem(problem.position) || $0.part == .body(problem.position)
      }
      let rebuilt = problem.source + problem.measures.map(\.source).joined()
      #expect(rebuilt == kept.map(\.text).joined())
    }
  }

  @Test func joinsAMeasureThatGoesOnInTheNextLine() throws {
    let problem = try #require(report.problems.dropFirst(23).first)
    #expect(problem.measures.count == 3)
    #expect(problem.measures[1].text.contains("监督记录一式两份"))
  }

  @Test func theOutlookHoldsNoItem() {
    let outlook = report.paragraphs.filter { $0.part == .outlook }
    #expect(outlook.count == 4)
    #expect(!report.problems.contains { $0.text.contains("继续盯住") })
  }

  /// The same text in other clothes reads the same.
  @Test(arguments: Clothes.allCases) func readsTheSameInOtherClothes(_ clothes: Clothes) throws {
    let dressed = ReportReader.read(clothes.dress(ReportData.sample))
    // A document's title keeps the quotation marks that the text has.
    let rows = report.problems.map(ReportData.row).map(
      clothes == .straightQuotes ? clothes.dress : { $0 })
    #expect(dressed.problems.map(ReportData.row) == rows)
    #expect(dressed.aspects.count == 3)
    #expect(dressed.categories.count == 10)
    #expect(ReportData.totals(dressed.declared) == ReportData.totals(report.declared))
  }
}

/// Ways in which the same report reaches a clerk's screen.
enum Clothes: CaseIterable {
  case halfWidth, signsAsOne, carriageReturns, wrapped, wrappedWithoutIndent, pageLines, blanks,
    straightQuotes

  func dress(_ text: String) -> String {
    switch self {
    case .halfWidth: text.map { Self.narrow[$0] ?? String($0) }.joined()
    case .signsAsOne:
      text.replacing("（一）", with: "㈠").replacing("（二）", with: "㈡").replacing("（3）", with: "⑶")
    case .carriageReturns: text.replacing("\n", with: "\r\n")
    case .wrapped: Self.wrap(text, indent: "　　")
    case .wrappedWithoutIndent: Self.wrap(text, indent: "")
    case .pageLines: Self.paged(text)
    case .blanks:
      text.replacing("\n", with: "\u{3000}\n\n\u{A0}\u{3000}").replacing("、", with: "、 ")
    case .straightQuotes: text.replacing("“", with: "\"").replacing("”", with: "\"")
    }
  }

  private static let narrow: [Character: String] = [
    "（": "(", "）": ")", "，": ",", "：": ":", "；": ";", "．": ".",
  ]

  /// 28 signs a line, as official paper has it.
  private static func wrap(_ text: String, indent: String) -> String {
    text.split(separator: "\n").flatMap { paragraph in
      let signs = Array(indent + paragraph)
      return stride(from: 0, to: signs.count, by: 28).map {
        String(signs[$0..<min($0 + 28, signs.count)])
      }
    }.joined(separator: "\n")
  }

  private static func paged(_ text: String) -> String {
    var lines = ["首页 > 党务公开 > 巡察整改", "发布时间：2023-12-20 来源：本站"]
    for (index, line) in text.split(separator: "\n").enumerated() {
      lines.append(String(line))
      if index % 20 == 19 { lines.append("— \(index / 20 + 1) —") }
    }
    return (lines + ["上一篇：没有了", "版权所有：某某网站"]).joined(separator: "\n")
  }
}
