import EditModel
import LedgerRules
import Testing

/// Who sees what: the scopes of entities, and whom a problem names.
struct AudienceTests {
  private static let zhang = LedgerWriter.facts("zhang", .villageClerk, "张百万村")
  private static let liu = LedgerWriter.facts("liu", .villageClerk, "柳条沟村")
  private static let lead = LedgerWriter.facts("nongjing", .townOffice, "农经站")
  private static let finance = LedgerWriter.facts("caizheng", .townOffice, "财政所")
  private static let leader = LedgerWriter.facts("fenguan", .lineLeader, "分管副镇长")
  private static let secretary = LedgerWriter.facts("shuji", .secretary)
  private static let admin = LedgerWriter.facts("guanli", .admin)

  private var ledger: LedgerWriter {
    var ledger = LedgerWriter()
    ledger.write("c1 category 1")
    ledger.write("p1 problem 1", "p1 lead_unit 农经站", "p1 village/张百万村 yes", "p1 leader 分管副镇长")
    ledger.write("p1.1 measure 1", "p1.1 unit 财政所")
    ledger.write("p1.张百万村 part 张百万村")
    ledger.write("p1.张百万村 note 已谈妥")
    ledger.write("p2 problem 2")
    return ledger
  }

  private func sees(_ seat: SeatFacts, _ ids: String...) -> [Bool] {
    ids.map { ledger.state.isVisible(LedgerWriter.entity($0), to: seat) }
  }

  @Test(arguments: [
    (zhang, [true, true, true, true, true, false]), (liu, [true, false, false, false, false, false]),
    (lead, [true, true, true, true, true, false]), (finance, [true, true, true, false, false, false]),
    (leader, [true, true, true, true, true, false]), (secretary, [true, true, true, true, true, true]),
    (admin, [false, false, false, false, false, false]),
  ])
  func eachSeatSeesWhatIsItsOwn(_ seat: SeatFacts, _ expected: [Bool]) {
    #expect(sees(seat, "c1", "p1", "p1.1", "p1.张百万村", "aaaaaaaa.5/1", "p2") == expected)
  }

  @Test func whatIsNotThereIsSeenByNobody() {
    #expect(!ledger.state.isVisible(LedgerWriter.entity("p3"), to: AudienceTests.secretary))
  }

  @Test func whoFindsAProblemSeesIt() {
    var ledger = LedgerWriter()
    ledger.seat = AudienceTests.zhang
    let id = ledger.write(". problem 公章登记不全")
    #expect(ledger.state.isVisible(.created(id), to: AudienceTests.zhang))
    #expect(!ledger.state.isVisible(.created(id), to: AudienceTests.liu))
  }

  @Test func aPlaceThatIsNamedNoMoreSeesItNoMore() {
    var ledger = ledger
    ledger.write("p1 village/张百万村 \\-")
    #expect(ledger.state.isVisible(LedgerWriter.entity("p1"), to: AudienceTests.zhang))  // by its part
    ledger.write("p1.张百万村 withdrawn yes")
    #expect(!ledger.state.isVisible(LedgerWriter.entity("p1"), to: AudienceTests.zhang))
  }

  @Test func aLeadersLineIsNamedByTheHolderToo() {
    let seat = SeatFacts(seat: AudienceTests.leader.seat, role: .lineLeader, holder: "李明")
    #expect(!ledger.state.isVisible(LedgerWriter.entity("p1"), to: seat))
    var ledger = ledger
    ledger.write("p1 leader 李明")
    #expect(ledger.state.isVisible(LedgerWriter.entity("p1"), to: seat))
  }
}
