import EditModel
import LedgerRules
import LedgerTestKit
import Testing

/// The table of rights against its data file, against the table of transitions, and against what the guard does with it.
struct RightsTests {
  static let zhang = LedgerWriter.facts("zhang", .villageClerk, "张百万村")
  static let liu = LedgerWriter.facts("liu", .villageClerk, "柳条沟村")
  static let lead = LedgerWriter.facts("nongjing", .townOffice, "农经站")
  static let joined = LedgerWriter.facts("caizheng", .townOffice, "财政所")
  static let leader = LedgerWriter.facts("fenguan", .lineLeader, "分管副镇长")
  static let discipline = LedgerWriter.facts("jiwei", .discipline)
  static let secretary = LedgerWriter.facts("shuji", .secretary)
  static let county = LedgerWriter.facts("xian", .county)
  static let admin = LedgerWriter.facts("guanli", .admin)

  /// p1 with everything, of other seats than those here; p2, which names nobody.
  private var ledger: LedgerWriter {
    var ledger = LedgerWriter()
    ledger.write("c1 category 1", "p2 problem 2")
    ledger.write(
      "p1 problem 1", "p1 lead_unit 农经站", "p1 co_unit/财政所 yes", "p1 leader 分管副镇长", "p1 village/张百万村 yes",
      "p1 village/柳条沟村 yes", "p1.1 measure 1", "p1.张百万村 part 张百万村", "p1.财政所 part 财政所")
    ledger.write("p1.张百万村 note 请补材料")
    return ledger
  }

  @Test func dataFileHasExactlyTheRowsOfTheTable() throws {
    var lines = ["right\tlabel_zh\tlabel_en\t" + Role.allCases.map(\.rawValue).joined(separator: "\t")]
    for row in Rights.table {
      let reaches = Role.allCases.map { row.reach(of: $0).rawValue }
      lines.append(
        ([row.right.rawValue, row.right.label.chinese, row.right.label.english] + reaches).joined(separator: "\t"))
    }
    #expect(try ProjectFile.text("protocol/rights.tsv") == lines.joined(separator: "\n") + "\n")
    #expect(Rights.table.map(\.right) == Right.allCases)
  }

  /// What the row `move` says is what the movers of the transitions come to.
  @Test(arguments: Role.allCases) func moveGoesAsFarAsTheTableOfTransitions(_ role: Role) {
    let rules = Set(StageTable.rows.flatMap(\.movers).filter { $0.role == role }.map(\.place))
    let reaches: [StageRow.PlaceRule: Reach] = [.any: .all, .leadUnit: .led, .line: .ownLine, .village: .ownPlace]
    #expect(rules.count <= 1)
    #expect(Rights.reach(of: .move, for: role) == rules.first.flatMap { reaches[$0] } ?? .none)
  }

  @Test(arguments: [
    ("p1.张百万村 progress 已复核", [zhang, lead, leader, discipline, secretary, LedgerWriter.office]),
    ("p1.张百万村 note 进展", [zhang, lead, leader, discipline, secretary, LedgerWriter.office]),
    ("p1.张百万村 明年的字段 值", [zhang, lead, leader, discipline, secretary, LedgerWriter.office]),
    ("p1.财政所 state done", [lead, joined, leader, discipline, secretary, LedgerWriter.office]),
    ("p1 progress 进展", [lead, joined, leader, discipline, secretary, LedgerWriter.office]),
    ("p1 note 进展", [lead, joined, leader, discipline, secretary, LedgerWriter.office]),
    ("p1 明年的字段 值", [lead, joined, leader, discipline, secretary, LedgerWriter.office]),
    ("p1.1 state done", [lead, joined, leader, discipline, secretary, LedgerWriter.office]),
    ("p1.1 unit 财政所", [lead, leader, secretary, LedgerWriter.office]),
    ("p1 measure 新措施", [lead, leader, secretary, LedgerWriter.office]),
    ("p1.四间房村 part 四间房村", [lead, leader, secretary, LedgerWriter.office]),
    ("p1.柳条沟村 part 柳条沟村", [liu, lead, leader, secretary, LedgerWriter.office]),
    ("p1 village/四间房村 yes", [lead, leader, secretary, LedgerWriter.office]),
    ("p1 deadline 2024-12-31", [leader, secretary, LedgerWriter.office]),
    ("p1 lead_unit 财政所", [leader, secretary, LedgerWriter.office]),
    ("p1 text 新表述", [LedgerWriter.office, county]), ("p1 source_text 原文", [LedgerWriter.office, county]),
    ("p3 problem 3", [LedgerWriter.office, county]), (". title 台账", [LedgerWriter.office, county]),
    ("c1 text 类别", [LedgerWriter.office, county]), (". 明年的字段 值", [LedgerWriter.office, county]),
    ("p1 adopted_source 报告", [LedgerWriter.office]),
    (". problem 自查发现", [zhang, liu, lead, joined, leader, discipline, secretary, LedgerWriter.office]),
    ("p2 progress 进展", [discipline, secretary, LedgerWriter.office]),
    ("p2.张百万村 part 张百万村", [secretary, LedgerWriter.office]),
    ("aaaaaaaa.3/1 withdrawn yes", [leader, secretary, LedgerWriter.office]),
  ])
  func whoMayIsInTheTable(_ line: String, _ expected: [SeatFacts]) {
    let all = [
      Self.zhang, Self.liu, Self.lead, Self.joined, Self.leader, Self.discipline, Self.secretary, LedgerWriter.office,
      Self.county, Self.admin,
    ]
    for seat in all {
      let refusal = ledger.refusal(line, by: seat)
      #expect((refusal == nil) == expected.contains(seat), "\(seat.seat): \(String(describing: refusal))")
    }
  }

  @Test(arguments: [
    ("p1 progress 进展", zhang, Refusal.forbidden(.work)), ("p1 deadline 2024-12-31", zhang, .forbidden(.assign)),
    ("p1 deadline 2024-12-31", lead, .forbidden(.assign)), ("p1.1 due 2024-12-31", joined, .forbidden(.split)),
    ("p1 text 表述", lead, .forbidden(.text)), (". title 台账", secretary, .forbidden(.frame)),
    (". problem 自查", county, .forbidden(.find)), ("p1 progress 进展", county, .forbidden(.work)),
    ("p1.四间房村 part 四间房村", zhang, .forbidden(.split)), ("p1 adopted done", secretary, .forbidden(.adopted)),
  ])
  func refusalNamesTheRightThatIsLacking(_ line: String, _ seat: SeatFacts, _ refusal: Refusal) {
    #expect(ledger.refusal(line, by: seat) == refusal)
  }

  @Test(arguments: [
    ("p2 progress 进展", zhang), ("p2 note 进展", zhang), ("p2 measure 措施", lead), ("p2 stage working", zhang),
    ("p1.财政所 progress 进展", zhang), ("p1.张百万村 note 进展", joined), ("aaaaaaaa.3/1 withdrawn yes", joined),
    (". title 台账", admin), ("p1 progress 进展", admin), ("p2.张百万村 part 张百万村", zhang),
  ])
  func whatASeatDoesNotSeeIsNotThere(_ line: String, _ seat: SeatFacts) {
    let words = line.split(separator: " ").map(String.init)
    let parent = words[1] == "part" ? "p2" : words[0]
    #expect(ledger.refusal(line, by: seat) == .absent(LedgerWriter.entity(parent)))
  }

  @Test func whoRegistersAProblemNamesItselfAndNobodyElse() {
    let ledger = ledger
    #expect(ledger.refusal(". problem 自查", "@1 village/张百万村 yes", "@1 origin self_check", by: Self.zhang) == nil)
    #expect(ledger.refusal(". problem 自查", "@1 village/柳条沟村 yes", by: Self.zhang) == .forbidden(.split))
    #expect(ledger.refusal(". problem 自查", "@1 part 张百万村", "@2 progress 已改", by: Self.zhang) == nil)
    #expect(ledger.refusal(". problem 自查", "@1 lead_unit 张百万村", by: Self.zhang) == .forbidden(.assign))
    #expect(ledger.refusal(". problem 自查", "@1 co_unit/财政所 yes", by: Self.joined) == nil)
    #expect(ledger.refusal(". problem 自查", "@1 lead_unit 财政所", by: Self.joined) == .forbidden(.assign))
    #expect(ledger.refusal(". problem 自查", "@1 leader 分管副镇长", by: Self.leader) == nil)
    #expect(ledger.refusal(". problem 自查", "@1 leader 李明", by: Self.leader) == .forbidden(.assign))
    for seat in [Self.zhang, Self.joined, Self.leader] {
      let own = seat.namingItself(in: LedgerWriter.entity("p1"))
      #expect(own.map(seat.namesItself) == true)
    }
  }

  @Test func nobodyGainsARightByAnEditOfTheSameAct() {
    let ledger = ledger
    #expect(
      ledger.refusal(". problem 自查", "@1 leader 分管副镇长", "@1 deadline 2024-12-31", by: Self.leader)
        == .forbidden(.assign))
    #expect(
      ledger.refusal(". problem 自查", "@1 village/张百万村 yes", "@1 progress 进展", by: Self.zhang) == .forbidden(.work))
    #expect(
      ledger.refusal("p1 village/四间房村 yes", "p1 lead_unit 农经站", by: Self.lead) == .forbidden(.assign))
  }

  @Test func whoMadeANoteOrFoundAProblemMayTakeItBack() {
    var ledger = ledger
    ledger.seat = Self.zhang
    let note = ledger.write("p1.张百万村 note 已谈妥")
    let found = ledger.write(". problem 自查")
    ledger.write("p1.柳条沟村 part 柳条沟村")
    #expect(ledger.refusal("\(note) withdrawn yes", by: Self.zhang) == nil)
    #expect(ledger.refusal("\(note) withdrawn yes", by: Self.lead) == .forbidden(.assign))
    #expect(ledger.refusal("\(found) withdrawn yes", by: Self.zhang) == nil)
    #expect(ledger.refusal("\(found) text 改写", by: Self.zhang) == .forbidden(.text))
    ledger.write("\(found) stage unclaimed")
    #expect(ledger.refusal("\(found) withdrawn yes", by: Self.zhang) == .forbidden(.assign))
  }

  @Test func villageTakesBackThePartThatItMadeAndMakesAnyOfItsOwnAgain() {
    var ledger = ledger
    #expect(ledger.refusal("p1.张百万村 withdrawn yes", by: Self.zhang) == .forbidden(.split))
    ledger.write("p1.张百万村 withdrawn yes")
    #expect(ledger.refusal("p1.张百万村 withdrawn \\-", "p1.张百万村 progress 已改", by: Self.zhang) == nil)
    ledger.seat = Self.liu
    ledger.write("p1.柳条沟村 part 柳条沟村")
    #expect(ledger.refusal("p1.柳条沟村 withdrawn yes", by: Self.liu) == nil)
  }

  @Test func partOfAnotherPlaceUnderALedProblemIsTheLeadersToo() {
    #expect(ledger.refusal("p1.张百万村 reported yes", by: Self.lead) == nil)
    #expect(ledger.refusal("p1.张百万村 reported yes", by: Self.joined) == .absent(LedgerWriter.entity("p1.张百万村")))
  }

  @Test func onlyWhoSeesWhatIsRestrictedIsShownIt() {
    for role in Role.allCases {
      let reader = Reader(role: role)
      #expect(reader.reads(.restricted) == (role == .discipline || role == .secretary))
      #expect(reader.reads(.public) && reader.reads(.internal))
    }
    let classes: [FieldRule.Exposure] = [.public, .internal, .restricted]
    #expect(classes.filter(Reader.everybody.reads) == [.public])
    #expect(!Reader(role: nil).reads(.restricted))
  }

  @Test func unknownFieldsAreInternal() throws {
    #expect(Vocabulary.exposure(of: try #require(FieldName("明年的字段")), .problem) == .internal)
    #expect(Vocabulary.exposure(of: .effect, .problem) == .public)
  }
}
