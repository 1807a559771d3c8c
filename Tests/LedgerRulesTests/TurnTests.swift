import EditModel
import LedgerRules
import Testing

/// Whose turn it is with a problem, and which places are offices.
struct TurnTests {
  private static let clerk = LedgerWriter.facts("zhang", .villageClerk, "张百万村")
  private static let lead = LedgerWriter.facts("nongjing", .townOffice, "农经站")
  private static let finance = LedgerWriter.facts("caizheng", .townOffice, "财政所")
  private static let leader = LedgerWriter.facts("leader", .lineLeader, "分管副镇长")
  private static let seats = [clerk, lead, finance, leader]

  /// One problem of two villages that 农经站 leads, with a measure of 财政所.
  private var ledger: LedgerWriter {
    var ledger = LedgerWriter()
    ledger.write("p1 problem 1", "p1 lead_unit 农经站", "p1 village/张百万村 yes", "p1 village/柳条沟村 yes")
    ledger.write("p1.1 measure 1", "p1.1 unit 财政所", "p1 leader 分管副镇长")
    return ledger
  }

  /// The seats that the problem waits for.
  private func waiting(_ ledger: LedgerWriter) throws -> [SeatID] {
    let today = try #require(CivilDate("2023-12-01"))
    let problem = ProblemProgress(
      of: LedgerWriter.entity("p1"), in: ledger.state, asked: NumbersQuestion(today: today))
    return TurnTests.seats.filter { seat in
      ledger.state.waits(problem, for: seat, spelled: Set([seat.place].compactMap(\.self)))
    }.map(\.seat)
  }

  @Test func whatIsNotAssignedWaitsForNoneOfThem() throws {
    #expect(try waiting(ledger) == [])
  }

  @Test func aReviewWaitsForTheLeaderOfThatLineOnly() throws {
    var ledger = ledger
    ledger.write("p1 leader 李明")
    ledger.seat = LedgerWriter.office
    ledger.write("p1 stage first_review")
    #expect(!(try waiting(ledger).contains { $0.description == "leader" }))
  }

  @Test func aClaimWaitsForTheLeadUnitAndTheVillages() throws {
    var ledger = ledger
    ledger.write("p1 stage unclaimed")
    #expect(try waiting(ledger) == ["zhang", "nongjing"].compactMap { SeatID($0) })
  }

  @Test func workWaitsForAllWhoHaveSomethingOpen() throws {
    var ledger = ledger
    ledger.write("p1 stage working")
    #expect(try waiting(ledger) == ["zhang", "nongjing", "caizheng"].compactMap { SeatID($0) })
    ledger.write("p1.1 state done")
    ledger.write("p1.张百万村 part 张百万村", "p1.张百万村 state done")
    #expect(try waiting(ledger) == ["zhang", "nongjing"].compactMap { SeatID($0) })
    ledger.write("p1.张百万村 reported yes")
    #expect(try waiting(ledger) == ["nongjing"].compactMap { SeatID($0) })
  }

  @Test func aPartOfAnOfficeIsItsWork() throws {
    var ledger = ledger
    ledger.write("p1 stage working", "p1.1 state done")
    ledger.write("p1.财政所 part 财政所")
    #expect(try waiting(ledger) == ["zhang", "nongjing", "caizheng"].compactMap { SeatID($0) })
    ledger.write("p1.财政所 state done", "p1.财政所 reported yes")
    #expect(try waiting(ledger) == ["zhang", "nongjing"].compactMap { SeatID($0) })
  }

  @Test func aReviewWaitsForItsReviewerAndForSharesThatAreOpen() throws {
    var ledger = ledger
    ledger.write("p1 stage working", "p1.1 state done")
    ledger.seat = TurnTests.lead
    ledger.write("p1 stage first_review")
    #expect(try waiting(ledger) == ["zhang", "leader"].compactMap { SeatID($0) })
    ledger.seat = TurnTests.leader
    ledger.write("p1 stage second_review")
    #expect(try waiting(ledger) == [])
  }

  @Test func concernsAnOfficeByLeadMeasurePartAndInAnySpelling() {
    var ledger = ledger
    func concerns(_ names: Set<ExactString>) -> Bool {
      ledger.state.concerns(LedgerWriter.entity("p1"), office: names)
    }
    #expect(concerns(["农经站"]) && concerns(["农经", "农经站"]) && concerns(["财政所"]))
    #expect(!concerns(["农经"]) && !concerns(["党建办"]))
    ledger.write("p1.党建办 part 党建办")
    #expect(ledger.state.concerns(LedgerWriter.entity("p1"), office: ["党建办"]))
  }

  @Test func aPlaceThatIsNamedAsAVillageIsNone() {
    var ledger = ledger
    #expect(ledger.state.offices() == ["农经站", "财政所"])
    ledger.write("p1 co_unit/柳条沟村 yes", "p1 co_unit/文化站 yes")
    #expect(ledger.state.offices() == ["农经站", "财政所", "文化站"])
  }
}
