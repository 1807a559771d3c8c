package import EditModel
package import LedgerRules

/// A ledger, or one thing of it, as JSON for programs: keys and values as on the wire, nothing worded.
package struct LedgerDocument: Sendable {
  private let state: LedgerState
  private let reader: Reader
  private let question: NumbersQuestion

  /// Documents of `state` with what `reader` may read; `question` says on what day something is overdue.
  package init(of state: LedgerState, for reader: Reader, asked question: NumbersQuestion) {
    self.state = state
    self.reader = reader
    self.question = question
  }

  /// The whole ledger with everything in it.
  package func ledger(named name: String) -> JSONValue {
    .object([
      JSONMember("ledger", .string(name)), JSONMember("today", .string(question.today.description)),
      JSONMember("fields", fields(of: .root)),
      JSONMember("aspects", .array(groups(.aspect).map(entity))),
      JSONMember("categories", .array(groups(.category).map(entity))),
      JSONMember("problems", .array(state.problems().map(entity))),
    ])
  }

  /// One thing with what stands under it.
  package func entity(_ id: EntityID) -> JSONValue {
    var members = [
      JSONMember("id", .string(id.description)),
      JSONMember("reference", .string(ReferenceText.text(for: id, in: state))),
      JSONMember("kind", .optional(state[id]?.kind?.rawValue)),
    ]
    let kind = state[id]?.kind
    if kind == .problem { members += progress(id) }
    if let text = state.wording(of: id) { members.append(JSONMember("text", .string(text))) }
    members.append(JSONMember("fields", fields(of: id)))
    if kind == .problem {
      members.append(JSONMember("measures", .array(state.measures(of: id).map(entity))))
      members.append(JSONMember("parts", .array(state.parts(of: id).map(entity))))
      if reader.reads(.transition) {
        members.append(JSONMember("transitions", .array(state.transitions(of: id).map(transition))))
      }
    }
    if reader.reads(.note), kind.map(Kind.note.parents.contains) == true {
      members.append(JSONMember("notes", .array(state.notes(of: id).map(note))))
    }
    return .object(members)
  }

  /// The numbers of a problem, as list and board have them.
  package func progress(_ id: EntityID) -> [JSONMember] {
    let progress = ProblemProgress(of: id, in: state, asked: question)
    var members = [JSONMember("standing", .string(progress.standing.rawValue))]
    if reader.reads(.transition) {
      members =
        [
          JSONMember("stage", .string(progress.stage.rawValue)),
          JSONMember("pending_stage", .optional(progress.pendingStage?.rawValue)),
        ] + members
    }
    if reader.reads(.deadline, of: .problem) {
      members += [
        JSONMember("deadline", .optional(progress.deadline?.description)),
        JSONMember("overdue", .bool(progress.isOverdue)), JSONMember("light", .optional(progress.light?.rawValue)),
      ]
    }
    return members + [
      JSONMember("lead_unit", .optional(progress.leadUnit?.string)),
      JSONMember("measures_finished", .count(progress.measuresFinished)),
    ]
  }

  private func groups(_ kind: Kind) -> [EntityID] {
    state.children(of: .root, kind).sorted { number(of: $0) < number(of: $1) }
  }

  private func number(of id: EntityID) -> UInt64 {
    DerivedName(id).flatMap { Decimal.number($0.key.string) } ?? .max
  }

  /// Every written field that the reader may read, in byte order, unknown ones too; a cleared one is left out.
  private func fields(of id: EntityID) -> JSONValue {
    guard let entity = state[id], let kind = entity.kind else { return .object([]) }
    let names = Set(entity.cells.all.keys).union(entity.pending.keys).sorted()
    return .object(
      names.compactMap { name in
        guard name != .stage, reader.reads(name, of: kind), let text = entity.text(name) else { return nil }
        return JSONMember(name.description, .string(text))
      })
  }

  private func note(_ id: EntityID) -> JSONValue {
    let creation = state[id]?.creation
    return .object([
      JSONMember("id", .string(id.description)),
      JSONMember("text", .optional(state[id]?.creationText)),
      JSONMember("seat", .optional(creation?.seat.description)),
      JSONMember("stamp", .optional(creation?.edit.stamp.description)),
      JSONMember("fields", fields(of: id)),
    ])
  }

  private func transition(_ accepted: AcceptedEdit) -> JSONValue {
    let id = EntityID.created(accepted.edit.id)
    return .object([
      JSONMember("id", .string(id.description)),
      JSONMember("stage", .optional(accepted.edit.value.text)),
      JSONMember("seat", .string(accepted.seat.description)),
      JSONMember("receipt", .string(accepted.receipt.description)),
      JSONMember("fields", fields(of: id)),
    ])
  }
}
