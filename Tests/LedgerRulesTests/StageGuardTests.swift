import EditModel
import LedgerRules
import Testing

/// The guarded stage, row by row of the table.
struct StageGuardTests {
  /// A row and one of the stages that it leads from.
  struct Step: Sendable, CustomTestStringConvertible {
    let row: StageRow
    let from: Stage
    var testDescription: String { "\(from.rawValue) -> \(row.to.rawValue)" }
  }

  static let steps: [Step] = StageTable.rows.flatMap { row in row.from.map { Step(row: row, from: $0) } }
  static let submitter = LedgerWriter.facts("keshi", .townOffice, "农经站")

  /// Everything that any row requires but the edits of the transition itself; lines may be left out by field.
  private func ledger(at stage: Stage, without fields: Set<String> = []) -> LedgerWriter {
    var ledger = LedgerWriter()
    ledger.write("p1 problem 1")
    let lines = [
      "p1.1 measure 1", "p1.1 state done", "p1.张百万村 part 张百万村", "p1.柳条沟村 part 柳条沟村",
      "p1.张百万村 reported yes", "p1.柳条沟村 reported yes", "p1 village/张百万村 yes", "p1 lead_unit 农经站",
      "p1 leader 某某", "p1 deadline 2023-12-31", "p1 closing_standard 标准", "p1 effect 成效",
    ]
    for line in lines where !fields.contains(String(line.split(separator: " ")[1])) { ledger.write(line) }
    guard stage != .unassigned else { return ledger }
    ledger.seat = Self.submitter
    ledger.write("p1 stage first_review")
    ledger.seat = LedgerWriter.office
    if stage != .firstReview { ledger.write("p1 stage \(stage.rawValue)") }
    return ledger
  }

  private func seat(_ mover: StageRow.Mover) -> SeatFacts {
    switch mover.place {
    case .any: LedgerWriter.facts("seat", mover.role)
    case .leadUnit: LedgerWriter.facts("seat", mover.role, "农经站")
    case .village: LedgerWriter.facts("seat", mover.role, "张百万村")
    case .line: LedgerWriter.facts("seat", mover.role, "某某")
    }
  }

  private func lines(to stage: Stage, without field: String = "") -> [String] {
    let own = ["opinion 同意", "reason 理由", "outcome done"].filter { !$0.hasPrefix(field + " ") }
    return ["p1 stage \(stage.rawValue)"] + own.map { "@1 \($0)" }
  }

  private func judge(_ ledger: LedgerWriter, _ lines: [String], _ seat: SeatFacts) -> Refusal? {
    ActGuard.refusal(of: ledger.act(lines), by: seat, in: ledger.state)
  }

  @Test(arguments: steps) func everyMoverOfTheRowMay(_ step: Step) {
    for mover in step.row.movers {
      #expect(judge(ledger(at: step.from), lines(to: step.row.to), seat(mover)) == nil, "\(mover.role)")
    }
  }

  @Test(arguments: steps) func everyOtherRoleMayNot(_ step: Step) {
    for role in Role.allCases where !step.row.movers.contains(where: { $0.role == role }) {
      let refusal = judge(
        ledger(at: step.from), lines(to: step.row.to), LedgerWriter.facts("seat", role, "农经站"))
      #expect(refusal == (role == .admin ? .absent(LedgerWriter.entity("p1")) : .stageSeat(.role)), "\(role)")
    }
  }

  @Test(arguments: steps) func moverOfAnotherPlaceMayNot(_ step: Step) {
    for mover in step.row.movers where mover.place != .any {
      for place in ["四间房村", nil] {
        let other = LedgerWriter.facts("seat", mover.role, place)
        let refusal = judge(ledger(at: step.from), lines(to: step.row.to), other)
        #expect(refusal == .absent(LedgerWriter.entity("p1")), "what is not its own, it does not see")
      }
    }
  }

  @Test(arguments: steps) func whoSeesAProblemWithoutLeadingItMayNot(_ step: Step) {
    var ledger = ledger(at: step.from)
    ledger.write("p1 co_unit/财政所 yes")
    for mover in step.row.movers where mover.place == .leadUnit || mover.place == .line {
      let joined = LedgerWriter.facts("seat", mover.role, "财政所")
      let ground: Refusal.SeatGround = mover.place == .line ? .line : .place
      #expect(judge(ledger, lines(to: step.row.to), joined) == .stageSeat(ground))
    }
  }

  @Test(arguments: steps) func submitterReviewsNothingOfItsOwn(_ step: Step) {
    guard step.row.isReview else {
      #expect(!step.from.isReview || step.row.to == .withdrawn, "only a withdrawal leaves a review without being one")
      return
    }
    for mover in step.row.movers {
      let own = SeatFacts(seat: Self.submitter.seat, role: mover.role, place: seat(mover).place)
      #expect(judge(ledger(at: step.from), lines(to: step.row.to), own) == .stageSeat(.submitter))
    }
  }

  /// Another seat, but the same person: not by who sits there now, but by who sat there when it was submitted.
  @Test(arguments: steps) func nobodyReviewsWhatTheySubmittedFromAnotherSeat(_ step: Step) throws {
    guard step.row.isReview else { return }
    for mover in step.row.movers {
      let ledger = ledger(at: step.from)
      let reviewer = seat(mover)
      let problem = try #require(EntityID("p1"))
      let receipt = try #require(ledger.state.submission(of: problem)?.receipt)
      func judged(_ submitter: SeatHolders.Term..., reviewer person: ExactString?) -> Refusal? {
        var holders = SeatHolders()
        for term in submitter { holders.add(term, of: Self.submitter.seat) }
        if let person { holders.add(SeatHolders.Term(person: person, began: .zero), of: reviewer.seat) }
        return ActGuard.refusal(
          of: ledger.act(lines(to: step.row.to)), by: reviewer, in: ledger.state, holders: holders)
      }
      let own = SeatHolders.Term(person: "张三", began: .zero)
      #expect(judged(own, reviewer: "张三") == .stageSeat(.person))
      #expect(judged(own, reviewer: "李四") != .stageSeat(.person))
      #expect(judged(own, reviewer: nil) != .stageSeat(.person))
      let before = SeatHolders.Term(person: "张三", began: .zero, ended: receipt)
      let after = SeatHolders.Term(person: "张三", began: receipt.next)
      #expect(judged(before, reviewer: "张三") != .stageSeat(.person))
      #expect(judged(after, reviewer: "张三") != .stageSeat(.person))
      let then = SeatHolders.Term(person: "张三", began: .zero, ended: receipt.next)
      let since = SeatHolders.Term(person: "李四", began: receipt.next)
      #expect(judged(then, since, reviewer: "张三") == .stageSeat(.person))
    }
  }

  @Test(arguments: steps) func everyCheckedRequirementIsAsked(_ step: Step) throws {
    let mover = try #require(step.row.movers.first { $0.place == .any } ?? step.row.movers.first)
    for requirement in step.row.requirements
    where requirement.isChecked && requirement != .leadUnit && requirement != .otherPerson {
      let refusal: Refusal?
      switch requirement {
      case .opinion, .reason, .outcome:
        refusal = judge(ledger(at: step.from), lines(to: step.row.to, without: requirement.rawValue), seat(mover))
      default:
        let left: [Requirement: Set<String>] = [
          .measure: ["measure", "state"], .measuresFinished: ["state"], .villagesReported: ["reported"],
        ]
        let bare = ledger(at: step.from, without: left[requirement] ?? [requirement.rawValue])
        refusal = judge(bare, lines(to: step.row.to), seat(mover))
      }
      #expect(refusal == .stageNeeds([requirement]))
    }
  }

  @Test(arguments: steps) func uncheckedRequirementsSayWhatTheyWaitFor(_ step: Step) {
    for requirement in step.row.requirements where !requirement.isChecked {
      #expect(StageTable.uncheckedRequirements.contains(requirement))
      #expect(requirement.waitsFor != nil)
    }
    #expect(Set(step.row.requirements).count == step.row.requirements.count)
  }

  @Test func pairsWithoutARowAreNoPath() {
    for from in Stage.allCases {
      for target in Stage.allCases where StageTable.row(from: from, to: target) == nil {
        let refusal = judge(ledger(at: from), lines(to: target), LedgerWriter.office)
        #expect(refusal == .stagePath(from, target))
      }
    }
  }

  @Test func everyPairHasOneRowAtMost() {
    let pairs = Self.steps.map(\.testDescription)
    #expect(Set(pairs).count == pairs.count)
    #expect(!pairs.isEmpty)
  }

  @Test func baseMustBeThePresentStage() {
    let ledger = ledger(at: .working)
    let present = ledger.state.stage(of: LedgerWriter.entity("p1")).edit
    #expect(present != nil)
    for base in [nil, LedgerWriter.id("bbbbbbbb.1/1")] {
      let act = ledger.act(lines(to: .firstReview), base: base)
      #expect(
        ActGuard.refusal(of: act, by: Self.submitter, in: ledger.state) == .stageMoved(.working, present))
    }
  }

  @Test func requirementsMayStandInTheSameAct() {
    let bare = ledger(at: .working, without: ["effect", "state"])
    let all = ["p1 stage first_review", "p1 effect 成效", "p1.1 state long_term"]
    #expect(judge(bare, all, Self.submitter) == nil)
    #expect(judge(bare, Array(all.prefix(2)), Self.submitter) == .stageNeeds([.measuresFinished]))
    #expect(judge(bare, all + ["p1 measure 又一条"], Self.submitter) == .stageNeeds([.measuresFinished]))
  }

  @Test func editOfTheActThatLosesToTheStateDoesNotMeetARequirement() {
    var later = ledger(at: .working)
    later.milliseconds += 10_000_000
    later.write("p1 effect \\-")
    later.milliseconds -= 20_000_000
    #expect(judge(later, ["p1 stage first_review", "p1 effect 早先的"], Self.submitter) == .stageNeeds([.effect]))
  }

  @Test func nobodyMakesAProblemTheirOwnToMoveIt() {
    var ledger = ledger(at: .firstReview)
    ledger.write("p1 leader 李明")
    let leader = LedgerWriter.facts("fenguan", .lineLeader, "农经站")
    #expect(judge(ledger, ["p1 leader 农经站"] + lines(to: .secondReview), leader) == .forbidden(.assign))
    ledger.write("p1 leader 农经站")
    #expect(judge(ledger, ["p1 leader 李明", "p1 stage second_review", "@2 opinion 同意"], leader) == nil)
  }

  @Test func oneActMakesOneTransitionOfAProblem() {
    let act = ["p1 stage first_review", "p1 stage withdrawn"]
    #expect(judge(ledger(at: .working), act, Self.submitter) == .forbidden(.oneTransition))
  }

  @Test func problemOfOneVillageIsNotAskedForItsPart() {
    var one = LedgerWriter()
    one.write("p1 problem 1", "p1 lead_unit 农经站", "p1 leader 某某", "p1 village/张百万村 yes")
    one.seat = Self.submitter
    one.write("p1 stage first_review")
    let leader = LedgerWriter.facts("leader", .lineLeader, "某某")
    #expect(judge(one, lines(to: .secondReview), leader) == nil)
    one.write("p1 village/柳条沟村 yes")
    #expect(judge(one, lines(to: .secondReview), leader) == .stageNeeds([.villagesReported]))
  }

  @Test func missingThingsAreListedInTheOrderOfTheTable() {
    let bare = ledger(at: .unassigned, without: ["measure", "state", "leader", "lead_unit", "deadline"])
    #expect(
      judge(bare, lines(to: .unclaimed), LedgerWriter.office) == .stageNeeds([.measure, .leadUnit, .leader, .deadline]))
  }
}
