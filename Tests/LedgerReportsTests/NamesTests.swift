import LedgerReports
import Testing

/// Villages, units and dates inside one problem.
struct NamesTests {
  private func problem(_ finding: String, _ measure: String = "逐项办结。") throws -> ParsedProblem {
    let report = ReportReader.read("2023年6月20日反馈了巡察意见。\n（1）针对“\(finding)”问题\n一是\(measure)")
    return try #require(report.problems.first)
  }

  @Test(arguments: [
    ("张家湾村、李庄村账目不清", ["张家湾村", "李庄村"]),
    ("2022年赵家坪村和石门沟村工程未验收", ["赵家坪村", "石门沟村"]),
    ("柳泉镇石门沟村两委未公开", ["石门沟村"]),
    ("各村、有的村、部分村村两委重视不够，镇村干部下村少，农村和全村群众不满意", []),
    ("6个村未开展，村级资金、村务公开、村民自治薄弱，示范村带动不够，一些行政村没有村规民约", []),
    ("石门沟行政村饮水不稳", ["石门沟村"]),
    ("和平村、永和村公路失修", ["和平村", "永和村"]),
    ("李村、王村账目不清", ["李村", "王村"]),
  ])
  func findsVillages(_ finding: String, _ villages: [String]) throws {
    #expect(try problem(finding).villages == villages)
  }

  @Test func completesANameThatIsKnown() throws {
    let found = try problem("杨村坝上活动室狭小", "杨村坝上村已经修缮，杨村坝上窗口已经开放。")
    #expect(found.villages == ["杨村坝上村"])
  }

  @Test func countsAnOpenList() throws {
    let found = try problem("张家湾村、李庄村等六个村收益偏低")
    #expect(found.villages == ["张家湾村", "李庄村"])
    #expect(found.villagesStated == 6)
  }

  @Test func tellsNaturalVillagesApart() throws {
    let found = try problem("石门沟村实施孟家营自然村工程未招标")
    #expect(found.villages == ["石门沟村"])
    #expect(found.hamlets == ["孟家营自然村"])
  }

  @Test(arguments: [
    ("由党建办牵头，农经配合。", ["党建工作办公室", "农经站"], ["党建工作办公室"]),
    ("由镇纪委、党政办牵头检查，由财政所配合。", ["镇纪委", "党政综合办公室", "财政所"], ["镇纪委", "党政综合办公室"]),
    ("成立石桥镇防汛抗旱领导小组，镇党委书记任组长。", ["防汛抗旱领导小组", "镇党委书记"], []),
    ("由自然资源和环境管理办公室牵头。", ["自然资源和环境管理办公室"], ["自然资源和环境管理办公室"]),
  ])
  func findsUnits(_ measure: String, _ units: [String], _ leads: [String]) throws {
    let found = try problem("甲", measure)
    #expect(found.units == units)
    #expect(found.leads == leads)
  }

  @Test(arguments: [
    ("2022年5月未开会", ["2022-05"]), ("5月10日未开会", ["2023-05-10?"]), ("11月5日未开会", ["2022-11-05?"]),
    ("2021年至2022年账目不清", ["2021", "2022"]), ("《2020年工作要点》照抄", []), ("近三年闲置", []),
    ("2022.11.03会议无记录", ["2022-11-03"]),
  ])
  func datesFindingsBeforeTheFeedback(_ finding: String, _ dates: [String]) throws {
    #expect(try problem(finding).dates.map { $0.value + ($0.inferred ? "?" : "") } == dates)
  }

  @Test(arguments: [("于7月6日办结。", "2023-07-06"), ("于1月15日办结。", "2024-01-15")])
  func datesMeasuresAfterTheFeedback(_ measure: String, _ date: String) throws {
    let found = try problem("甲", measure)
    #expect(found.dates.map(\.value) == [date])
    #expect(found.dates.map(\.inferred) == [true])
  }

  @Test func leavesDamagedAndUnknownDatesOpen() {
    let report = ReportReader.read("（1）针对“甲”问题\n一是2024927日办结，9月31日复查，13月2日抽查，10月8日回访。")
    #expect(
      report.warnings.filter { $0.code == .damagedDate }.map(\.text) == ["2024927日", "13月2日"])
    #expect(report.warnings.filter { $0.code == .yearUnknown }.map(\.text) == ["9月31日", "10月8日"])
    #expect(report.problems.first?.dates.map(\.value) == ["--09-31", "--10-08"])
  }

  @Test func namesDocumentsOnce() throws {
    let found = try problem("甲", "印发《项目〈试行〉办法》和《台账》，依据《台账》检查。")
    #expect(found.documents == ["项目〈试行〉办法", "台账"])
  }
}
