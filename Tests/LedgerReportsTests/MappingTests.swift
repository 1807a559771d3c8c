import EditModel
import Foundation
import LedgerRules
import LedgerTestKit
import Testing

@testable import LedgerReports

/// What a report makes of a ledger, the first time, again, and after a correction.
@Suite struct MappingTests {
  private let sample = ReportReader.read(ReportData.sample)

  @Test func makesOneActForTheFrameAndOneForEachProblem() throws {
    var ledger = MappingLedger()
    #expect(try ledger.take(sample) == 31)
    #expect(ledger.refusals.isEmpty)
    let totals = LedgerTotals(
      of: ledger.state, asked: NumbersQuestion(today: CivilDate(dayNumber: 20_000)))
    #expect(
      (totals.aspects, totals.categories) == (3, 10))
    #expect((totals.problems, totals.measures) == (30, 75))
    #expect(totals.declared.done == 28)
  }

  @Test func everyValueIsOneThatTheVocabularyTakes() {
    #expect(ReportImport(sample, into: LedgerState()).flaws.isEmpty)
  }

  @Test func importingAgainMakesNoEdit() throws {
    var ledger = MappingLedger()
    _ = try ledger.take(sample)
    #expect(ReportImport(sample, into: ledger.state).acts.isEmpty)
  }

  @Test func statusIsNeverGuessed() {
    let changes = ReportImport(sample, into: LedgerState()).acts.joined()
    #expect(!changes.contains { [.stage, .adopted, .state, .outcome].contains($0.field) })
  }

  /// Property: whatever people do to working fields, the same report has nothing to say afterwards.
  @Test(arguments: UInt64(1)...6)
  func importingAfterPeopleWorkedMakesNoEdit(seed: UInt64) throws {
    var ledger = MappingLedger()
    _ = try ledger.take(sample)
    var generator = SplitMix64(seed: seed)
    let entities = ledger.state.all.keys.filter { $0 != .root }.sorted()
    for _ in 0..<40 {
      guard let entity = entities.randomElement(using: &generator),
        let kind = ledger.state[entity]?.kind
      else {
        continue
      }
      let rules = Vocabulary.fields(of: kind).filter { !$0.name.description.hasPrefix("source_") }
      guard let rule = rules.randomElement(using: &generator) else { continue }
      try ledger.accept([MappingTests.change(of: entity, rule, using: &generator)])
    }
    #expect(ReportImport(sample, into: ledger.state).acts.isEmpty)
  }

  private static func change(
    of entity: EntityID, _ rule: FieldRule, using generator: inout SplitMix64
  ) -> Change {
    let field = rule.cardinality == .member ? rule.name.member("某村") ?? rule.name : rule.name
    let values = ["改过", "yes", "no", "2024-01-31", "7", "done", "c9", "a2"].map {
      EditValue.text(ExactString($0))
    }
    let fitting = (values + [.cleared]).filter { rule.accepts($0) }
    return Change(
      entity: entity, field: field, value: fitting.randomElement(using: &generator) ?? .cleared)
  }

  @Test func aCorrectedTextEditsSourceFieldsOnly() throws {
    var ledger = MappingLedger()
    _ = try ledger.take(sample)
    var corrected = sample
    corrected.problems[4].text += "（更正）"
    corrected.problems[4].source += "（更正）"
    corrected.problems[4].measures[0].source += "（更正）"
    let acts = ReportImport(corrected, into: ledger.state).acts
    #expect(acts.count == 1)
    #expect(
      acts.joined().map { "\($0.entity) \($0.field)" } == ["p5 source_text", "p5.1 source_text"])
  }

  @Test func whatTheReportNoLongerNamesIsClearedInItsSourceOnly() throws {
    var ledger = MappingLedger()
    var report = sample
    report.problems[0].villages = ["甲村", "乙村"]
    report.problems[0].dates = [
      ReportDate(year: 2023, month: 9, day: nil, inferred: false, text: "2023年9月")
    ]
    _ = try ledger.take(report)
    report.problems[0].villages = ["甲村"]
    report.problems[0].dates = []
    report.problems[0].measures.removeLast()
    let gone = sample.problems[0].measures.count
    let changes = ReportImport(report, into: ledger.state).acts.joined()
    #expect(
      changes.map { "\($0.entity) \($0.field)" }
        == ["p1 source_village/乙村", "p1 source_date/2023-09", "p1.\(gone) source_text"])
    #expect(changes.allSatisfy { $0.value == .cleared })
  }

  @Test func aReportOfAnotherRoundConflictsWithAFilledLedger() throws {
    var ledger = MappingLedger()
    var report = sample
    report.round.organisation = "甲镇"
    report.round.inspector = "第一巡察组"
    report.round.feedback = ReportDate(
      year: 2023, month: 9, day: 5, inferred: false, text: "2023年9月5日")
    #expect(ReportImport.conflicts(report, ledger.state).isEmpty)
    _ = try ledger.take(report)
    #expect(ReportImport.conflicts(report, ledger.state).isEmpty)
    report.round.organisation = "乙镇"
    report.round.inspector = nil
    report.round.feedback = ReportDate(
      year: 2024, month: 9, day: 5, inferred: false, text: "2024年9月5日")
    #expect(
      ReportImport.conflicts(report, ledger.state).map { "\($0.field) \($0.present) \($0.reported)" }
        == ["unit 甲镇 乙镇", "feedback_date 2023-09-05 2024-09-05"])
  }

  @Test func aTextOverTheLimitIsAFlaw() {
    var report = sample
    report.problems[2].text = String(repeating: "长", count: 10_923)
    let flaws = ReportImport(report, into: LedgerState()).flaws
    #expect(
      flaws.map { "\($0.entity) \($0.field) \($0.sizeBytes) \($0.limitBytes)" } == [
        "p3 text 32769 32768"
      ])
  }

  @Test func controlsAndLineEndsNeverReachALine() throws {
    var report = sample
    report.title = "标\u{7}题\t之二"
    report.problems[0].source = "原\u{0}文"
    var ledger = MappingLedger()
    _ = try ledger.take(report)
    #expect(ledger.refusals.isEmpty)
    #expect(ledger.state[.root]?.text(try #require(FieldName("title"))) == "标题 之二")
    #expect(ledger.state[.derived("p1")]?.text(.sourceText) == "原文")
    #expect(ReportImport(report, into: ledger.state).acts.isEmpty)
  }

  @Test(
    .enabled(if: ReportData.publishedPath != nil, "TAIZHANG_REPORT names no published report"))
  func thePublishedReportImportsOnce() throws {
    let path = try #require(ReportData.publishedPath)
    let report = ReportReader.read(try String(contentsOfFile: path, encoding: .utf8))
    #expect(
      report.summary.text.hasPrefix(
        #"{"aspects":3,"categories":10,"problems":30,"measures":75,"declared":{"aspects":3,"problems":30,"done":28,"#
          + #""under_way":1,"long_term":1},"warnings":["#))
    var ledger = MappingLedger()
    #expect(try ledger.take(report) == 31)
    #expect(ledger.refusals.isEmpty)
    #expect(ReportImport(report, into: ledger.state).acts.isEmpty)
  }
}
