import LedgerReports
import Testing

/// Reports number and head differently; the levels are inferred from each document.
struct ArrangementTests {
  @Test(arguments: Arrangement.all) func countsWhatStands(_ arrangement: Arrangement) {
    let report = ReportReader.read(arrangement.text)
    #expect(report.aspects.count == arrangement.aspects)
    #expect(report.categories.count == arrangement.categories)
    #expect(report.problems.map { $0.measures.count } == arrangement.measures)
    #expect(report.problems.map(\.number) == arrangement.numbers)
    #expect(report.problems.first?.text == arrangement.firstFinding)
    #expect(!report.warnings.contains { $0.code == .numberOutOfOrder })
  }

  @Test func readsFieldsOfAProblem() throws {
    let report = ReportReader.read(Arrangement.fields.text)
    let problem = try #require(report.problems.first)
    #expect(problem.fields.map(\.name) == ["责任单位", "责任领导", "整改时限", "整改状态"])
    #expect(problem.fields.map(\.text) == ["党建办、镇纪委", "某某", "2024年3月底", "已完成"])
    #expect(problem.units == ["党建工作办公室", "镇纪委"])
    #expect(problem.leads == ["党建工作办公室", "镇纪委"])
    #expect(!report.warnings.contains { $0.code == .statusNotTold })
  }

  @Test func keepsOrdinalsOfAFindingOutOfTheMeasures() throws {
    let problem = try #require(ReportReader.read(Arrangement.plan.text).problems.first)
    #expect(problem.measures.map(\.number) == [1, 2])
    #expect(problem.text.contains("会议少"))
  }

  @Test func cutsOneParagraphOnlyAtSentenceEnds() throws {
    let text = """
      一、整改落实情况
      （一）针对“学习不实”问题。一是印发“一是一、二是二”讲清楚的《一是规矩；二是方圆》；二是坚持一是一的态度，二是二的作风。三是（其中：一是甲；二是乙）逐条过。
      （二）针对“落实不力”问题
      高度重视，立即行动：一是开会；二是检查。
      """
    let report = ReportReader.read(text)
    #expect(report.problems.map { $0.measures.count } == [3, 2])
    #expect(report.problems.map(\.text) == ["学习不实", "落实不力"])
  }

  @Test func aLostQuoteHidesNoMeasures() throws {
    let text = """
      一、整改落实情况
      （一）针对“学习不实问题
      一是印发《学习办法，列出计划；二是按月检查。
      （二）针对“作风不实”问题
      一是开会。
      """
    let report = ReportReader.read(text)
    #expect(report.problems.map { $0.measures.count } == [2, 1])
    #expect(report.problems.first?.text == "学习不实")
    #expect(report.warnings.contains { $0.code == .unbalancedQuote && $0.line == 2 })
  }

  @Test func warnsAboutNumbersThatSkip() {
    let text = "（1）针对“甲”问题\n一是做。\n三是查。\n（3）针对“乙”问题\n一是做。"
    let warnings = ReportReader.read(text).warnings.filter { $0.code == .numberOutOfOrder }
    #expect(warnings.map(\.line) == [3, 4])
  }

  @Test func aCategoryWithABodyIsAProblem() {
    let text = """
      （一）关于作风方面
      1.关于学习不实问题
      （1）针对“甲”问题
      一是做。
      2.关于检查不严问题
      一是查；二是改。
      """
    let report = ReportReader.read(text)
    #expect(report.problems.map { $0.measures.count } == [1, 2])
    #expect(report.problems.map(\.category) == [1, nil])
    #expect(report.warnings.contains { $0.code == .problemAtCategoryLevel })
  }

  @Test func readsLeaflessTextAsNoReport() {
    let report = ReportReader.read("通知\n各村：请于本月底前报送材料。\n镇政府")
    #expect(report.problems.isEmpty)
    #expect(report.warnings.map(\.code) == [.noProblems])
  }
}

/// A small report in one arrangement, and what stands in it.
struct Arrangement: CustomTestStringConvertible, Sendable {
  var testDescription: String
  var aspects: Int
  var categories: Int
  /// Measures of each problem.
  var measures: [Int]
  /// The printed numbers of the problems.
  var numbers: [Int]
  var firstFinding: String
  var text: String

  static let all = [
    problemWords, fields, flat, sections, bracketed, restarting, ranks, circled, labels, wrapped,
    positive, plan,
  ]

  static let problemWords = Arrangement(
    testDescription: "(一) / 1. / 问题n：", aspects: 2, categories: 3, measures: [2, 1, 3],
    numbers: [1, 2, 3],
    firstFinding: "学习计划照抄照搬",
    text: """
      二、整改落实情况
      （一）落实上级部署方面
      1.理论学习不深入
      问题1：学习计划照抄照搬
      一是重订计划。
      二是按月检查。
      2.责任落实不到位
      问题2：河道巡查走过场
      建立台账，逐段登记。
      （二）服务群众方面
      1.民生实事推进慢
      问题3：水费公开不及时
      一是张榜；二是建组；三是回访。
      三、下一步打算
      （一）继续学习。
      """)

  static let fields = Arrangement(
    testDescription: "(一)反馈问题 / 1. / fields", aspects: 2, categories: 0, measures: [1, 1, 2],
    numbers: [1, 2, 1],
    firstFinding: "会议记录不完整",
    text: """
      （一）反馈问题：党建基础工作薄弱
      1．会议记录不完整
      整改措施：补齐记录并专人保管。
      责任单位：党建办、镇纪委；责任领导：某某；整改时限：2024年3月底
      整改状态：已完成
      2．党费收缴不及时
      整改措施：每月十日前收齐。
      整改状态：已完成
      （二）反馈问题：财务管理不规范
      1．票据附件不全
      整改措施：一是退回补齐。二是讲课一次。
      整改状态：长期坚持
      """)

  static let flat = Arrangement(
    testDescription: "flat 1.", aspects: 0, categories: 0, measures: [2, 1, 1], numbers: [1, 2, 3],
    firstFinding: "会议开得多、落实得少",
    text: """
      1.关于会议开得多、落实得少的问题。一是压减会议；二是会后督办。
      2.关于公开栏内容陈旧的问题。安排专人每周更新。
      3.关于报账拖延的问题。
      每月集中报账一次。
      """)

  static let sections = Arrangement(
    testDescription: "一、关于“…”问题 with (一) measures", aspects: 0, categories: 0, measures: [2, 2],
    numbers: [1, 2],
    firstFinding: "学习不经常",
    text: """
      一、关于“学习不经常”问题
      （一）排定计划，按月学习。
      （二）建立档案，年底公示。
      二、关于“检查不严格”问题
      （一）修订办法，明确标准。
      （二）随机抽查，点名通报。
      """)

  static let bracketed = Arrangement(
    testDescription: "一、关于“…”问题 / (一)关于“…”问题", aspects: 0, categories: 2, measures: [1, 2, 1],
    numbers: [1, 2, 1],
    firstFinding: "计划不具体",
    text: """
      一、关于“党的建设弱化”问题
      （一）关于“计划不具体”的问题。整改情况：重订计划。
      （二）关于“记录不真实”的问题。整改情况：一是重新登记；二是逐月抽看。
      二、关于“作风不实”问题
      （一）关于“下村少”的问题。整改情况：每周下村两天。
      """)

  static let restarting = Arrangement(
    testDescription: "numbers restart", aspects: 2, categories: 3, measures: [1, 2, 1, 1],
    numbers: [1, 2, 1, 1],
    firstFinding: "甲事不办",
    text: """
      (一)聚焦政治建设方面
      1.落实部署有差距问题
      (1)针对"甲事不办"问题
      限期办结。
      (2)针对"乙事拖延"问题
      一是定人。
      二是定时。
      2.学习抓得不紧问题
      (1)针对"丙事走样"问题
      重新办理。
      (二)聚焦作风建设方面
      1.服务意识不强问题
      (1)针对"丁事推诿"问题
      首问负责。
      """)

  static let ranks = Arrangement(
    testDescription: "第一， and 首先", aspects: 1, categories: 0, measures: [3, 3], numbers: [1, 2],
    firstFinding: "底数不清",
    text: """
      （一）在资产管理方面
      1.针对“底数不清”的问题
      第一，全面清查。第二，建立台账。第三，半年核对。
      2.针对“合同不全”的问题
      首先，收齐合同；其次，补签手续；最后，统一归档。
      """)

  static let circled = Arrangement(
    testDescription: "㈠ ⑴ ①", aspects: 1, categories: 1, measures: [2, 1], numbers: [1, 2],
    firstFinding: "巡查不到位",
    text: """
      ㈠关于生态保护方面
      １．关于河道管护不力问题
      ⑴针对“巡查不到位”问题
      ①增加巡查频次。
      ②公开监督电话。
      ⑵针对“垃圾清运慢”问题
      ①每天清运一次。
      """)

  static let labels = Arrangement(
    testDescription: "labels in front of measures and results", aspects: 0, categories: 0,
    measures: [2, 1],
    numbers: [1, 2], firstFinding: "档案不全",
    text: """
      整改情况公示
      一、整改进展情况
      （一）档案不全问题
      整改措施：
      一是补齐材料。
      二是专人保管。
      整改成效：档案已经成卷，查找方便。
      （二）账目不清问题
      整改措施：逐笔核对。
      整改成效：账款相符。
      二、组织领导
      （一）提高站位。
      （二）压实责任。
      """)

  static let wrapped = Arrangement(
    testDescription: "wrapped lines and page lines", aspects: 1, categories: 0, measures: [2, 1],
    numbers: [1, 2],
    firstFinding: "各村公开栏内容更新不及时，群众看不到最新账目和项目进展情况",
    text: """
      　　（一）关于村务公开不够规范方面
      　　1.针对“各村公开栏内容更新不及时，群众看
      不到最新账目和项目进展情况”问题
      　　一是统一公开目录，明确公开的时间、地点和
      具体内容，由专人按月更新并拍照留存备查。
      　　二是把公开情况纳入年度考核，连续两次抽查
      不合格的由分管领导当面提醒并限期纠正到位，
      — 3 —
      结果在全镇通报。
      　　2.针对“项目验收资料不全，缺少第三方检测报
      告和群众代表签字”问题
      　　对近三年项目资料逐一补齐，今后凡是资料不
      全的项目一律不予拨付资金，并追究经办人责任。
      """)

  static let positive = Arrangement(
    testDescription: "positive headings", aspects: 0, categories: 2, measures: [2, 1, 2],
    numbers: [1, 2, 1],
    firstFinding: "抓实理论学习",
    text: """
      一、整改落实情况
      （一）加强政治建设
      1.抓实理论学习
      一是排计划。二是勤检查。
      2.压实工作责任
      一是一事一人。
      （二）改进工作作风
      1.精简文件会议
      一是少发文。
      二是开短会。
      二、今后工作安排
      （一）再学习。
      1.一是再检查。
      """)

  static let plan = Arrangement(
    testDescription: "ordinals inside the finding", aspects: 0, categories: 0, measures: [2, 1],
    numbers: [1, 2],
    firstFinding: "组织生活不严肃。一是会议少；二是记录乱",
    text: """
      1.组织生活不严肃。一是会议少；二是记录乱。
      整改措施：一是按月开会；二是统一记录。
      整改时限：2024年6月
      2.发展党员不规范。一是手续倒置。
      整改措施：重新审查。
      整改时限：立行立改
      """)
}
