import EditModel

/// The guarded stage: a transition is judged on the state before the act plus all other edits of the act.
extension ActJudgement {
  func judgeTransition(_ edit: Edit) throws(Refusal) {
    let problem = edit.entity
    guard let key = edit.value.text, let target = Stage(rawValue: key) else { throw .value(.stage) }
    let current = state.stage(of: problem)
    guard edit.base == current.edit else { throw .stageMoved(current.stage, current.edit) }
    guard let row = StageTable.row(from: current.stage, to: target) else { throw .stagePath(current.stage, target) }
    if let ground = state.refusedSeat(for: row, of: problem, to: seat, holders) { throw .stageSeat(ground) }
    let missing = row.requirements.filter { $0.isChecked && !isMet($0, by: edit) }
    guard missing.isEmpty else { throw .stageNeeds(missing) }
  }

  private func isMet(_ requirement: Requirement, by transition: Edit) -> Bool {
    let problem = transition.entity
    let own = EntityID.created(transition.id)
    return switch requirement {
    case .measure: !measures(of: problem).isEmpty
    case .leadUnit: text(problem, .leadUnit) != nil
    case .leader: text(problem, .leader) != nil
    case .deadline: text(problem, .deadline) != nil
    case .closingStandard: text(problem, .closingStandard) != nil
    case .measuresFinished: measures(of: problem).allSatisfy { isFinished($0) }
    case .effect: text(problem, .effect) != nil
    case .opinion: text(own, .opinion) != nil
    case .reason: text(own, .reason) != nil
    case .outcome: text(own, .outcome) != nil
    case .villagesReported: villagesReported(problem)
    case .evidence, .numbers, .evidenceOpened, .spotCheck, .meeting, .newDate, .relapse:
      true  // not checked yet, see `Requirement.waitsFor`
    case .otherPerson: true  // judged with the seat, which `refusedSeat` has done
    }
  }

  /// The value of `field` of `entity` with the act's own edits merged in.
  private func text(_ entity: EntityID, _ field: FieldName) -> String? {
    var winner = state[entity]?.cells[field]?.winner.edit
    for edit in act.edits where edit.entity == entity && edit.field == field {
      if let best = winner, EditOrder(edit) < EditOrder(best) { continue }
      winner = edit
    }
    return winner?.value.text
  }

  private func children(of problem: EntityID, _ kind: Kind) -> [EntityID] {
    let made = created.values.filter { $0.kind == kind && $0.parent == problem }.map(\.entity)
    let known: Set<EntityID> = state[problem]?.children[kind] ?? []
    return known.filter { state.exists($0) }.union(made).filter { text($0, .withdrawn) != "yes" }
  }

  private func measures(of problem: EntityID) -> [EntityID] { children(of: problem, .measure) }

  private func isFinished(_ measure: EntityID) -> Bool {
    text(measure, .state).flatMap(WorkState.init(rawValue:))?.isFinished ?? false
  }

  /// Of a problem with several villages every one has a part that is marked as reported. One village alone is not asked.
  private func villagesReported(_ problem: EntityID) -> Bool {
    let parts = children(of: problem, .part)
    let places = Set(state.villages(of: problem)).union(parts.compactMap { place(of: $0) })
    guard places.count > 1 else { return true }
    return places.allSatisfy { place in
      parts.contains { self.place(of: $0) == place && text($0, .reported) == "yes" }
    }
  }

  /// The place of a part, also of one that the act itself makes.
  func place(of part: EntityID) -> ExactString? {
    if let known = state.place(of: part) { return known }
    guard case .created(let id) = part else { return nil }
    return act.edits.first { $0.id == id }?.value.text.map { ExactString($0) }
  }
}
