import EditModel
import LedgerRules
import Testing

/// What the guard refuses, apart from transitions (`StageGuardTests`).
struct ActGuardTests {
  static let office = LedgerWriter.office
  static let clerk = LedgerWriter.facts("zhangbaiwan", .villageClerk, "张百万村")

  /// p1 with a measure, a part, a note `aaaaaaaa.2/1`, and the self-found `aaaaaaaa.3/1`.
  private var ledger: LedgerWriter {
    var ledger = LedgerWriter()
    ledger.write("p1 problem 1", "p1.1 measure 1", "p1.张百万村 part 张百万村")
    ledger.write("p1 note 已开会")
    ledger.write(". problem 自查发现")
    return ledger
  }

  @Test(arguments: [
    "p1.张百万村 progress 已复核", "p1 goal 目标", "p1 colour 蓝", "p1 note 进展", "p1.1 note 进展", "p1 measure 新措施",
    ". problem 又一个", "p1.柳条沟村 part 柳条沟村", "aaaaaaaa.3/1 part 柳条沟村", "aaaaaaaa.2/1 withdrawn yes",
    "aaaaaaaa.3/1 withdrawn yes", "p1 village/柳条沟村 no", "p1 deadline \\-", ". title 台账",
  ])
  func acceptsWhatTheRoundOwnerMay(_ line: String) {
    #expect(ledger.refusal(line, by: Self.office) == nil)
  }

  @Test(arguments: [
    ("p2 problem 2", Refusal.Ban.derivedID), ("a1 aspect 1", .derivedID), ("c1 category 1", .derivedID),
    ("p1.2 measure 2", .derivedID), ("p1 source_text 原文", .source), ("p1 source_anything 原文", .source),
    ("p1.1 source_text 原文", .source), ("p1 adopted done", .adopted), ("p1 adopted_source 报告", .adopted),
  ])
  func keepsForTheRoundOwner(_ line: String, _ ban: Refusal.Ban) {
    #expect(ledger.refusal(line, by: Self.clerk) == .forbidden(ban))
    if ban != .adopted { #expect(ledger.refusal(line, by: Self.office) == nil) }
  }

  @Test(arguments: [
    ("p9 goal 目标", "p9"), ("p9 note 进展", "p9"), ("p9.村 part 村", "p9"), ("bbbbbbbb.1/1 goal 目标", "bbbbbbbb.1/1"),
    ("p01 goal 目标", "p01"), ("r7 name 制度", "r7"), ("p9 source_text 原文", "p9"), ("p9 stage working", "p9"),
  ])
  func refusesWhatIsNotThere(_ line: String, _ missing: String) {
    #expect(ledger.refusal(line, by: Self.office) == .absent(LedgerWriter.entity(missing)))
  }

  @Test(arguments: [
    ("p1 deadline 明天", "deadline"), ("p1 deadline 2023-02-29", "deadline"), ("p1 village/张百万村 是", "village/张百万村"),
    ("p1.1 state 完成", "state"), ("p1 category a1", "category"), ("p2 problem 3", "problem"),
    ("p1.柳条沟村 part 张百万村", "part"), ("aaaaaaaa.3/1 part 大 村", "part"), ("p1 note \\-", "note"),
    ("p1 stage 完成", "stage"), ("p1 stage \\-", "stage"),
  ])
  func refusesValuesThatTheFieldCanNotHave(_ line: String, _ field: String) throws {
    let name = try #require(FieldName(field))
    #expect(ledger.refusal(line, by: Self.office) == .value(name))
  }

  @Test(arguments: [
    "p1.1 stage working", "p1 part 柳条沟村", ". part 村", "a1 note 进展", "p1.1 problem x", "p1 transition x",
    "p1 ledger x",
  ])
  func refusesThingsWhereTheyDoNotStand(_ line: String) {
    var ledger = ledger
    ledger.write("a1 aspect 1")
    #expect(ledger.refusal(line, by: Self.office) == .forbidden(.parent))
  }

  @Test func appendedThingsTakeNothingLaterButWithdrawn() {
    let note = LedgerWriter.entity("aaaaaaaa.2/1")
    #expect(ledger.refusal("aaaaaaaa.2/1 place 村部", by: Self.clerk) == .appendOnly(note))
    #expect(ledger.refusal("p1.张百万村 note 进展", "@1 place 村部", by: Self.clerk) == nil)
  }

  @Test func targetMayBeMadeEarlierInTheSameActOnly() {
    #expect(ledger.refusal(". problem 新", "@1 goal 目标", "@1 measure 措施", "@3 state done", by: Self.office) == nil)
    let third = LedgerWriter.entity("aaaaaaaa.4/2")
    #expect(ledger.refusal("@2 goal 目标", ". problem 新", by: Self.office) == .absent(third))
    #expect(ledger.refusal("p2 problem 2", "p2 text 表述", "p2.1 measure 1", by: Self.office) == nil)
  }

  @Test(arguments: 0..<4) func oneBadEditRefusesTheWholeAct(_ position: Int) {
    var lines = ["p1 goal 一", "p1 effect 二", "p1.1 progress 三"]
    lines.insert("p1 deadline 明天", at: position)
    let act = ledger.act(lines)
    #expect(ActGuard.refusal(of: act, by: Self.office, in: ledger.state) == .value(.deadline))
  }

  @Test func problemOfTheFeedbackIsWithdrawnByStageOnly() {
    #expect(ledger.refusal("p1 withdrawn yes", by: Self.office) == .forbidden(.withdrawByStage))
  }

  @Test func adoptedNeedsItsSourceInTheSameAct() {
    #expect(ledger.refusal("p1 adopted done", by: Self.office) == .forbidden(.adoptedSource))
    #expect(ledger.refusal("p1 adopted done", "p1 adopted_source 公开报告", by: Self.office) == nil)
    #expect(ledger.refusal("p1 adopted \\-", by: Self.office) == nil)
    #expect(
      ledger.refusal("p1 adopted done", "p1 adopted_source \\-", by: Self.office) == .forbidden(.adoptedSource))
  }

  @Test func nothingIsAdoptedOnceThereIsATransition() {
    var moved = ledger
    moved.write("p1 stage unclaimed")
    let adopting = ["p1 adopted done", "p1 adopted_source 公开报告"]
    #expect(
      ActGuard.refusal(of: moved.act(adopting), by: Self.office, in: moved.state) == .forbidden(.adoptedLate))
    let both = ledger.act(adopting + ["p1 stage withdrawn", "@3 reason 重复"])
    #expect(ActGuard.refusal(of: both, by: Self.office, in: ledger.state) == .forbidden(.adoptedLate))
  }
}
