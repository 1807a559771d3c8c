package import EditModel

/// What the rules read from a state; each question has one answer here, for the guard, the numbers and the screens.
extension LedgerState {
  /// The entities of `kind` under `parent` that exist and are not withdrawn, unsorted.
  package func children(of parent: EntityID, _ kind: Kind) -> [EntityID] {
    self[parent]?.children[kind]?.filter { exists($0) && !isWithdrawn($0) } ?? []
  }

  /// Every problem that exists, withdrawn ones too: those of the feedback by number, then the self-found ones in the
  /// order of their acceptance, own pending ones last.
  package func problems() -> [EntityID] { ordered(self[.root]?.children[.problem] ?? []) }

  /// `id` and everything that stands under it, at whatever depth.
  package func family(of id: EntityID) -> Set<EntityID> {
    var family: Set<EntityID> = [id]
    var rest = [id]
    while let next = rest.popLast() {
      guard let children = self[next]?.children.values else { continue }
      for child in children.joined() where family.insert(child).inserted { rest.append(child) }
    }
    return family
  }

  /// The measures of `problem` that are not withdrawn, those of the plan by number, then those added later.
  package func measures(of problem: EntityID) -> [EntityID] { ordered(Set(children(of: problem, .measure))) }

  /// The parts of `problem` that are not withdrawn, in the order of their places' bytes.
  package func parts(of problem: EntityID) -> [EntityID] {
    children(of: problem, .part).sorted { (place(of: $0) ?? "", $0) < (place(of: $1) ?? "", $1) }
  }

  /// The fields of `id` that have been written and that no field of this version stands for, in byte order.
  package func laterFields(of id: EntityID) -> [FieldName] {
    guard let entity = self[id], let kind = entity.kind else { return [] }
    return Set(entity.cells.all.keys).union(entity.pending.keys).filter { name in
      Vocabulary.field(name, of: kind) == nil && name != .stage && !Vocabulary.isCreating(name)
    }.sorted()
  }

  /// The village or office whose share `part` is.
  package func place(of part: EntityID) -> ExactString? {
    if let name = DerivedName(part) { return name.kind == .part ? name.key : nil }
    guard let entity = self[part], entity.kind == .part else { return nil }
    return entity.creationText.map { ExactString($0) }
  }

  /// The part of `problem` that is `place`'s share; nil when there is none.
  package func part(of problem: EntityID, at place: ExactString) -> EntityID? {
    children(of: problem, .part).filter { self.place(of: $0) == place }.min()
  }

  /// Whether `id` no longer counts: a problem of the feedback by its stage, anything else by its field.
  package func isWithdrawn(_ id: EntityID) -> Bool {
    guard let entity = self[id] else { return false }
    if entity.kind == .problem, stage(of: id).stage == .withdrawn { return true }
    if entity.kind == .problem, case .derived = id { return false }
    return entity.isYes(.withdrawn)
  }

  /// Whether `problem` is a self-found one that was taken back by its field, as an undo does: it never got anywhere, so
  /// that no list and no number has it. It keeps its number.
  package func wasTakenBack(_ problem: EntityID) -> Bool {
    guard DerivedName(problem) == nil, let entity = self[problem] else { return false }
    return entity.isYes(.withdrawn) && stage(of: problem).stage != .withdrawn
  }

  /// The accepted stage of `problem`. A stage key of a later version counts as `working`: it is neither closed nor new.
  package func stage(of problem: EntityID) -> StageFact {
    guard let winner = self[problem]?.cells[.stage]?.winner.edit else { return .initial }
    return StageFact(stage: winner.value.text.flatMap(Stage.init(rawValue:)) ?? .working, edit: winner.id)
  }

  /// The stage that an own pending transition asks for; nil when there is none.
  package func pendingStage(of problem: EntityID) -> Stage? {
    self[problem]?.pending[.stage]?.value.text.flatMap(Stage.init(rawValue:))
  }

  /// Whether `problem` has an accepted transition.
  package func hasTransition(_ problem: EntityID) -> Bool { self[problem]?.cells[.stage] != nil }

  /// The accepted transitions of `problem`, in the order of the server.
  package func transitions(of problem: EntityID) -> [AcceptedEdit] {
    let ids = self[problem]?.children[.transition] ?? []
    return ids.compactMap { self[$0]?.creation }.sorted { $0.seq < $1.seq }
  }

  /// The notes under `id` that are not withdrawn, accepted ones in the order of the server, own pending ones last.
  package func notes(of id: EntityID) -> [EntityID] { ordered(Set(children(of: id, .note))) }

  /// The wording of a problem, a measure, an aspect or a category: its own, else the source's, else its creation's.
  package func wording(of id: EntityID) -> String? {
    guard let entity = self[id] else { return nil }
    if let text = entity.text(.wording) ?? entity.text(.sourceText) { return text }
    if case .created = id { return entity.creationText }
    return nil
  }

  /// How far the measure or part `id` is.
  package func workState(of id: EntityID) -> WorkState {
    self[id]?.text(.state).flatMap(WorkState.init(rawValue:)) ?? .notStarted
  }

  /// The outcome that a closing would usually have: long-term when the problem or one of its measures is, else done.
  package func suggestedOutcome(of problem: EntityID) -> Outcome {
    if self[problem]?.text(.rectification) == "long_term" { return .longTerm }
    return children(of: problem, .measure).contains { workState(of: $0) == .longTerm } ? .longTerm : .done
  }

  /// The villages that the problem concerns by its `village/…` fields, and those that have a part, in byte order.
  package func villages(of problem: EntityID) -> [ExactString] {
    let listed = self[problem]?.members(of: "village") ?? []
    return Set(listed).union(children(of: problem, .part).compactMap { place(of: $0) }).sorted()
  }

  /// Derived ids by their numbers, then entities in the order of acceptance, then own pending ones.
  func ordered(_ ids: Set<EntityID>) -> [EntityID] {
    ids.filter { exists($0) }.map { OrderedPlace(of: $0, in: self) }.sorted().map(\.id)
  }
}

/// Where an entity stands among those of its kind under one parent.
private struct OrderedPlace: Comparable {
  let group: Int
  let number: UInt64
  let id: EntityID

  init(of id: EntityID, in state: LedgerState) {
    self.id = id
    if let number = DerivedName(id).flatMap({ Decimal.number($0.key.string) }) {
      (group, self.number) = (0, number)
    } else if let creation = state[id]?.creation {
      (group, self.number) = (1, creation.seq)
    } else if case .created(let edit) = id {
      (group, self.number) = (2, edit.n << 11 | UInt64(edit.i))
    } else {
      (group, self.number) = (3, 0)
    }
  }

  static func < (left: OrderedPlace, right: OrderedPlace) -> Bool {
    if left.group != right.group { return left.group < right.group }
    return left.number == right.number ? left.id < right.id : left.number < right.number
  }
}

/// How a closed problem ended. The raw value is the value of the closing transition's `outcome`.
package enum Outcome: String, CaseIterable, Sendable {
  /// Put right.
  case done
  /// Put right as far as it can be, and kept up.
  case longTerm = "long_term"
}
