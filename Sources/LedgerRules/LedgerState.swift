package import EditModel

/// A place where a winner stands: a field of an entity, or an entity's creation.
package struct CellKey: Hashable, Sendable {
  /// The entity; for a creation the created one.
  package let entity: EntityID
  /// The field; for a creation the created entity's kind.
  package let field: FieldName

  /// The place `field` of `entity`.
  package init(entity: EntityID, field: FieldName) {
    self.entity = entity
    self.field = field
  }

  /// The place of the creation of `entity`, which is of `kind`.
  package init(creationOf entity: EntityID, kind: Kind) {
    self.entity = entity
    self.field = CellKey.creationFields[kind] ?? FieldName(known: kind.rawValue)
  }

  /// A kind's name as a field; made once, creations are frequent.
  private static let creationFields: [Kind: FieldName] = {
    var names: [Kind: FieldName] = [:]
    for kind in Kind.allCases { names[kind] = FieldName(kind.rawValue) }
    return names
  }()
}

extension CellKey: Comparable {
  /// By the bytes of the entity's text, then of the field's.
  package static func < (left: CellKey, right: CellKey) -> Bool {
    left.entity == right.entity ? left.field < right.field : left.entity < right.entity
  }
}

/// What the accepted edits of a ledger fold to: entities, their winning cells, and what stands under what.
///
/// A function of the set of edits that it has seen: order and repetition do not matter, an edit may come before the
/// creation of its entity. Judging is not its business (`ActGuard`); it takes what was accepted. A value: its owner is
/// whoever holds it (the server's ledger machine; a device's confirmed view).
package struct LedgerState: Hashable, Sendable {
  private var entities: [EntityID: EntityState] = [.root: EntityState(kind: .ledger, parent: nil)]

  /// The kind of every entity that exists. The same is in `entities`; but the guard asks it for every edit, and looking
  /// an entity up there copies it out with all that it holds.
  private var kinds: [EntityID: Kind] = [.root: .ledger]

  /// A ledger that nobody has written to.
  package init() {}

  /// The entity `id`; nil when nothing is known of it. One whose creation has not come has `exists` false.
  package subscript(_ id: EntityID) -> EntityState? { entities[id] }

  /// Every entity that something is known of, in no particular order.
  package var all: [EntityID: EntityState] { entities }

  /// Whether `id` was created.
  package func exists(_ id: EntityID) -> Bool { kinds[id] != nil }

  /// The kind of `id` when it was created.
  func kindIfCreated(_ id: EntityID) -> Kind? { kinds[id] }

  /// The places whose winner `accepted` became: none when it is known or loses; two for a transition. O(1).
  @discardableResult
  package mutating func apply(_ accepted: AcceptedEdit) -> ChangedCells {
    let edit = accepted.edit
    guard let made = Vocabulary.creation(by: edit) else {
      return ChangedCells(edit, isCreation: false, isField: merge(accepted))
    }
    let isCreation = entities[made.entity, default: LedgerState.blank(made.entity)].create(accepted, as: made)
    kinds[made.entity] = made.kind
    entities[made.parent, default: LedgerState.blank(made.parent)].addChild(made.entity, of: made.kind)
    return ChangedCells(edit, isCreation: isCreation, isField: made.kind == .transition && merge(accepted))
  }

  /// Lays an own edit that the server has not accepted over the accepted ones: it is shown whatever its stamp.
  ///
  /// To be called in the order of `n` and `i`, on a copy: what is shown is never taken back, and no copy of it counts as
  /// accepted (`winners`, `canonicalLines` and `stage(of:)` do not know of it).
  package mutating func show(_ edit: Edit) {
    guard let made = Vocabulary.creation(by: edit) else {
      entities[edit.entity, default: LedgerState.blank(edit.entity)].show(edit)
      return
    }
    entities[made.entity, default: LedgerState.blank(made.entity)].showCreation(edit, as: made)
    kinds[made.entity] = made.kind
    entities[made.parent, default: LedgerState.blank(made.parent)].addChild(made.entity, of: made.kind)
    if made.kind == .transition { entities[edit.entity, default: LedgerState.blank(edit.entity)].show(edit) }
  }

  /// Every accepted edit that wins a place, creations included, each once, in the order of the server.
  package func winners() -> [AcceptedEdit] {
    var winners: [AcceptedEdit] = []
    for entity in entities.values {
      if let creation = entity.creation { winners.append(creation) }
      // A stage that wins is its transition's creation too, which the transition's own entry has brought.
      for (field, cell) in entity.cells.all where field != .stage { winners.append(cell.winner) }
    }
    winners.sort { $0.seq < $1.seq }
    return winners
  }

  /// One line `entity field edit` per place that has a winner, in the order of the bytes.
  ///
  /// Two replicas hold the same confirmed cells exactly when these lines are the same; a replica's state hash is made
  /// from them. The edit's identity stands for its content, which never changes.
  package func canonicalLines() -> [String] {
    var lines: [ExactString] = []
    for (id, entity) in entities {
      if let creation = entity.creation, let kind = entity.kind {
        lines.append(ExactString("\(id) \(kind.rawValue) \(creation.edit.id)"))
      }
      for (field, cell) in entity.cells.all { lines.append(ExactString("\(id) \(field) \(cell.winner.edit.id)")) }
    }
    lines.sort()
    return lines.map(\.string)
  }

  private mutating func merge(_ accepted: AcceptedEdit) -> Bool {
    let id = accepted.edit.entity
    if let place = entities.index(forKey: id) { return entities.values[place].merge(accepted) }
    var entity = LedgerState.blank(id)
    let isWinner = entity.merge(accepted)
    entities[id] = entity
    return isWinner
  }

  /// An entity of which nothing is known but what its id says.
  private static func blank(_ id: EntityID) -> EntityState {
    let name = DerivedName(id)
    return EntityState(kind: name?.kind, parent: name?.parent)
  }
}
