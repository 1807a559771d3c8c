package import EditModel

/// The numbers of a whole ledger: of the board, the list's foot and the report. `NumberDefinition` says what each means.
package struct LedgerTotals: Hashable, Sendable {
  /// What the document declared, as far as it did.
  package let declared: DeclaredTotals
  /// Aspects in the ledger.
  package let aspects: Int
  /// Categories in the ledger.
  package let categories: Int
  /// Problems of the feedback, withdrawn ones included: what the declared number is compared with.
  package let problems: Int
  /// Self-found problems, withdrawn ones apart.
  package let selfFound: Int
  /// Measures of the plan, withdrawn ones apart: what the declared number is compared with.
  package let measures: Int
  /// Measures added later, withdrawn ones apart.
  package let addedMeasures: Int
  /// How many problems are at each stage; adopted ones are not in it, they have not begun.
  package let byStage: [Stage: Int]
  /// How many problems have each standing.
  package let standings: StandingCounts
  /// The same of the problems of the feedback alone: what the declared numbers are compared with.
  package let feedbackStandings: StandingCounts
  /// How many are overdue.
  package let overdue: Int
  /// How many have moved since the day that was asked for.
  package let moved: Int
  /// Per aspect, in the order of their numbers; last those of none.
  package let byAspect: [GroupTotals]
  /// Per lead unit, in the order of the names' bytes; last those of none.
  package let byOffice: [GroupTotals]
  /// Per village, in the order of the names' bytes.
  package let byVillage: [VillageTotals]
  /// Every problem, in the ledger's order.
  package let progress: [ProblemProgress]

  /// The numbers of `state`.
  package init(of state: LedgerState, asked question: NumbersQuestion) {
    let problems = state.problems().filter { !state.wasTakenBack($0) }
    let progress = problems.map { ProblemProgress(of: $0, in: state, asked: question) }
    self.progress = progress
    self.declared = DeclaredTotals(in: state)
    self.aspects = state.children(of: .root, .aspect).count
    self.categories = state.children(of: .root, .category).count
    self.problems = problems.count { DerivedName($0) != nil }
    self.selfFound = progress.count { DerivedName($0.id) == nil && $0.standing != .withdrawn }
    let measures = problems.flatMap { state.children(of: $0, .measure) }
    self.measures = measures.count { DerivedName($0) != nil }
    self.addedMeasures = measures.count { DerivedName($0) == nil }
    self.byStage = progress.reduce(into: [:]) { counts, problem in
      if !problem.standing.isAdopted { counts[problem.countedStage, default: 0] += 1 }
    }
    self.standings = progress.reduce(into: StandingCounts()) { $0.add($1.standing) }
    self.feedbackStandings = progress.filter { DerivedName($0.id) != nil }
      .reduce(into: StandingCounts()) { $0.add($1.standing) }
    self.overdue = progress.count { $0.isOverdue }
    self.moved = progress.count { $0.hasMoved }
    self.byAspect = LedgerTotals.aspectGroups(progress, in: state)
    self.byOffice = LedgerTotals.officeGroups(progress)
    self.byVillage = LedgerTotals.villageGroups(progress, in: state, since: question.since)
  }

  private static func aspectGroups(_ progress: [ProblemProgress], in state: LedgerState) -> [GroupTotals] {
    let aspects = state.ordered(Set(state.children(of: .root, .aspect)))
    let known = Set(aspects)
    let groups = aspects.map { aspect in
      GroupTotals(
        name: ExactString(state.wording(of: aspect) ?? aspect.description), entity: aspect,
        problems: progress.filter { $0.aspect == aspect })
    }
    let others = progress.filter { !($0.aspect.map(known.contains) ?? false) }
    return others.isEmpty ? groups : groups + [GroupTotals(name: nil, entity: nil, problems: others)]
  }

  private static func officeGroups(_ progress: [ProblemProgress]) -> [GroupTotals] {
    let byUnit = Dictionary(grouping: progress, by: \.leadUnit)
    let groups = byUnit.keys.compactMap(\.self).sorted().map { unit in
      GroupTotals(name: unit, entity: nil, problems: byUnit[unit] ?? [])
    }
    guard let others = byUnit[nil] else { return groups }
    return groups + [GroupTotals(name: nil, entity: nil, problems: others)]
  }

  private static func villageGroups(
    _ progress: [ProblemProgress], in state: LedgerState, since: CivilDate?
  ) -> [VillageTotals] {
    var totals: [ExactString: VillageTotals] = [:]
    let offices = state.offices()
    for problem in progress where problem.standing != .withdrawn {
      for place in state.villages(of: problem.id) where !offices.contains(place) {
        totals[place, default: VillageTotals(place: place)].add(
          part: state.part(of: problem.id, at: place), of: problem, in: state, since: since)
      }
    }
    return totals.values.sorted { $0.place < $1.place }
  }
}

extension ProblemProgress {
  /// The stage that it is counted under: one that was withdrawn by its field counts as withdrawn.
  package var countedStage: Stage { standing == .withdrawn ? .withdrawn : stage }

  /// The stage as rows show it: an adopted outcome in its place, and behind it the one that an own pending transition
  /// asks for, with the star of what is pending. Worded in the language that `word` picks.
  package func stageText(_ word: (Label) -> String) -> String {
    let stands = word(standing.isAdopted ? standing.label : countedStage.label)
    return pendingStage.map { "\(stands) → \(word($0.label))*" } ?? stands
  }
}

/// What the document says of itself; nil where it does not.
package struct DeclaredTotals: Hashable, Sendable {
  /// Aspects declared.
  package let aspects: Int?
  /// Categories declared.
  package let categories: Int?
  /// Problems declared.
  package let problems: Int?
  /// Measures declared.
  package let measures: Int?
  /// Problems declared as done.
  package let done: Int?
  /// Problems declared as under way.
  package let underWay: Int?
  /// Problems declared as long-term.
  package let longTerm: Int?

  init(in state: LedgerState) {
    func number(_ field: String) -> Int? {
      state[.root]?.text(FieldName(known: field)).flatMap { Decimal.number($0) }.map { Int(clamping: $0) }
    }
    self.aspects = number("declared_aspects")
    self.categories = number("declared_categories")
    self.problems = number("declared_problems")
    self.measures = number("declared_measures")
    self.done = number("declared_done")
    self.underWay = number("declared_under_way")
    self.longTerm = number("declared_long_term")
  }
}

/// The numbers of the problems of one aspect or one office.
package struct GroupTotals: Hashable, Sendable {
  /// What the group is called; nil for the problems that have none.
  package let name: ExactString?
  /// The aspect, where the group is one.
  package let entity: EntityID?
  /// How many problems have each standing.
  package let standings: StandingCounts
  /// How many are overdue.
  package let overdue: Int
  /// How many have moved since the day that was asked for.
  package let moved: Int

  init(name: ExactString?, entity: EntityID?, problems: [ProblemProgress]) {
    self.name = name
    self.entity = entity
    self.standings = problems.reduce(into: StandingCounts()) { $0.add($1.standing) }
    self.overdue = problems.count { $0.isOverdue }
    self.moved = problems.count { $0.hasMoved }
  }
}

/// The numbers of one village: its shares of problems that are not withdrawn.
package struct VillageTotals: Hashable, Sendable {
  /// Which village.
  package let place: ExactString
  /// Problems that concern it: those that name it and those of which it has a part.
  package private(set) var shares = 0
  /// How many of them have been marked as reported.
  package private(set) var reported = 0
  /// How many of them are finished: by the part's own state, or because the whole problem is.
  package private(set) var finished = 0
  /// How many are unfinished shares of an overdue problem.
  package private(set) var overdue = 0
  /// How many parts have moved since the day that was asked for.
  package private(set) var moved = 0

  init(place: ExactString) {
    self.place = place
  }

  fileprivate mutating func add(
    part: EntityID?, of problem: ProblemProgress, in state: LedgerState, since: CivilDate?
  ) {
    let isFinished = problem.standing.isFinished || (part.map { state.workState(of: $0).isFinished } ?? false)
    shares += 1
    if let part, state[part]?.isYes(.reported) ?? false { reported += 1 }
    if isFinished { finished += 1 }
    if problem.isOverdue, !isFinished { overdue += 1 }
    if let part, state.hasMoved(part, since: since) { moved += 1 }
  }
}
