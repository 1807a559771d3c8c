import LedgerReports
import Testing

/// Two styles that head as many findings at the same depths: which of them heads the problems was once decided by chance,
/// anew in every process.
@Suite struct AlikeStylesTests {
  /// Pairs of styles, the one that comes first in the document first.
  static let pairs = [
    ("①", "（1）"), ("（1）", "①"), ("1）", "（一）"), ("（一）", "1）"), ("⑴", "①"), ("①", "⑴"), ("（一）", "①"), ("1）", "⑴"),
  ]

  @Test(arguments: pairs) func theFirstInTheDocumentHeadsTheProblems(_ first: String, _ second: String) {
    let report = ReportReader.read(
      """
      1.甲方面
      \(first)乙问题
      一是某。
      \(second)丙问题
      一是某。
      1.丁方面
      \(second)戊问题
      一是某。
      \(first)己问题
      一是某。
      """)
    #expect(report.problems.map(\.text) == ["乙问题", "己问题"])
  }
}
