import Foundation
import LedgerReports
import Testing

/// A real report, held outside of the project, against figures and names counted by hand.
@Suite(
  .enabled(
    if: ReportData.publishedPath != nil,
    "SKIPPED: set TAIZHANG_REPORT to the path of the published report to compare it with Data/published-report.tsv"
  ))
struct PublishedReportTests {
  private func read() throws -> ParsedReport {
    let path = try #require(ReportData.publishedPath)
    return ReportReader.read(try String(contentsOfFile: path, encoding: .utf8))
  }

  @Test func countsWhatStands() throws {
    let report = try read()
    #expect(report.aspects.count == 3)
    #expect(report.categories.count == 10)
    #expect(report.problems.count == 30)
    #expect(report.measureCount == 75)
    #expect(report.aspects.map(\.number) == [1, 2, 3])
    #expect(report.categories.map(\.number) == Array(1...10))
    #expect(report.categories.map(\.aspect) == [1, 1, 1, 2, 2, 2, 2, 3, 3, 3])
    #expect(report.problems.map(\.position) == Array(1...30))
  }

  @Test func readsDeclaredTotals() throws {
    let report = try read()
    #expect(
      ReportData.totals(report.declared)
        == ["aspects": 3, "problems": 30, "done": 28, "under_way": 1, "long_term": 1])
    #expect(report.declared.line == 5)
    #expect(report.declared.statusSum == 30)
  }

  @Test func readsTheRound() throws {
    let round = try read().round
    #expect(round.kind == "常规")
    #expect(round.inspector == "县委第一巡察组")
    #expect(
      round.periods.map { [$0.start.value, $0.end.value] } == [["2023-06-25", "2023-09-08"]])
    #expect(round.feedback?.value == "2023-10-12")
    #expect(round.feedback?.inferred == true)
    #expect(round.meeting?.value == "2023-11-28")
  }

  @Test func namesWhatEachProblemNames() throws {
    let report = try read()
    let expected = try ReportData.rows("published-report")
    #expect(expected.count == 30)
    for (problem, row) in zip(report.problems, expected) { #expect(ReportData.row(problem) == row) }
  }

  @Test func warnsAboutWhatIsDoubtful() throws {
    #expect(try read().warnings.map(ReportData.row) == ReportData.rows("published-warnings"))
  }

  @Test func losesNothing() throws {
    let path = try #require(ReportData.publishedPath)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let report = ReportReader.read(text)
    #expect(
      ReportData.squeezed(report.paragraphs.map(\.text).joined()) == ReportData.squeezed(text))
    #expect(report.contact != nil)
    #expect(report.paragraphs.count { $0.part == .outlook } == 4)
  }
}
