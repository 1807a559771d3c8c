import EditModel
import LedgerRules
import Testing

@testable import LedgerReports

/// What a report has beside a ledger that was filled from an earlier one.
@Suite struct ImportReviewTests {
  private let sample = ReportData.sample
  private let ledger: LedgerState

  init() throws {
    var ledger = MappingLedger()
    _ = try ledger.take(ReportReader.read(sample))
    self.ledger = ledger.state
  }

  private func review(_ text: String) -> ImportReview { ImportReview(ReportReader.read(text), ledger) }

  private func references(_ ids: [EntityID]) -> [String] { ids.map { ReferenceText.text(for: $0, in: ledger) } }

  /// The sample without what `pattern` begins and the next problem's heading ends.
  private func without(problem number: Int) throws -> String {
    let lines = sample.split(separator: "\n", omittingEmptySubsequences: false)
    let first = try #require(lines.firstIndex { $0.hasPrefix("（\(number)）") })
    let next = try #require(lines.firstIndex { $0.hasPrefix("（\(number + 1)）") })
    return (lines[..<first] + lines[next...]).joined(separator: "\n")
  }

  @Test func theSameReportHasNothingBesideIt() {
    let review = review(sample)
    #expect(review.shifts.isEmpty && review.added.isEmpty && review.reworded.isEmpty && review.missing.isEmpty)
  }

  /// Everything behind the one that was left out stands elsewhere, by its printed number.
  @Test func aProblemThatWasLeftOutIsSeen() throws {
    let review = review(try without(problem: 22))
    #expect(review.shifts.first?.entity == .derived("p22"))
    #expect(review.shifts.first?.present == "22" && review.shifts.first?.reported == "23")
    #expect(review.shifts.count == 8)
    #expect(references(review.missing).contains("30"))
  }

  /// The same when the numbers were written anew: by the wordings.
  @Test func aProblemThatWasLeftOutIsSeenUnderNewNumbers() throws {
    var text = try without(problem: 22)
    for number in 23...30 { text = text.replacing("（\(number)）", with: "（\(number - 1)）") }
    let review = review(text)
    #expect(review.shifts.count == 8)
    #expect(review.shifts.first?.present == "22" && review.shifts.first?.reported == "23")
  }

  @Test func aChangedWordingIsNamedAndNoShift() throws {
    let heading = try #require(sample.split(separator: "\n").first { $0.hasPrefix("（18）") })
    let quoted = try #require(heading.firstMatch(of: /“([^”]+)”/)).1
    let review = review(sample.replacing(quoted, with: "账目登记不及时"))
    #expect(review.shifts.isEmpty && review.missing.isEmpty && review.added.isEmpty)
    #expect(references(review.reworded).contains("18"))
    #expect(references(review.reworded).allSatisfy { $0.hasPrefix("18") })
  }

  private func withoutThirdMeasureOf15() throws -> String {
    let lines = sample.split(separator: "\n", omittingEmptySubsequences: false)
    let first = try #require(lines.firstIndex { $0.hasPrefix("（15）") })
    let third = try #require(lines[first...].firstIndex { $0.hasPrefix("三是") })
    return (lines[..<third] + lines[(third + 1)...]).joined(separator: "\n")
  }

  @Test func aMeasureThatIsGoneIsNamed() throws {
    let review = review(try withoutThirdMeasureOf15())
    #expect(references(review.missing) == ["15.3"])
    #expect(review.shifts.isEmpty)
  }

  /// What is meant to be gone is not named for ever.
  @Test func whatWasWithdrawnIsNotMissed() throws {
    var ledger = MappingLedger()
    _ = try ledger.take(ReportReader.read(sample))
    try ledger.accept([Change(entity: .derived("p15.3"), field: .withdrawn, value: .text("yes"))])
    #expect(ImportReview(ReportReader.read(try withoutThirdMeasureOf15()), ledger.state).missing.isEmpty)
  }
}
