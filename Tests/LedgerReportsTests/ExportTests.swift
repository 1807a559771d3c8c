import EditModel
import LedgerReports
import LedgerRules
import Testing

/// Documents that leave the ledger: JSON and CSV.
@Suite struct ExportTests {
  @Test(arguments: [
    (JSONValue.null, "null"), (.bool(true), "true"), (.number(-3), "-3"), (.array([]), "[]"),
    (.object([]), "{}"),
    (.string("问题\"\\\n\t\r\u{1}\u{7F}\u{2028}"), #""问题\"\\\n\t\r\u0001\u007f\u2028""#),
    (
      .object([JSONMember("b", .count(1)), JSONMember("a", .array([.null, "x"]))]),
      #"{"b":1,"a":[null,"x"]}"#
    ),
  ])
  func jsonHasOneSpelling(value: JSONValue, text: String) {
    #expect(value.text == text)
  }

  @Test func aTableHasItsMarkLineEndsAndQuotes() {
    var table = CSVTable(heading: ["编号", "问题"])
    table.append(["1", "一\"二\"\n三，四,五"])
    table.append(["2"])
    #expect(
      table.text.unicodeScalars.elementsEqual(
        "\u{FEFF}\"编号\",\"问题\"\r\n\"1\",\"一\"\"二\"\"\n三，四,五\"\r\n\"2\",\"\"\r\n".unicodeScalars))
  }

  @Test(arguments: [
    ("=1+1", "'=1+1"), ("+86 10", "'+86 10"), ("-cmd", "'-cmd"), ("@x", "'@x"), ("\tx", "'\tx"),
    ("＝A1", "'＝A1"),
    ("-5", "-5"), ("+3.5", "+3.5"), ("-", "'-"), ("中文=1", "中文=1"), ("", ""),
  ])
  func aSpreadsheetNeverTakesAValueForAFormula(value: String, written: String) {
    var table = CSVTable(heading: ["值"])
    table.append([value])
    #expect(table.text == "\u{FEFF}\"值\"\r\n\"\(written)\"\r\n")
  }

  @Test func theTableHasARowForEachProblem() throws {
    var ledger = MappingLedger()
    _ = try ledger.take(ReportReader.read(ReportData.sample))
    let question = NumbersQuestion(today: CivilDate(dayNumber: 20_000))
    let table = ProblemTable.table(of: ledger.state, for: Reader(role: .roundOwner), asked: question) { $0.chinese }
    #expect(table.rows.map(\.first) == (1...30).map { "\($0)" })
    #expect(table.heading.prefix(5) == ["编号", "方面", "类别", "具体问题", "阶段"])
    #expect(Set(table.rows.map(\.count)) == [table.heading.count])
    #expect(table.rows.allSatisfy { $0[4] == "待分解" })
  }

  @Test func theTableHasALineForEachPart() throws {
    var ledger = MappingLedger()
    let part = EntityID.derived("p1.柳树湾村")
    func change(_ entity: EntityID, _ field: String, _ value: ExactString) throws -> Change {
      Change(entity: entity, field: try #require(FieldName(field)), value: .text(value))
    }
    try ledger.accept([
      try change(.derived("p1"), "problem", "1"), try change(part, "part", "柳树湾村"),
      try change(.derived("p1.石门沟村"), "part", "石门沟村"), try change(part, "state", "done"),
      try change(part, "owner", "刘志强"), try change(part, "progress", "已清理\n待复核"),
    ])
    let question = NumbersQuestion(today: CivilDate(dayNumber: 20_000))
    let chinese = ProblemTable.table(of: ledger.state, for: Reader(role: .roundOwner), asked: question) { $0.chinese }
    let column = try #require(chinese.heading.firstIndex(of: "分件"))
    #expect(chinese.rows.first?[column] == "柳树湾村（已完成）；进展情况：已清理 待复核；责任人：刘志强\n石门沟村（未开始）")
    let english = ProblemTable.table(of: ledger.state, for: Reader(role: .roundOwner), asked: question) { $0.english }
    #expect(english.rows.first?[column].hasPrefix("柳树湾村（done）; progress: 已清理 待复核") == true)
  }

  /// Notes, the outcome, the day of the closing and who moved it stand in the table; an office's part makes no village.
  @Test func theTableHasTheWayOfAProblem() throws {
    var ledger = MappingLedger()
    let problem = EntityID.derived("p1")
    func change(_ entity: EntityID, _ field: String, _ value: ExactString) throws -> Change {
      Change(entity: entity, field: try #require(FieldName(field)), value: .text(value))
    }
    try ledger.accept([
      try change(problem, "problem", "1"), try change(problem, "lead_unit", "农经站"),
      try change(.derived("p1.农经站"), "part", "农经站"), try change(.derived("p1.柳树湾村"), "part", "柳树湾村"),
      try change(problem, "note", "已约谈\n两人"), try change(problem, "amount", "1200.50"),
    ])
    try ledger.move(problem, to: .closed, saying: [(.outcome, "long_term")])
    let question = NumbersQuestion(today: CivilDate(dayNumber: 20_000))
    let table = ProblemTable.table(of: ledger.state, for: Reader(role: .roundOwner), asked: question) { $0.chinese }
    func cell(_ label: String) throws -> String? {
      table.rows.first?[try #require(table.heading.firstIndex(of: label), "\(label)")]
    }
    #expect(try cell("涉及村") == "柳树湾村")
    #expect(try cell("进展记录")?.hasSuffix("dangzheng 已约谈 两人") == true)
    #expect(try cell("整改结果") == "长期坚持")
    #expect(try cell("销号时间") == "2023-11-15")
    #expect(try cell("流转经过") == "2023-11-15 dangzheng → 已销号")
    #expect(try cell("涉及金额（元）") == "1200.50")
    try ledger.move(problem, to: .reopened, saying: [(.reason, "反弹")])
    let again = ProblemTable.table(of: ledger.state, for: Reader(role: .roundOwner), asked: question) { $0.chinese }
    let closing = try #require(again.heading.firstIndex(of: "销号时间"))
    #expect(again.rows.first?[closing] == "")
  }

  /// What a newer program wrote stands raw in a column of its own, which is there only then.
  @Test func theTableHasWhatNoFieldStandsFor() throws {
    var ledger = MappingLedger()
    let (problem, part) = (EntityID.derived("p1"), EntityID.derived("p1.柳树湾村"))
    func change(_ entity: EntityID, _ field: String, _ value: ExactString) throws -> Change {
      Change(entity: entity, field: try #require(FieldName(field)), value: .text(value))
    }
    func table() -> CSVTable {
      ProblemTable.table(
        of: ledger.state, for: Reader(role: .roundOwner), asked: NumbersQuestion(today: CivilDate(dayNumber: 20_000))
      ) { $0.chinese }
    }
    try ledger.accept([
      try change(problem, "problem", "1"), try change(part, "part", "柳树湾村"), try change(problem, "progress", "已整改"),
      try change(.derived("p2"), "problem", "2"),
    ])
    #expect(!table().heading.contains("新版程序填写的内容"))
    try ledger.accept([try change(problem, "zz_later", "原样\n两行"), try change(part, "zz_of_part", "乙")])
    #expect(ledger.refusals.isEmpty)
    #expect(table().heading.last == "新版程序填写的内容")
    #expect(table().rows.map(\.last) == ["zz_later：原样 两行\n1/柳树湾村 zz_of_part：乙", ""])
  }

  @Test func theDocumentHasEverythingOfAProblem() throws {
    var ledger = MappingLedger()
    try ledger.accept([
      Change(entity: .derived("p1"), field: try #require(FieldName("problem")), value: .text("1")),
      Change(
        entity: .derived("p1.1"), field: try #require(FieldName("measure")), value: .text("1")),
      Change(entity: .derived("p1.1"), field: .wording, value: .text("一条措施")),
      Change(entity: .derived("p1"), field: .wording, value: .text("一个问题")),
      Change(
        entity: .derived("p1"), field: try #require(FieldName("later_field")), value: .text("原样")),
    ])
    let document = LedgerDocument(
      of: ledger.state, for: Reader(role: .roundOwner), asked: NumbersQuestion(today: CivilDate(dayNumber: 20_000)))
    #expect(
      document.entity(.derived("p1")).text
        == #"{"id":"p1","reference":"1","kind":"problem","stage":"unassigned","pending_stage":null,"#
        + #""standing":"under_way","deadline":null,"overdue":false,"light":null,"lead_unit":null,"#
        + #""measures_finished":0,"text":"一个问题","fields":{"later_field":"原样","text":"一个问题"},"#
        + #""measures":[{"id":"p1.1","reference":"1.1","kind":"measure","text":"一条措施","#
        + #""fields":{"text":"一条措施"},"notes":[]}],"parts":[],"transitions":[],"notes":[]}"#)
  }

  /// A ledger with a public, an internal, a restricted and an unknown field, a note and a transition.
  private func classified() throws -> LedgerState {
    var ledger = MappingLedger()
    let problem = EntityID.derived("p1")
    let values: [(String, ExactString)] = [
      ("problem", "1"), ("effect", "公开的"), ("owner", "内部的"), ("talk", "限制的"), ("later", "不认识的"), ("note", "记录的"),
      ("deadline", "2020-01-02"),
    ]
    try ledger.accept(
      try values.map { Change(entity: problem, field: try #require(FieldName($0.0)), value: .text($0.1)) })
    try ledger.move(problem, to: .withdrawn, saying: [(.reason, "理由的")])
    return ledger.state
  }

  @Test(arguments: [
    (Role?.some(.secretary), ["公开的", "内部的", "限制的", "不认识的", "记录的", "2020-01-02", "理由的"]),
    (.some(.roundOwner), ["公开的", "内部的", "不认识的", "记录的", "2020-01-02", "理由的"]),
    (.some(.villageClerk), ["公开的", "内部的", "不认识的", "记录的", "2020-01-02", "理由的"]),
    (nil, ["公开的", "内部的", "不认识的", "记录的", "2020-01-02", "理由的"]),
  ])
  func aDocumentHasWhatItsReaderMayRead(_ role: Role?, _ expected: [String]) throws {
    let restricted = [try #require(FieldName("talk")): FieldRule.Exposure.restricted]
    #expect(try texts(in: .init(role: role, others: restricted)) == expected)
  }

  @Test func whatIsPublishedHasPublicFieldsOnly() throws {
    #expect(try texts(in: .everybody) == ["公开的"])
    let question = NumbersQuestion(today: CivilDate(dayNumber: 20_000))
    let table = ProblemTable.table(of: try classified(), for: .everybody, asked: question) { $0.english }
    #expect(
      table.heading == [
        "number", "aspect", "category", "problem", "origin", "kind of rectification", "goal", "measures", "lead unit",
        "co-operating unit", "villages", "progress", "effect", "source of the adopted outcome", "adopted outcome",
        "standing",
      ])
    #expect(table.rows.count == 1 && table.rows[0].contains("公开的"))
    #expect(!table.text.contains("内部的") && !table.text.contains("2020-01-02"))
  }

  /// Which of the values of `classified` stand in the document for `reader`.
  private func texts(in reader: Reader) throws -> [String] {
    let question = NumbersQuestion(today: CivilDate(dayNumber: 20_000))
    let text = LedgerDocument(of: try classified(), for: reader, asked: question).ledger(named: "tucheng").text
    return ["公开的", "内部的", "限制的", "不认识的", "记录的", "2020-01-02", "理由的"].filter(text.contains)
  }
}
