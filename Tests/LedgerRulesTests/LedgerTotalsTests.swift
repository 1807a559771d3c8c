import EditModel
import LedgerRules
import Testing

/// The numbers, on one small ledger made by hand.
struct LedgerTotalsTests {
  /// p1 overdue, p2 closed as done, p3 closed as long-term and confirmed, p4 adopted with a deadline long past, p5
  /// withdrawn, p6 returned and due in 10 days, one self-found.
  private var ledger: LedgerWriter {
    var ledger = LedgerWriter()
    ledger.write(". declared_problems 6", ". declared_done 3", ". declared_measures 4")
    ledger.write("a1 aspect 1", "a1 text 重视", "a2 aspect 2", "a10 aspect 10", "c1 category 1", "c1 aspect a1")
    for number in 1...6 {
      ledger.write("p\(number) problem \(number)", "p\(number).1 measure 1", "p\(number) category c1")
    }
    ledger.write("p1 deadline 2023-11-30", "p1 lead_unit 农经站", "p1 village/张百万村 yes", "p1 village/柳条沟村 yes")
    ledger.write("p1.张百万村 part 张百万村", "p1.张百万村 reported yes", "p1.张百万村 state done")
    ledger.write("p2 stage closed", "@1 outcome done")
    ledger.write("p2 village/张百万村 yes", "p2.1 state done")
    ledger.write("p3 stage closed", "@1 outcome long_term")
    ledger.write("p3 stage confirmed")
    ledger.write("p4 adopted done", "p4 adopted_source 报告", "p4 deadline 2020-01-01", "p4 category c9")
    ledger.write("p5 stage withdrawn", "p5.2 measure 2", "p5 village/四间房村 yes")
    ledger.write("p6 stage returned", "p6 deadline 2023-12-11", "p6 lead_unit 党建办")
    ledger.write(". problem 自查", "@1 measure 措施")
    return ledger
  }

  private func totals(_ ledger: LedgerWriter, since: String? = nil) throws -> LedgerTotals {
    let today = try #require(CivilDate("2023-12-01"))
    return LedgerTotals(of: ledger.state, asked: NumbersQuestion(today: today, since: since.flatMap { CivilDate($0) }))
  }

  @Test func countsAgainstWhatWasDeclared() throws {
    let totals = try totals(ledger)
    #expect(totals.declared.problems == 6)
    #expect(totals.declared.done == 3)
    #expect(totals.declared.aspects == nil)
    #expect([totals.aspects, totals.categories, totals.problems, totals.selfFound] == [3, 1, 6, 1])
    #expect([totals.measures, totals.addedMeasures] == [7, 1])
  }

  @Test func everyProblemHasOneStanding() throws {
    let totals = try totals(ledger)
    let expected: [Standing: Int] = [.done: 1, .longTerm: 1, .adoptedDone: 1, .withdrawn: 1, .underWay: 3]
    for standing in Standing.allCases { #expect(totals.standings[standing] == expected[standing, default: 0]) }
    #expect(totals.standings.live == 6)
    #expect(totals.standings.adopted == 1)
    #expect(totals.standings.finished == 3)
  }

  @Test func stagesLeaveAdoptedProblemsOut() throws {
    #expect(
      try totals(ledger).byStage == [.unassigned: 2, .closed: 1, .confirmed: 1, .withdrawn: 1, .returned: 1])
  }

  @Test func overdueBeginsTheDayAfterTheDeadline() throws {
    #expect(try totals(ledger).overdue == 1)
    for (deadline, overdue) in [("2023-11-30", true), ("2023-12-01", false)] {
      var other = ledger
      other.write("p6 deadline \(deadline)")
      #expect(try totals(other).progress.first { $0.stage == .returned }?.isOverdue == overdue)
    }
  }

  @Test func adoptedIsOverdueOnlyAfterItsFirstTransition() throws {
    let problem = LedgerWriter.entity("p4")
    #expect(try totals(ledger).progress.first { $0.id == problem }?.isOverdue == false)
    var moved = ledger
    moved.write("p4 stage unclaimed")
    let progress = try #require(try totals(moved).progress.first { $0.id == problem })
    #expect(progress.isOverdue)
    #expect(progress.standing == .underWay)
  }

  /// A document declares what was fed back: a self-found problem is done, and compared with nothing.
  @Test func declaredIsComparedWithTheFeedbackAlone() throws {
    var ledger = ledger
    let own = ledger.write(". problem 自查二")
    ledger.write("\(own) adopted done", "\(own) adopted_source 会议")
    let totals = try totals(ledger)
    #expect(totals.standings[.adoptedDone] == 2 && totals.feedbackStandings[.adoptedDone] == 1)
    #expect(totals.feedbackStandings.live == 5)
  }

  /// What an undo took back is in no number.
  @Test func whatWasTakenBackIsNotCounted() throws {
    var ledger = ledger
    let own = ledger.write(". problem 写错")
    ledger.write("\(own) withdrawn yes")
    #expect(ledger.state.wasTakenBack(.created(own)))
    #expect(try totals(ledger).byStage == totals(self.ledger).byStage)
    #expect(try totals(ledger).standings == totals(self.ledger).standings)
  }

  @Test func anOfficesPartIsNoVillages() throws {
    var ledger = ledger
    ledger.write("p1.农经站 part 农经站", "p1.三间房村 part 三间房村")
    #expect(try totals(ledger).byVillage.map(\.place) == ["三间房村", "张百万村", "柳条沟村"])
  }

  @Test func groupsHaveEveryProblemOnce() throws {
    let totals = try totals(ledger)
    #expect(totals.byAspect.map(\.entity) == ["a1", "a2", "a10"].map(LedgerWriter.entity) + [nil])
    #expect(totals.byAspect.first?.name == "重视")
    #expect(totals.byAspect.map(\.standings.live) == [4, 0, 0, 2])
    #expect(totals.byOffice.map(\.name) == ["党建办", "农经站", nil])
    #expect(totals.byOffice.map(\.overdue).reduce(0, +) == totals.overdue)
    #expect(totals.byOffice.map(\.standings.live).reduce(0, +) == totals.standings.live)
  }

  @Test func villagesCountTheirShares() throws {
    let villages = try totals(ledger).byVillage
    #expect(villages.map(\.place) == ["张百万村", "柳条沟村"])
    #expect(villages.map(\.shares) == [2, 1])
    #expect(villages.map(\.reported) == [1, 0])
    #expect(villages.map(\.finished) == [2, 0])
    #expect(villages.map(\.overdue) == [0, 1])
  }

  @Test func movedCountsFromTheBeginningOfTheDay() throws {
    var later = ledger
    #expect(try totals(later).moved == 0)
    #expect(try totals(later, since: "2023-11-01").moved == 7)
    let day = try #require(CivilDate("2023-11-20"))
    later.milliseconds = day.start.milliseconds - 2_000
    later.write("p6 goal 前一天")
    #expect(try totals(later, since: "2023-11-20").moved == 0)
    later.milliseconds = day.start.milliseconds - 1_000
    later.write("p1.张百万村 progress 已复核")
    let totals = try totals(later, since: "2023-11-20")
    #expect(totals.progress.filter(\.hasMoved).map(\.id) == [LedgerWriter.entity("p1")])
    #expect(totals.byVillage.map(\.moved) == [1, 0])
    #expect(totals.byAspect.map(\.moved) == [1, 0, 0, 0])
  }

  @Test func pendingTransitionClosesNothing() throws {
    var state = ledger.state
    state.show(LedgerWriter.edit(LedgerWriter.id("bbbbbbbb.1/1"), "p6", "stage", "closed"))
    let today = try #require(CivilDate("2023-12-01"))
    let progress = ProblemProgress(of: LedgerWriter.entity("p6"), in: state, asked: NumbersQuestion(today: today))
    #expect(progress.stage == .returned)
    #expect(progress.pendingStage == .closed)
    #expect(progress.standing == .underWay)
  }

  @Test(arguments: [
    (Standing.underWay, 21, Light?.none), (.underWay, 20, .green), (.underWay, 11, .green), (.underWay, 10, .yellow),
    (.underWay, 0, .yellow), (.underWay, -1, .red), (.longTerm, -1, .blue), (.adoptedLongTerm, 5, .blue),
    (.done, -1, nil), (.adoptedDone, -1, nil), (.adoptedUnderWay, -1, nil), (.withdrawn, -1, nil),
  ])
  func lightsFollowTheDaysLeft(_ standing: Standing, _ daysLeft: Int, _ light: Light?) {
    #expect(LightRule().light(standing: standing, daysLeft: daysLeft) == light)
  }

  @Test func noDeadlineGivesNoLight() {
    #expect(LightRule().light(standing: .underWay, daysLeft: nil) == nil)
    #expect(Light.allCases.map(\.mark) == ["绿", "黄", "红", "蓝"])
  }

  @Test(arguments: NumberDefinition.allCases) func everyNumberIsDefinedInBothLanguages(_ number: NumberDefinition) {
    #expect(!number.definition.chinese.isEmpty && number.definition.chinese.utf8.count > 20)
    #expect(number.definition.english.hasSuffix("."))
  }

  @Test func suggestsLongTermWhereSomethingIsKeptUp() {
    var ledger = ledger
    let problem = LedgerWriter.entity("p1")
    #expect(ledger.state.suggestedOutcome(of: problem) == .done)
    ledger.write("p1.1 state long_term")
    #expect(ledger.state.suggestedOutcome(of: problem) == .longTerm)
    ledger.write("p1.1 state done", "p1 kind long_term")
    #expect(ledger.state.suggestedOutcome(of: problem) == .longTerm)
  }
}
