import LedgerReports
import Testing

/// Totals come in many wordings; a doubtful number is reported and left out.
struct TotalsTests {
  @Test(arguments: [
    (
      "巡察反馈3方面30个具体问题，已完成28个，正在推进1个，长期坚持1个。",
      ["aspects": 3, "problems": 30, "done": 28, "under_way": 1, "long_term": 1]
    ),
    ("县委巡察组反馈问题4个方面、11项、27条。", ["aspects": 4, "categories": 11, "problems": 27]),
    ("反馈五个方面共44个问题，细化整改措施60项。", ["aspects": 5, "problems": 44, "measures": 60]),
    ("反馈五个方面共四十四个问题，制定60项整改措施。", ["aspects": 5, "problems": 44, "measures": 60]),
    (
      "反馈38个问题，整改完成35个，基本完成1个，未完成2个。",
      ["problems": 38, "done": 35, "basically_done": 1, "not_done": 2]
    ),
    ("反馈的12个问题已全部完成整改。", ["problems": 12, "done": 12]),
    (
      "反馈20个问题（含立行立改2个），已完成18个，正在整改2个。",
      ["problems": 20, "immediate": 2, "done": 18, "under_way": 2]
    ),
    ("反馈问题中，10个已完成整改，3个正在推进。", ["done": 10, "under_way": 3]),
    ("反馈３个方面１０类２５个问题，整改完成率１００％。", ["aspects": 3, "categories": 10, "problems": 25]),
    ("反馈16个方面9个问题。", ["aspects": 16, "problems": 9]),
  ])
  func readsTotals(_ sentence: String, _ expected: [String: Int]) {
    let report = ReportReader.read("一、总体情况\n\(sentence)\n二、整改落实情况\n1.针对“甲”问题\n办结。")
    #expect(ReportData.totals(report.declared) == expected)
  }

  @Test func leavesLostDigitsAlone() {
    let report = ReportReader.read("反馈216个方面问题。\n1.针对“甲”问题\n办结。")
    #expect(report.declared.aspects == nil)
    #expect(report.warnings.contains { $0.code == .implausibleNumber })
  }

  @Test func warnsAboutSumsThatDiffer() {
    let report = ReportReader.read("反馈3个问题，已完成1个，正在推进1个。\n1.针对“甲”问题\n办结。")
    let codes = report.warnings.map(\.code)
    #expect(codes.contains(.totalsDiffer))
    #expect(codes.contains(.totalsDoNotAddUp))
    #expect(codes.contains(.statusNotTold))
  }
}
