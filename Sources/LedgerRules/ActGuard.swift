package import EditModel

/// The server's judgement of an act: what is enforced of the town's rules now. A function of the act, the seat and the
/// state before it; the act's earlier edits count, and for a transition all of them.
///
/// Of every edit is asked, in this order: whether the seat sees what it speaks of (what it does not see is not there),
/// whether such a thing may stand there, whether the seat has the right that it takes (`Rights`), whether the value is one
/// that the field can have. Transitions follow `StageTable`; append-only things take no later edit but `withdrawn`; an
/// outcome is adopted with its source and before the first transition. Values of unknown fields pass.
package enum ActGuard {
  /// Why `act` from `seat` is refused in `state`, or nil when it is to be accepted. `holders` are known to the server only;
  /// without them nobody is taken for the same person.
  package static func refusal(
    of act: Act, by seat: SeatFacts, in state: LedgerState, holders: SeatHolders = SeatHolders()
  ) -> Refusal? {
    var judgement = ActJudgement(act: act, seat: seat, state: state, holders: holders)
    do throws(Refusal) {
      try judgement.judge()
      return nil
    } catch {
      return error
    }
  }
}

/// One act on its way through the guard. A value on the stack of `ActGuard.refusal`.
struct ActJudgement {
  let act: Act
  let seat: SeatFacts
  let state: LedgerState
  let holders: SeatHolders
  /// What the act's edits so far have created.
  private(set) var created: [EntityID: Vocabulary.Creation] = [:]
  /// The problems that the act's edits so far have a transition of.
  private var moved: Set<EntityID> = []
  /// What the seat may do everywhere: for most seats and edits the only question about rights.
  let everywhere: RightSet
  /// Whom the problem that was last asked about names, for the seats that need it.
  var known: (problem: EntityID, audience: Audience)?

  init(act: Act, seat: SeatFacts, state: LedgerState, holders: SeatHolders) {
    self.holders = holders
    self.act = act
    self.seat = seat
    self.state = state
    self.everywhere = Rights.everywhere(for: seat.role)
  }

  mutating func judge() throws(Refusal) {
    var transitions: [Edit] = []
    for edit in act.edits {
      guard let made = Vocabulary.creation(by: edit) else {
        try judgeField(edit)
        continue
      }
      try judgeCreation(edit, made)
      if made.kind == .transition { transitions.append(edit) }
      if act.edits.count > 1 { created[made.entity] = made }
    }
    // Last, because what a transition requires may stand anywhere in its act.
    for edit in transitions { try judgeTransition(edit) }
  }

  /// The kind of `id` when it is there, before the act or by an earlier edit of it.
  private func kind(of id: EntityID) -> Kind? {
    state.kindIfCreated(id) ?? created[id]?.kind
  }

  private mutating func judgeCreation(_ edit: Edit, _ made: Vocabulary.Creation) throws(Refusal) {
    guard let parentKind = kind(of: made.parent), sees(made.parent) else { throw .absent(made.parent) }
    let isDerived = made.entity == edit.entity
    if let name = DerivedName(made.entity) {
      guard made.kind == .part || may(.feed, on: made.parent) else { throw .forbidden(.derivedID) }
      guard edit.value == .text(name.key) else { throw .value(edit.field) }
    }
    guard isDerived || made.kind.parents.contains(parentKind) else { throw .forbidden(.parent) }
    try judgeRight(toMake: made, by: edit)
    guard let rule = Vocabulary.creationRule(of: made.kind), rule.accepts(edit.value) else {
      throw .value(edit.field)
    }
    // A place is also a field's member (`village/PLACE`), so it must be a name wherever it stands.
    if made.kind == .part, !Name.isValid(edit.value.text ?? "") { throw .value(edit.field) }
    if made.kind == .transition, !moved.insert(made.parent).inserted { throw .forbidden(.oneTransition) }
  }

  private mutating func judgeField(_ edit: Edit) throws(Refusal) {
    guard let kind = kind(of: edit.entity), sees(edit.entity) else { throw .absent(edit.entity) }
    if kind.isAppendOnly, created[edit.entity] == nil, ActJudgement.meant(by: edit.field) != .withdrawn {
      throw .appendOnly(edit.entity)
    }
    let rule = Vocabulary.field(edit.field, of: kind)
    if rule == nil {
      // A field that makes things elsewhere, or has a kind's name, would be taken for a creation by a reader that knows less.
      if Vocabulary.isCreating(edit.field) || Kind(rawValue: edit.field.text.string) != nil {
        throw .forbidden(.parent)
      }
    }
    if kind == .problem, edit.field == .withdrawn, case .derived = edit.entity { throw .forbidden(.withdrawByStage) }
    let right = Vocabulary.right(rule, of: edit.field, kind)
    if !everywhere.contains(right) { try judgeRight(right, toSet: edit, of: kind) }
    guard let rule else { return }
    guard rule.accepts(edit.value) else { throw .value(edit.field) }
    if kind == .problem { try judgeAdoption(edit) }
  }

  /// The field whose rules an edit of `field` follows: of a settlement the one that its clash is of.
  static func meant(by field: FieldName) -> FieldName { Settlement(field)?.field ?? field }

  private func judgeAdoption(_ edit: Edit) throws(Refusal) {
    guard edit.field == .adopted || edit.field == .adoptedSource else { return }
    let movesHere = act.edits.contains { $0.entity == edit.entity && $0.field == .stage }
    guard !movesHere, !state.hasTransition(edit.entity) else { throw .forbidden(.adoptedLate) }
    guard edit.field == .adopted, edit.value != .cleared else { return }
    let hasSource = act.edits.contains {
      $0.entity == edit.entity && $0.field == .adoptedSource && $0.value != .cleared
    }
    guard hasSource else { throw .forbidden(.adoptedSource) }
  }
}
