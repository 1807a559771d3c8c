package import EditModel

/// On what day, since when and by which rule the numbers are asked for.
package struct NumbersQuestion: Hashable, Sendable {
  /// Today in China.
  package let today: CivilDate
  /// From which day on a problem counts as moved; nil when nobody asks.
  package let since: CivilDate?
  /// When lights come on.
  package let lights: LightRule

  /// A question from its parts.
  package init(today: CivilDate, since: CivilDate? = nil, lights: LightRule = LightRule()) {
    self.today = today
    self.since = since
    self.lights = lights
  }
}

/// One problem as the numbers see it; board, list and report show these values and count nothing themselves.
///
/// Stage, standing, overdue and moved rest on accepted edits alone where a transition is concerned: a closing counts
/// once the server has it. Descriptive fields are those that are shown, own pending ones too.
package struct ProblemProgress: Hashable, Sendable {
  /// Which problem.
  package let id: EntityID
  /// Its accepted stage.
  package let stage: Stage
  /// The stage that an own pending transition asks for.
  package let pendingStage: Stage?
  /// The group that it is counted in.
  package let standing: Standing
  /// Its deadline, nil when it has none.
  package let deadline: CivilDate?
  /// Days from today to the deadline; negative once it has passed.
  package let daysLeft: Int?
  /// Whether the deadline has passed and it is under way.
  package let isOverdue: Bool
  /// Its light, nil when there is nothing to warn of.
  package let light: Light?
  /// Its category, nil when it has none.
  package let category: EntityID?
  /// The aspect of its category.
  package let aspect: EntityID?
  /// The office that leads it.
  package let leadUnit: ExactString?
  /// How many measures it has, withdrawn ones apart.
  package let measures: Int
  /// How many of them are done, long-term or no longer applicable.
  package let measuresFinished: Int
  /// When the server last accepted something that is shown of it: a field, a note, a transition, on it, its measures or
  /// its parts; nil when nothing was accepted yet.
  package let lastMoved: Stamp?
  /// Whether that was on or after the day that was asked for; false when nobody asked.
  package let hasMoved: Bool

  /// The numbers of `problem`.
  package init(of problem: EntityID, in state: LedgerState, asked question: NumbersQuestion) {
    let entity = state[problem]
    self.id = problem
    self.stage = state.stage(of: problem).stage
    self.pendingStage = state.pendingStage(of: problem)
    self.standing = state.standing(of: problem)
    self.deadline = entity?.text(.deadline).flatMap { CivilDate($0) }
    self.daysLeft = deadline.map { question.today.days(until: $0) }
    self.isOverdue = standing == .underWay && (daysLeft ?? 0) < 0
    self.light = question.lights.light(standing: standing, daysLeft: daysLeft)
    self.category = entity?.text(.category).flatMap { EntityID($0) }
    self.aspect = category.flatMap { state[$0]?.text(.aspect) }.flatMap { EntityID($0) }
    self.leadUnit = entity?.text(.leadUnit).map { ExactString($0) }
    let measures = state.children(of: problem, .measure)
    self.measures = measures.count
    self.measuresFinished = measures.count { state.workState(of: $0).isFinished }
    let last = state.lastMoved(problem)
    self.lastMoved = last
    self.hasMoved = question.since.map { (last ?? .zero) >= $0.start } ?? false
  }
}

/// The definitions behind the numbers, each once.
extension LedgerState {
  /// The group that `problem` is counted in.
  package func standing(of problem: EntityID) -> Standing {
    if isWithdrawn(problem) { return .withdrawn }
    if stage(of: problem).stage.isClosed { return outcome(of: problem) == .longTerm ? .longTerm : .done }
    // An adopted outcome stands only until the ledger's own work on the problem begins.
    guard !hasTransition(problem) else { return .underWay }
    switch self[problem]?.text(.adopted) {
    case "done": return .adoptedDone
    case "under_way": return .adoptedUnderWay
    case "long_term": return .adoptedLongTerm
    default: return .underWay
    }
  }

  /// How the last closing of `problem` ended; nil when it was never closed.
  package func outcome(of problem: EntityID) -> Outcome? {
    guard let closing = transitions(of: problem).last(where: { $0.edit.value.text == Stage.closed.rawValue }) else {
      return nil
    }
    return self[.created(closing.edit.id)]?.text(.outcome).flatMap(Outcome.init(rawValue:)) ?? .done
  }

  /// The greatest receipt among the accepted edits that are shown of `id` and of all that stands under it.
  package func lastMoved(_ id: EntityID) -> Stamp? {
    guard let entity = self[id] else { return nil }
    var last = entity.creation?.receipt
    for cell in entity.cells.all.values { last = max(last ?? .zero, cell.winner.receipt) }
    for child in entity.children.values.joined() {
      if let moved = lastMoved(child) { last = max(last ?? .zero, moved) }
    }
    return last
  }

  /// Whether something of `id` was accepted on or after `day` in China.
  package func hasMoved(_ id: EntityID, since day: CivilDate?) -> Bool {
    guard let day, let last = lastMoved(id) else { return false }
    return last >= day.start
  }
}
