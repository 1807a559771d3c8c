package import EditModel

/// Whom a problem names: what decides which seats see it, and to which it is their own.
///
/// A function of accepted edits: of the problem's own fields, its measures' units and its parts.
package struct Audience: Hashable, Sendable {
  /// The office that leads it.
  package var leadUnit: ExactString?
  /// The leader in charge, by name or duty.
  package var leader: ExactString?
  /// Every other office or village that it names: those that join it, answer for a measure, are concerned or have a part.
  package var places: Set<ExactString>
  /// The seat that registered it; nil for a problem of the feedback.
  package var finder: SeatID?

  /// A problem that names these.
  package init(
    leadUnit: ExactString? = nil, leader: ExactString? = nil, places: Set<ExactString> = [], finder: SeatID? = nil
  ) {
    self.leadUnit = leadUnit
    self.leader = leader
    self.places = places
    self.finder = finder
  }

  /// Whether the seat's office leads it.
  package func isLed(by seat: SeatFacts) -> Bool { seat.place != nil && seat.place == leadUnit }

  /// Whether it is in the own line of a leader: it names the leader, or what the seat is called.
  package func isInLine(of seat: SeatFacts) -> Bool {
    guard seat.role == .lineLeader, let leader else { return false }
    return leader == seat.holder || leader == seat.place
  }

  /// Whether it names the seat's place beside the one that leads it.
  package func joins(_ seat: SeatFacts) -> Bool { seat.place.map(places.contains) ?? false }

  /// Whether it is assigned to the seat: names its place, is in its line, or was found by it.
  package func names(_ seat: SeatFacts) -> Bool {
    if finder == seat.seat || isLed(by: seat) || isInLine(of: seat) { return true }
    return joins(seat)
  }
}

/// How much of a ledger a seat sees.
package enum Sight: Hashable, Sendable {
  /// Every problem.
  case everything
  /// The problems that are assigned to it; of these, parts of other places only where it leads.
  case assigned
  /// Nothing of the content.
  case nothing
}

/// What an entity belongs to; fixed by its creation.
package enum EntityScope: Hashable, Sendable {
  /// The ledger itself, its aspects and categories: everybody's who has a part in the content.
  case frame
  /// A problem and what stands under it, parts excepted.
  case problem(EntityID)
  /// A part of a problem and what stands under it: its place's.
  case part(EntityID, of: EntityID, place: ExactString)

  /// The problem that it belongs to; nil for the frame.
  package var problem: EntityID? {
    switch self {
    case .frame: nil
    case .problem(let id): id
    case .part(_, let problem, _): problem
    }
  }
}

extension SeatFacts {
  /// The change by which a seat that registers `problem` names itself in it: the village that it concerns, the office that
  /// joins, the leader in charge. Nil for seats that have no place, and for those whose problems are all.
  package func namingItself(in problem: EntityID) -> Change? {
    guard let place = place ?? (role == .lineLeader ? holder : nil) else { return nil }
    let field: FieldName?
    switch role {
    case .villageClerk: field = FieldName.village.member(place.string)
    case .townOffice: field = FieldName.coUnit.member(place.string)
    case .lineLeader: return Change(entity: problem, field: .leader, value: .text(place))
    case .discipline, .secretary, .roundOwner, .county, .admin: return nil
    }
    return field.map { Change(entity: problem, field: $0, value: .text("yes")) }
  }

  /// Whether `change` names the seat itself, and nobody else, in a problem that it registers.
  package func namesItself(_ change: Change) -> Bool {
    if role == .lineLeader, change.field == .leader, let name = change.value.text {
      return Audience(leader: ExactString(name)).isInLine(of: self)
    }
    return namingItself(in: change.entity)?.field == change.field && role != .lineLeader
  }

  /// Whether the seat sees what belongs to `scope`, when the problem of it names `audience`.
  package func sees(_ scope: EntityScope, _ audience: Audience) -> Bool {
    switch role.sight {
    case .everything: return true
    case .nothing: return false
    case .assigned: break
    }
    switch scope {
    case .frame: return true
    case .problem: return audience.names(self)
    case .part(_, _, let place):
      guard audience.names(self) else { return false }
      return place == self.place || audience.isLed(by: self) || audience.isInLine(of: self)
    }
  }
}

extension LedgerState {
  /// What `id` belongs to; nil when it, or something that it stands under, was not created.
  package func scope(of id: EntityID) -> EntityScope? {
    var part: (id: EntityID, place: ExactString)?
    var next = id
    // A chain has few links: note, part, problem, ledger.
    while let kind = kindIfCreated(next) {
      switch kind {
      case .ledger, .aspect, .category: return .frame
      case .problem: return part.map { .part($0.id, of: next, place: $0.place) } ?? .problem(next)
      case .part: part = place(of: next).map { (next, $0) }
      case .measure, .note, .transition: break
      }
      guard let parent = self[next]?.parent else { return nil }
      next = parent
    }
    return nil
  }

  /// Whom `problem` names.
  package func audience(of problem: EntityID) -> Audience {
    guard let entity = self[problem] else { return Audience() }
    var places = Set(entity.members(of: "co_unit")).union(villages(of: problem))
    for measure in children(of: problem, .measure) {
      if let unit = self[measure]?.text(.unit) { places.insert(ExactString(unit)) }
    }
    var finder: SeatID?
    if case .created = problem { finder = entity.creation?.seat }
    return Audience(
      leadUnit: entity.text(.leadUnit).map { ExactString($0) }, leader: entity.text(.leader).map { ExactString($0) },
      places: places, finder: finder)
  }

  /// Whom `problem` names as far as that decides anything for `seat`: the guard asks it with every act of a seat that is
  /// not everywhere's, and most often the problem's own fields tell.
  func audience(of problem: EntityID, for seat: SeatFacts) -> Audience {
    guard let entity = self[problem] else { return Audience() }
    var audience = Audience(
      leadUnit: entity.text(.leadUnit).map { ExactString($0) }, leader: entity.text(.leader).map { ExactString($0) })
    if audience.isLed(by: seat) || audience.isInLine(of: seat) { return audience }
    guard let place = seat.place else { return self.audience(of: problem) }
    let isNamed = LedgerState.naming.contains { $0.member(place.string).map(entity.isYes) ?? false }
    guard isNamed else { return self.audience(of: problem) }
    audience.places = [place]
    return audience
  }

  private static let naming = [FieldName.village, FieldName.coUnit]

  /// Whether `seat` sees `id`: it is there, and it is the seat's to see.
  package func isVisible(_ id: EntityID, to seat: SeatFacts) -> Bool {
    guard let scope = scope(of: id) else { return false }
    return seat.sees(scope, scope.problem.map { audience(of: $0) } ?? Audience())
  }
}
