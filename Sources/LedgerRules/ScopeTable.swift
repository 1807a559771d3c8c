package import EditModel

/// What every entity of a ledger belongs to and whom every problem names: what a view that sees less than everything is
/// judged by, without the ledger's state.
///
/// A value; a server's writer keeps one up to date with what it commits and lends it to whoever sends. It always stands
/// at the newest commit: a line is judged by who may see it when it is sent, not when it was written.
package struct ScopeTable: Hashable, Sendable {
  /// Of entities that are named by their creating edit; what a derived id belongs to is read from it.
  private var scopes: [EntityID: EntityScope] = [:]
  private var audiences: [EntityID: Audience] = [:]
  /// Every problem with what stands under it, itself first.
  private var families: [EntityID: [EntityID]] = [:]

  /// A ledger that nobody has written to.
  package init() {}

  /// The ledger as `state` has it.
  package init(_ state: LedgerState) {
    for (id, entity) in state.all where entity.creation != nil {
      guard let scope = state.scope(of: id), let problem = scope.problem else { continue }
      add(id, scope, problem)
      if id == problem { audiences[id] = state.audience(of: id) }
    }
  }

  /// Takes in what a commit brought.
  package mutating func take(_ news: ScopeNews) {
    for (id, scope) in news.created {
      guard let problem = scope.problem else { continue }
      add(id, scope, problem)
    }
    for (problem, audience) in news.audiences { audiences[problem] = audience }
  }

  private mutating func add(_ id: EntityID, _ scope: EntityScope, _ problem: EntityID) {
    if case .created = id { scopes[id] = scope }
    if id == problem, let members = families[problem] {
      families[problem] = [id] + members
    } else {
      families[problem, default: []].append(id)
    }
  }

  /// What `id` belongs to; nil when it is not known to belong anywhere.
  package func scope(of id: EntityID) -> EntityScope? {
    switch id {
    case .root: return .frame
    case .created: return scopes[id]
    case .derived:
      guard let name = DerivedName(id) else { return nil }
      switch name.kind {
      case .problem: return .problem(id)
      case .part: return .part(id, of: name.parent, place: name.key)
      case .ledger, .aspect, .category: return .frame
      case .measure, .note, .transition: return .problem(name.parent)
      }
    }
  }

  /// What the line of `edit` belongs to: what it creates, else what it is an edit of.
  package func scope(ofLine edit: Edit) -> EntityScope? {
    guard let made = Vocabulary.creation(by: edit) else { return scope(of: edit.entity) }
    switch made.kind {
    case .problem: return .problem(made.entity)
    case .ledger, .aspect, .category: return .frame
    case .part:
      guard let problem = scope(of: made.parent)?.problem, let place = edit.value.text else { return nil }
      return .part(made.entity, of: problem, place: ExactString(place))
    case .measure, .note, .transition: return scope(of: made.parent)
    }
  }

  /// Whether `seat` may see the line of `edit` now.
  package func shows(_ edit: Edit, to seat: SeatFacts) -> Bool {
    scope(ofLine: edit).map { shows($0, to: seat) } ?? (seat.role.sight == .everything)
  }

  /// Whether `seat` may see what belongs to `scope` now.
  package func shows(_ scope: EntityScope, to seat: SeatFacts) -> Bool {
    seat.sees(scope, scope.problem.flatMap { audiences[$0] } ?? Audience())
  }

  /// `problem` and everything under it, in no particular order but itself first; empty when there is none.
  package func family(of problem: EntityID) -> [EntityID] { families[problem] ?? [] }
}

/// What a commit means for who sees what.
package struct ScopeNews: Sendable {
  /// Entities that were created, in order.
  package private(set) var created: [(EntityID, EntityScope)] = []
  /// Problems that name others now.
  package private(set) var audiences: [EntityID: Audience] = [:]

  /// A commit that brought nothing of the kind.
  package init() {}

  /// Whether there is nothing to take in.
  package var isEmpty: Bool { created.isEmpty && audiences.isEmpty }

  /// Whether somebody may see more or less than before.
  package var movesAudiences: Bool { !audiences.isEmpty }

  /// Whether `changed` says something that `note` must hear of. Asked for every edit.
  package static func concerns(_ changed: ChangedCells) -> Bool {
    changed.isCreation || changed.isField && Audience.isMoved(by: changed.edit.field)
  }

  /// Takes in an edit that concerns it, when `state` has all of the edit's act.
  package mutating func note(_ changed: ChangedCells, in state: LedgerState) {
    var entity = changed.edit.entity
    var moves = true
    if changed.isCreation, let made = Vocabulary.creation(by: changed.edit) {
      guard let scope = state.scope(of: made.entity) else { return }
      created.append((made.entity, scope))
      entity = made.entity
      moves = Audience.isMoved(by: changed.edit)
    }
    if moves, let problem = state.scope(of: entity)?.problem { audiences[problem] = state.audience(of: problem) }
  }
}

extension Audience {
  /// Whether `edit` may change whom a problem names, judged by the edit alone.
  package static func isMoved(by edit: Edit) -> Bool {
    if isMoved(by: edit.field) { return true }
    let kind = Vocabulary.creation(by: edit)?.kind
    return kind == .problem || kind == .part
  }

  /// Whether an edit of `field` may change whom a problem names, judged by the field's name alone.
  package static func isMoved(by field: FieldName) -> Bool {
    var text = field.text.string
    return text.withUTF8 { bytes in
      guard let first = bytes.first else { return false }
      switch first {
      case UInt8(ascii: "l"): return field == .leadUnit || field == .leader
      case UInt8(ascii: "u"): return field == .unit
      case UInt8(ascii: "w"): return field == .withdrawn
      case UInt8(ascii: "v"): return bytes.starts(with: "village/".utf8)
      case UInt8(ascii: "c"): return bytes.starts(with: "co_unit/".utf8)
      default: return false
      }
    }
  }
}
