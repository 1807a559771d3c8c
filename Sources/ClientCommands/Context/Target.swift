import EditModel
import LedgerClient
import LedgerReports
import LedgerRules

/// The entity that edits are for, and what must be made first.
struct Target {
  let kind: Kind
  /// How people call it.
  let reference: String
  /// Whether it was withdrawn, so that nobody sees what is written to it. Of a part never: that comes back by it.
  let isWithdrawn: Bool
  /// How people call the problem that it stands under, where that was withdrawn.
  let withdrawnProblem: String?
  /// Of a self-found problem, whose number is of this seat and may change, or what stands under one: how that begins.
  let selfFoundText: String?
  private let place: Place

  private enum Place {
    case present(EntityID)
    /// A village's own part that is not there yet, or was withdrawn and comes back.
    case part(of: EntityID, at: ExactString, withdrawn: EntityID?)
  }

  /// What `text` means for this seat when it writes `field`; see `ReferenceText.resolve`.
  init(_ text: String, field: FieldName?, in view: ReplicaView, _ context: CommandContext) throws {
    guard let reference = ReferenceText(text) else { throw context.notReference(text) }
    guard let facts = view.info.facts else {
      self.init(try context.entity(text, in: view), in: view)
      return
    }
    switch reference.resolve(in: view.shown, for: facts, field: field) {
    case .found(let id): self.init(id, in: view)
    case .missingPart(let problem, let place):
      self.init(
        kind: .part, reference: "\(ReferenceText.text(for: problem, in: view.shown))/\(place)",
        place: .part(
          of: problem, at: place, withdrawn: Target.withdrawnPart(of: problem, at: place.string, in: view.shown)),
        withdrawnProblem: Target.withdrawn(problem, in: view.shown),
        selfFoundText: Target.selfFoundText(of: problem, in: view.shown))
    case .absent: throw context.absent(text)
    }
  }

  init(_ id: EntityID, in view: ReplicaView) {
    let kind = view.shown[id]?.kind ?? .problem
    let isWithdrawn = view.shown.isWithdrawn(id)
    var place = Place.present(id)
    if kind == .part, isWithdrawn, let problem = view.shown[id]?.parent, let name = view.shown.place(of: id) {
      place = .part(of: problem, at: name, withdrawn: id)
    }
    self.init(
      kind: kind, reference: ReferenceText.text(for: id, in: view.shown), place: place,
      isWithdrawn: isWithdrawn && kind != .part,
      withdrawnProblem: view.shown.scope(of: id)?.problem.flatMap {
        $0 == id ? nil : Target.withdrawn($0, in: view.shown)
      }, selfFoundText: Target.selfFoundText(of: id, in: view.shown))
  }

  private static func withdrawn(_ problem: EntityID, in state: LedgerState) -> String? {
    state.isWithdrawn(problem) ? ReferenceText.text(for: problem, in: state) : nil
  }

  private static func selfFoundText(of id: EntityID, in state: LedgerState) -> String? {
    guard let problem = state.scope(of: id)?.problem, case .created = problem, let said = state.wording(of: problem)
    else { return nil }
    let line = said.onOneLine
    return line.count > 40 ? line.prefix(40) + "…" : line
  }

  private init(
    kind: Kind, reference: String, place: Place, isWithdrawn: Bool = false, withdrawnProblem: String?,
    selfFoundText: String?
  ) {
    self.kind = kind
    self.reference = reference
    self.place = place
    self.isWithdrawn = isWithdrawn
    self.withdrawnProblem = withdrawnProblem
    self.selfFoundText = selfFoundText
  }

  /// The entity, when it is there already, though it may be withdrawn.
  var present: EntityID? {
    switch place {
    case .present(let id): id
    case .part(_, _, let withdrawn): withdrawn
    }
  }

  /// Whether what is written makes a withdrawn part count again.
  var comesBack: Bool {
    if case .part(_, _, .some) = place { return true }
    return false
  }

  /// The changes of act `act` that set `field`: the creation of what is missing first.
  func changes(of act: ActID, setting field: FieldName, to value: EditValue) -> [Change] {
    switch place {
    case .present(let id): return [Change(entity: id, field: field, value: value)]
    case .part(_, _, let withdrawn?) where field == .withdrawn:
      return [Change(entity: withdrawn, field: field, value: value)]
    case .part(_, _, let withdrawn?):
      return [Target.bringingBack(withdrawn), Change(entity: withdrawn, field: field, value: value)]
    case .part(let problem, let place, nil):
      let creation = Target.part(of: problem, at: place.string)
      let made: EntityID = creation.entity == problem ? .created(act.edit(1)) : creation.entity
      return [creation, Change(entity: made, field: field, value: value)]
    }
  }

  /// The change that creates the part of `problem` at `place`. Under a self-found problem the part is named by its edit.
  static func part(of problem: EntityID, at place: String) -> Change {
    let entity: EntityID =
      DerivedName(problem) == nil ? problem : .derived(ExactString("\(problem).\(place)"))
    return Change(entity: entity, field: partField, value: .text(ExactString(place)))
  }

  /// The part of `problem` at `place` that was made and withdrawn: it is named by its place, so that to make it again
  /// would make nothing, and what is written to it would be seen by nobody.
  static func withdrawnPart(of problem: EntityID, at place: String, in state: LedgerState) -> EntityID? {
    let made = part(of: problem, at: place).entity
    return made != problem && state.exists(made) && state.isWithdrawn(made) ? made : nil
  }

  /// The change that makes a withdrawn part count again.
  static func bringingBack(_ part: EntityID) -> Change {
    Change(entity: part, field: .withdrawn, value: .cleared)
  }

  private static let partField: FieldName = {
    guard let field = Kind.part.creatingField else {
      preconditionFailure("a part is made by an edit")
    }
    return field
  }()
}
