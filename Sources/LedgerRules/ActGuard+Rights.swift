import EditModel

/// Whether the seat sees what an edit speaks of, and has the right that it takes. Both are judged on the state before the
/// act: nobody gains a right by an edit of the same act.
extension ActJudgement {
  /// Whether the seat sees `id`, which is there. What the act itself has made was judged when it was made.
  mutating func sees(_ id: EntityID) -> Bool {
    if everywhere.contains(.see) || !state.exists(id) { return true }
    guard let scope = state.scope(of: id) else { return false }
    return seat.sees(scope, audience(of: scope))
  }

  /// Whether the seat has `right` on `id`.
  mutating func may(_ right: Right, on id: EntityID) -> Bool {
    if everywhere.contains(right) { return true }
    let reach = Rights.reach(of: right, for: seat.role)
    guard reach != .none, let scope = scope(of: id) else { return false }
    return reach.covers(scope, audience(of: scope), for: seat)
  }

  mutating func judgeRight(toMake made: Vocabulary.Creation, by edit: Edit) throws(Refusal) {
    switch made.kind {
    // Asked by the derived id.
    case .ledger, .aspect, .category: return
    case .problem:
      guard DerivedName(made.entity) != nil || Rights.reach(of: .find, for: seat.role) != .none else {
        throw .forbidden(.find)
      }
    case .measure:
      // A measure of the plan that was fed back has a derived id, and is the feedback's.
      guard DerivedName(made.entity) != nil || may(.split, on: made.parent) else { throw .forbidden(.split) }
    case .part:
      guard may(.split, on: made.parent) || isOwn(edit.value) else { throw .forbidden(.split) }
    case .note: guard may(.work, on: made.parent) else { throw .forbidden(.work) }
    // `StageTable` says who, on the whole act.
    case .transition: return
    }
  }

  /// Judges an edit of a field whose `right` the seat does not have everywhere.
  mutating func judgeRight(_ right: Right, toSet edit: Edit, of kind: Kind) throws(Refusal) {
    if may(right, on: edit.entity) { return }
    if ActJudgement.meant(by: edit.field) == .withdrawn, takesBackOwn(edit, kind) { return }
    if !state.exists(edit.entity), created[edit.entity] != nil {
      // What a transition says, it says in its own act.
      if kind == .transition, right == .move { return }
      if kind == .problem, right == .text || seat.namesItself(edit.change) { return }
    }
    throw .forbidden(Refusal.Ban(right))
  }

  /// Whether `value` is the place of a seat that works: it may make its own part of what it sees.
  private func isOwn(_ value: EditValue) -> Bool {
    guard let place = seat.place, Rights.reach(of: .work, for: seat.role) != .none else { return false }
    return value == .text(place)
  }

  /// Whether the seat takes back what it made itself: a note, a problem that nobody has moved yet, its own part. A part
  /// that somebody else withdrew it may make again by clearing the field.
  private func takesBackOwn(_ edit: Edit, _ kind: Kind) -> Bool {
    let isMaker = state.exists(edit.entity) ? state[edit.entity]?.creation?.seat == seat.seat : true
    switch kind {
    case .note: return isMaker
    case .problem: return isMaker && !state.hasTransition(edit.entity)
    case .part:
      guard let place = place(of: edit.entity), isOwn(.text(place)) else { return false }
      return isMaker || edit.value != .text("yes")
    case .ledger, .aspect, .category, .measure, .transition: return false
    }
  }

  /// What `id` belongs to, also when the act itself has made it.
  private func scope(of id: EntityID) -> EntityScope? {
    if let scope = state.scope(of: id) { return scope }
    guard let made = created[id] else { return nil }
    switch made.kind {
    case .ledger, .aspect, .category: return .frame
    case .problem: return .problem(id)
    case .part: return place(of: id).map { .part(id, of: made.parent, place: $0) }
    case .measure, .note, .transition: return scope(of: made.parent)
    }
  }

  private mutating func audience(of scope: EntityScope) -> Audience {
    guard let problem = scope.problem else { return Audience() }
    if let known, known.problem == problem { return known.audience }
    // A problem that the act registers names nobody yet but who registers it.
    let audience = state.exists(problem) ? state.audience(of: problem, for: seat) : Audience(finder: seat.seat)
    known = (problem, audience)
    return audience
  }
}
