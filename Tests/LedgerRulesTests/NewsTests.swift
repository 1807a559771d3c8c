import EditModel
import LedgerRules
import Testing

@Suite struct NewsTests {
  private static let clerk = LedgerWriter.facts("zhangbaiwan", .villageClerk, "张百万村")
  private static let office = LedgerWriter.facts("nongjingzhan", .townOffice, "农经站")
  private static let secretary = LedgerWriter.facts("shuji", .secretary)
  private static let today = day("2023-12-01")

  private static func day(_ text: String) -> CivilDate {
    guard let day = CivilDate(text) else { preconditionFailure("\(text) is a day") }
    return day
  }

  /// Two problems, the first of the village and led by the office, under way.
  private func ledger() -> LedgerWriter {
    var ledger = LedgerWriter()
    ledger.write("p1 problem 1", "p1 village/张百万村 yes", "p1 lead_unit 农经站", "p1 deadline 2023-12-31")
    ledger.write("p2 problem 2", "p2 lead_unit 党政办", "p2 deadline 2023-12-31")
    ledger.write("p1 stage unclaimed")
    ledger.write("p1 stage working")
    return ledger
  }

  private func news(
    _ ledger: LedgerWriter, for seat: SeatFacts, since: Stamp? = nil, lastDay: CivilDate? = nil,
    today: CivilDate = NewsTests.today, clashes: [Clash] = []
  ) -> News {
    let decisions = News.settlements(in: ledger.state, for: seat, since: since).compactMap {
      Decision($0, among: ledger.accepted)
    }
    return News(
      of: ledger.state, clashes: clashes, decisions: decisions, for: seat, reader: Reader(role: seat.role),
      asked: NewsQuestion(
        since: since, lastDay: lastDay, today: today, spellings: seat.place.map { [$0] } ?? []))
  }

  private func last(_ ledger: LedgerWriter) -> Stamp? { ledger.accepted.last?.receipt }

  @Test func whatNamesTheSeatIsAssignedOnce() {
    var ledger = ledger()
    #expect(news(ledger, for: NewsTests.clerk).assigned.map(\.problem.description) == ["p1"])
    #expect(news(ledger, for: NewsTests.office).assigned.map(\.problem.description) == ["p1"])
    let looked = last(ledger)
    #expect(news(ledger, for: NewsTests.clerk, since: looked).assigned.isEmpty)
    ledger.write("p2 village/张百万村 yes")
    ledger.write("p1 village/河东村 yes")
    let fresh = news(ledger, for: NewsTests.clerk, since: looked)
    #expect(fresh.assigned.map(\.problem.description) == ["p2"])
    #expect(fresh.assigned.first?.edit.edit.field.description == "village/张百万村")
  }

  @Test func whatWasTakenAwayAgainIsNoNews() {
    var ledger = ledger()
    let looked = last(ledger)
    ledger.write("p2 village/张百万村 yes")
    ledger.write("p2 village/张百万村 \\-")
    #expect(news(ledger, for: NewsTests.clerk, since: looked).assigned.isEmpty)
  }

  @Test func aMeasureAndAPartAssignToo() {
    var ledger = ledger()
    let looked = last(ledger)
    ledger.write("p2.1 measure 1", "p2.1 unit 农经站")
    ledger.write("p2.张百万村 part 张百万村")
    #expect(news(ledger, for: NewsTests.office, since: looked).assigned.map(\.problem.description) == ["p2"])
    #expect(news(ledger, for: NewsTests.clerk, since: looked).assigned.map(\.problem.description) == ["p2"])
  }

  @Test func ownActsAreNoNews() {
    var ledger = ledger()
    let looked = last(ledger)
    ledger.seat = NewsTests.clerk
    ledger.write("p2.张百万村 part 张百万村")
    #expect(news(ledger, for: NewsTests.clerk, since: looked).assigned.isEmpty)
  }

  @Test func aReviewThatWaitsForTheSeatIsAssignedToIt() {
    var ledger = ledger()
    let looked = last(ledger)
    ledger.write("p1 stage first_review")
    ledger.write("p1 stage second_review")
    #expect(news(ledger, for: NewsTests.secretary, since: looked).assigned.isEmpty)
    ledger.write("p1 stage final_review")
    #expect(news(ledger, for: NewsTests.secretary, since: looked).assigned.map(\.problem.description) == ["p1"])
  }

  @Test func whatIsSentBackIsReturnedAndNotAssigned() {
    var ledger = ledger()
    ledger.write("p1 stage first_review")
    let looked = last(ledger)
    ledger.write("p1 stage returned", "@1 reason 缺验收单")
    let fresh = news(ledger, for: NewsTests.office, since: looked)
    #expect(fresh.returned.map(\.edit.entity.description) == ["p1"])
    #expect(fresh.assigned.isEmpty)
    #expect(news(ledger, for: NewsTests.office, since: last(ledger)).returned.isEmpty)
    #expect(news(ledger, for: LedgerWriter.facts("dangzheng", .townOffice, "党政办"), since: looked).returned.isEmpty)
  }

  @Test func aLightIsToldWhenItComesOnOrGetsWorse() {
    let ledger = ledger()
    func due(_ today: String, since day: String?) -> [String] {
      news(
        ledger, for: NewsTests.office, since: last(ledger), lastDay: day.map(NewsTests.day), today: NewsTests.day(today)
      ).due.map(\.id.description)
    }
    #expect(due("2023-12-05", since: "2023-12-01") == [])
    #expect(due("2023-12-12", since: "2023-12-01") == ["p1"])
    #expect(due("2023-12-13", since: "2023-12-12") == [])
    #expect(due("2023-12-22", since: "2023-12-13") == ["p1"])
    #expect(due("2024-01-01", since: "2023-12-30") == ["p1"])
    #expect(due("2024-01-02", since: "2024-01-01") == [])
    // At the first look what is near or past is told, not what only comes into sight.
    #expect(due("2023-12-12", since: nil) == [])
    #expect(due("2023-12-22", since: nil) == ["p1"])
  }

  /// A deadline that is near or past when it is set, and a problem that comes with such a one, are told at the next look, though
  /// the day of the last look knew that deadline as little as its light.
  @Test(arguments: ["2023-12-05", "2023-11-20"]) func aDeadlineThatIsNearOrPastWhenItIsSetIsTold(_ deadline: String) {
    func due(_ ledger: LedgerWriter, since: Stamp?, on today: String) -> [String] {
      let day = NewsTests.day("2023-12-01")
      return news(ledger, for: NewsTests.office, since: since, lastDay: day, today: NewsTests.day(today))
        .due.map(\.id.description)
    }
    var ledger = ledger()
    let looked = last(ledger)
    ledger.write("p1 deadline \(deadline)")
    #expect(due(ledger, since: looked, on: "2023-12-01") == ["p1"])
    #expect(due(ledger, since: last(ledger), on: "2023-12-01") == [])
    let again = last(ledger)
    ledger.write("p2 deadline \(deadline)", "p2 stage unclaimed", "p2 stage working")
    #expect(due(ledger, since: again, on: "2023-12-01") == [])
    let named = last(ledger)
    ledger.write("p2 lead_unit 农经站")
    #expect(due(ledger, since: named, on: "2023-12-01") == ["p2"])
  }

  @Test func aClashIsTheBeatenOnesLossAndTheOthersToDecide() throws {
    var ledger = ledger()
    let looked = last(ledger)
    ledger.seat = NewsTests.clerk
    ledger.write("p1 progress 甲")
    ledger.seat = NewsTests.office
    ledger.write("p1 progress 乙")
    let edits = ledger.accepted.filter { $0.edit.field.description == "progress" }
    let clash = Clash(beaten: edits[0], winner: edits[1], origin: edits[1])
    let clerks = news(ledger, for: NewsTests.clerk, since: looked, clashes: [clash])
    #expect(clerks.beaten == [clash] && clerks.disputed.isEmpty)
    let offices = news(ledger, for: NewsTests.office, since: looked, clashes: [clash])
    #expect(offices.beaten.isEmpty && offices.disputed == [clash])
    let others = news(ledger, for: NewsTests.secretary, since: looked, clashes: [clash])
    #expect(others.beaten.isEmpty && others.disputed.isEmpty)
    // Whoever wrote both sides was beaten by nobody.
    let winner = AcceptedEdit(seq: edits[1].seq, receipt: edits[1].receipt, seat: edits[0].seat, edit: edits[1].edit)
    let own = Clash(beaten: edits[0], winner: winner, origin: winner)
    let mine = news(ledger, for: NewsTests.clerk, since: looked, clashes: [own])
    #expect(mine.beaten.isEmpty && mine.disputed == [own])
    // What another puts back is whose it was: that one is told, and whoever put it back was beaten.
    let restoring = AcceptedEdit(seq: 99, receipt: edits[1].receipt, seat: edits[1].seat, edit: edits[0].edit)
    let restored = Clash(beaten: edits[1], winner: restoring, origin: edits[0])
    #expect(news(ledger, for: NewsTests.clerk, since: looked, clashes: [restored]).disputed == [restored])
    #expect(news(ledger, for: NewsTests.office, since: looked, clashes: [restored]).beaten == [restored])
  }

  /// Both sides and the office that leads are told what was decided, and by whom; whoever decided is not.
  @Test(arguments: [false, true]) func aDecisionIsToldToThoseWhomTheClashConcerned(isTaken: Bool) throws {
    var ledger = ledger()
    ledger.seat = NewsTests.clerk
    let beaten = ledger.write("p1 progress 甲")
    ledger.seat = LedgerWriter.facts("fuzhuren", .townOffice)
    ledger.write("p1 progress 乙")
    let looked = last(ledger)
    ledger.seat = LedgerWriter.office
    let mark = "settled/progress/\(beaten.replica)/\(beaten.n)/\(beaten.i)"
    if isTaken { ledger.write("p1 progress 甲", "p1 \(mark) yes") } else { ledger.write("p1 \(mark) yes") }
    for seat in [NewsTests.clerk, NewsTests.office, LedgerWriter.facts("fuzhuren", .townOffice)] {
      let decided = news(ledger, for: seat, since: looked).decided
      let one = try #require(decided.first)
      #expect(decided.count == 1 && one.isTaken == isTaken && one.settling.seat == LedgerWriter.office.seat)
      #expect(one.clash.beaten.edit.value == .text("甲") && one.clash.winner.edit.value == .text("乙"))
      #expect(news(ledger, for: seat, since: last(ledger)).decided.isEmpty)
    }
    #expect(news(ledger, for: LedgerWriter.office, since: looked).decided.isEmpty)
    #expect(news(ledger, for: NewsTests.secretary, since: looked).decided.isEmpty)
    // A decision that was taken back is none.
    ledger.write("p1 \(mark) \\-")
    #expect(news(ledger, for: NewsTests.clerk, since: looked).decided.isEmpty)
  }

  /// One takes the beaten value and another leaves the winner, neither having seen the other: the value that was taken stands,
  /// whichever of the two was the later, and whoever left the other is told so.
  @Test(arguments: [false, true]) func ofTwoDecisionsTheOneThatStandsIsTold(isTakenFirst: Bool) throws {
    var ledger = ledger()
    ledger.seat = NewsTests.clerk
    let beaten = ledger.write("p1 progress 甲")
    ledger.seat = NewsTests.office
    ledger.write("p1 progress 乙")
    let looked = last(ledger)
    let mark = "settled/progress/\(beaten.replica)/\(beaten.n)/\(beaten.i)"
    for takes in [isTakenFirst, !isTakenFirst] {
      ledger.seat = takes ? NewsTests.clerk : NewsTests.secretary
      if takes { ledger.write("p1 progress 甲", "p1 \(mark) yes") } else { ledger.write("p1 \(mark) yes") }
    }
    for seat in [NewsTests.office, NewsTests.secretary] {
      let told = news(ledger, for: seat, since: looked).decided
      #expect(told.map(\.isTaken) == [true] && told.map(\.settling.seat) == [NewsTests.clerk.seat])
    }
    #expect(news(ledger, for: NewsTests.clerk, since: looked).decided.isEmpty)
  }

  /// What a withdrawal takes out of sight is told to whoever wrote it; what comes into what a seat withdrew, to that seat.
  @Test func workThatAWithdrawalCoversIsTold() {
    var ledger = ledger()
    ledger.seat = NewsTests.office
    ledger.write("p1.张百万村 part 张百万村")
    ledger.seat = NewsTests.clerk
    ledger.write("p1.张百万村 note 已清理")
    let looked = last(ledger)
    ledger.seat = NewsTests.office
    ledger.write("p1.张百万村 withdrawn yes")
    let told = news(ledger, for: NewsTests.clerk, since: looked).covered
    #expect(told.map(\.entity.description) == ["p1.张百万村"])
    #expect(told.map(\.content.edit.value) == [.text("已清理")] && told.map(\.withdrawal.seat) == [NewsTests.office.seat])
    #expect(news(ledger, for: NewsTests.office, since: looked).covered.isEmpty)
    let withdrawn = last(ledger)
    #expect(news(ledger, for: NewsTests.clerk, since: withdrawn).covered.isEmpty)
    ledger.seat = NewsTests.clerk
    ledger.write("p1.张百万村 progress 已平整")
    let late = news(ledger, for: NewsTests.office, since: withdrawn).covered
    #expect(late.map(\.content.edit.value) == [.text("已平整")])
    ledger.write("p1.张百万村 withdrawn \\-")
    #expect(news(ledger, for: NewsTests.office, since: withdrawn).covered.isEmpty)
  }

  /// Work that was withdrawn by itself before was out of sight already; own work that is accepted after a look at the withdrawal
  /// is told all the same.
  @Test func onlyWhatStoodIsCovered() {
    var ledger = ledger()
    ledger.seat = NewsTests.clerk
    ledger.write("p1.张百万村 part 张百万村", "p1.张百万村 note 写错了")
    let note = ledger.accepted.last.map { EntityID.created($0.edit.id).description } ?? ""
    ledger.seat = NewsTests.office
    ledger.write("p1.张百万村 note 办公室的")
    ledger.seat = NewsTests.clerk
    ledger.write("\(note) withdrawn yes")
    ledger.seat = NewsTests.secretary
    ledger.write("p1.张百万村 withdrawn yes")
    let contents = news(ledger, for: NewsTests.clerk).covered.map(\.content.edit.value)
    #expect(contents == [.text("张百万村")])
    // What another withdrew before is told with the rest: its author may not have looked between the two.
    ledger.seat = NewsTests.clerk
    ledger.write("p1.张百万村 note 被撤的")
    let other = ledger.accepted.last.map { EntityID.created($0.edit.id).description } ?? ""
    ledger.seat = NewsTests.office
    ledger.write("\(other) withdrawn yes")
    #expect(news(ledger, for: NewsTests.clerk).covered.map(\.content.edit.value) == [.text("被撤的")])
    let looked = last(ledger)
    ledger.seat = NewsTests.clerk
    ledger.write("p1.张百万村 note 晚到的")
    #expect(news(ledger, for: NewsTests.clerk, since: looked).covered.map(\.content.edit.value) == [.text("晚到的")])
  }

  /// Who took the beaten value chose between the two that stood then, whatever was written behind that.
  @Test func aTakingIsOfTheValueItWasBuiltOn() throws {
    var ledger = ledger()
    ledger.seat = NewsTests.clerk
    let beaten = ledger.write("p1 progress 甲")
    ledger.seat = NewsTests.office
    let winner = ledger.write("p1 progress 乙")
    ledger.write("p1 progress 丙")
    ledger.seat = LedgerWriter.office
    let mark = "p1 settled/progress/\(beaten.replica)/\(beaten.n)/\(beaten.i) yes"
    ledger.writeAll(["p1 progress 甲", mark], base: winner)
    let one = try #require(news(ledger, for: NewsTests.clerk).decided.first)
    #expect(one.isTaken && one.clash.winner.edit.value == .text("乙") && one.clash.beaten.edit.value == .text("甲"))
  }

  /// Under what is withdrawn as a whole its parts are not told one by one, and own work that oneself withdrew is not told.
  @Test func onlyTheOutermostWithdrawalIsTold() {
    var ledger = ledger()
    ledger.seat = NewsTests.clerk
    ledger.write(". problem 自查的", "@1 note 一")
    ledger.write("aaaaaaaa.\(ledger.accepted.last?.edit.id.n ?? 0)/1 measure 措施")
    let measure = "aaaaaaaa.\(ledger.accepted.last?.edit.id.n ?? 0)/1"
    let problem = ledger.accepted.last?.edit.entity.description ?? ""
    ledger.seat = NewsTests.office
    ledger.write("\(measure) withdrawn yes")
    #expect(news(ledger, for: NewsTests.clerk).covered.map(\.entity.description) == [measure])
    ledger.write("\(problem) withdrawn yes")
    #expect(news(ledger, for: NewsTests.clerk).covered.map(\.entity.description) == [problem])
    ledger.seat = NewsTests.clerk
    ledger.write("\(problem) withdrawn yes")
    #expect(news(ledger, for: NewsTests.clerk).covered.isEmpty)
  }
}
