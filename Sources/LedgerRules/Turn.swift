package import EditModel

/// Whose turn it is, and whom a problem concerns: what a list for one seat or one office is made of.
///
/// An office may be spelled in several ways (an alias table knows them), so it is always a set of spellings here.
extension LedgerState {
  /// Whether something of `problem` waits for `seat`: its village's share, its office's work, its review.
  ///
  /// `spellings` are the names of the seat's place. Who may take a step is `StageTable`'s to say; whether a share or a
  /// measure is open, the entity's own. A step that waits for the round owner's assignment waits for nobody else.
  package func waits(_ problem: ProblemProgress, for seat: SeatFacts, spelled spellings: Set<ExactString>) -> Bool {
    guard !problem.standing.isFinished, problem.standing != .withdrawn else { return false }
    let isUnderWay = problem.standing == .adoptedUnderWay || StageTable.workingStages.contains(problem.stage)
    switch seat.role {
    case .villageClerk:
      guard let place = seat.place, villages(of: problem.id).contains(place) else { return false }
      return problem.stage == .unclaimed
        || (isUnderWay || problem.stage == .firstReview) && hasOpenShare(problem.id, of: [place])
    case .townOffice:
      guard concerns(problem.id, office: spellings) else { return false }
      let isLead = problem.leadUnit.map(spellings.contains) ?? false
      if isLead, isUnderWay || problem.stage == .unclaimed { return true }
      if isLead, problem.stage == .firstReview, submitter(of: problem.id) != seat.seat { return true }
      return isUnderWay
        && (isJoined(problem.id, by: spellings) || hasOpenShare(problem.id, of: spellings)
          || hasOpenMeasure(problem.id, of: spellings))
    default:
      if seat.role == .lineLeader, !audience(of: problem.id).isInLine(of: seat) { return false }
      return StageTable.rows.contains { row in
        row.to != .withdrawn && row.from.contains(problem.stage) && row.movers.contains { $0.role == seat.role }
      }
    }
  }

  /// Whether the office of these spellings leads `problem`, joins it, or answers for a measure or a part of it.
  package func concerns(_ problem: EntityID, office spellings: Set<ExactString>) -> Bool {
    self[problem]?.text(.leadUnit).map { spellings.contains(ExactString($0)) } ?? false
      || isJoined(problem, by: spellings) || !measures(of: problem, unit: spellings).isEmpty
      || children(of: problem, .part).contains { place(of: $0).map(spellings.contains) ?? false }
  }

  /// The places that the ledger knows as offices: those that lead a problem, join it or answer for a measure, and that
  /// no problem names as a village. A part at such a place is an office's, not a village's.
  package func offices() -> Set<ExactString> {
    var (units, villages): (Set<ExactString>, Set<ExactString>) = ([], [])
    for problem in self[.root]?.children[.problem] ?? [] {
      guard let entity = self[problem] else { continue }
      if let unit = entity.text(.leadUnit) { units.insert(ExactString(unit)) }
      units.formUnion(entity.members(of: "co_unit"))
      villages.formUnion(entity.members(of: "village"))
      for measure in entity.children[.measure] ?? [] {
        if let unit = self[measure]?.text(.unit) { units.insert(ExactString(unit)) }
      }
    }
    return units.subtracting(villages)
  }

  /// The seat that submitted `problem` to the review that it is in; nil when nobody has.
  package func submitter(of problem: EntityID) -> SeatID? { submission(of: problem)?.seat }

  /// The transition by which `problem` was submitted to the review that it is in; nil when nobody has.
  package func submission(of problem: EntityID) -> AcceptedEdit? {
    transitions(of: problem).last { $0.edit.value.text == Stage.firstReview.rawValue }
  }

  private func isJoined(_ problem: EntityID, by spellings: Set<ExactString>) -> Bool {
    !spellings.isDisjoint(with: self[problem]?.members(of: "co_unit") ?? [])
  }

  private func measures(of problem: EntityID, unit spellings: Set<ExactString>) -> [EntityID] {
    children(of: problem, .measure).filter {
      self[$0]?.text(.unit).map { spellings.contains(ExactString($0)) } ?? false
    }
  }

  private func hasOpenMeasure(_ problem: EntityID, of spellings: Set<ExactString>) -> Bool {
    measures(of: problem, unit: spellings).contains { !workState(of: $0).isFinished }
  }

  /// Whether the share of one of `places` is still to be handed in: it has no part yet, or one that is not both reported
  /// and finished. A village's share is there before its part is; an office's is the part.
  private func hasOpenShare(_ problem: EntityID, of places: Set<ExactString>) -> Bool {
    let listed = Set(villages(of: problem)).intersection(places)
    return listed.contains { place in
      part(of: problem, at: place).map { !(self[$0]?.isYes(.reported) ?? false) || !workState(of: $0).isFinished }
        ?? true
    }
  }
}
