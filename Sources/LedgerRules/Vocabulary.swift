/// # LedgerRules
///
/// The town's rules as pure functions over values: the vocabulary, the state that accepted edits fold to, who may do
/// what, the stages, the numbers of the board, dates, and how people refer to a problem. It may import `EditModel` and
/// nothing else: no clock, no file, no socket, no log, no random number; today and the seat are arguments.
package import EditModel

/// The kinds, their fields, and what creates what. `protocol/vocabulary.tsv` is the same as data; a test compares them.
package enum Vocabulary {
  /// What an edit creates.
  package struct Creation: Hashable, Sendable {
    /// The kind of the new entity.
    package let kind: Kind
    /// The new entity's id: the edit's own entity for a derived id, else the edit's identity.
    package let entity: EntityID
    /// What it stands under.
    package let parent: EntityID
  }

  /// The rule of `name` for entities of `kind`, nil when it is unknown there (unknown fields are kept and passed on).
  package static func field(_ name: FieldName, of kind: Kind) -> FieldRule? {
    guard let ofKind = byKind[kind] else { return nil }
    if let rule = ofKind[name.text] { return rule.cardinality == .single ? rule : nil }
    guard name.member != nil, let rule = ofKind[name.head], rule.cardinality == .member else { return nil }
    return rule
  }

  /// The fields of `kind`, in the order in which a form shows them.
  package static func fields(of kind: Kind) -> [FieldRule] { fields.filter { $0.kind == kind } }

  /// The rule for the value of an edit that creates a `kind`; nil for the ledger, which no edit creates.
  package static func creationRule(of kind: Kind) -> FieldRule? { creationRules[kind] }

  /// What `edit` creates, by its field and the form of its entity alone; nil when it sets a field.
  ///
  /// `p15 problem 15` and `p15.2 measure 2` create what they name; `p15 note …`, `p15 measure …` and `p15 stage …` create
  /// an entity named by the edit, under p15. Whether the parent is of a kind that may have it is the guard's question.
  package static func creation(by edit: Edit) -> Creation? {
    guard let kind = creatingKinds[edit.field.text] else { return nil }
    switch edit.entity {
    case .root:
      guard kind.parents.contains(.ledger) else { return nil }
    case .created:
      guard !kind.parents.isEmpty, kind != .problem else { return nil }
    case .derived:
      guard let name = DerivedName(edit.entity) else { return nil }
      if name.kind == kind { return Creation(kind: kind, entity: edit.entity, parent: name.parent) }
      // Under a problem of the feedback a part is named by its place, so that two creations of it meet.
      guard kind.parents.contains(name.kind), kind != .part else { return nil }
    }
    return Creation(kind: kind, entity: .created(edit.id), parent: edit.entity)
  }

  /// Whether `field` is one that creates an entity on some entity.
  package static func isCreating(_ field: FieldName) -> Bool { creatingKinds[field.text] != nil }

  /// How the winner among the edits of a field is found; by its name alone, so that it never depends on what came first.
  package static func mergeRule(of field: FieldName) -> MergeRule { field == .stage ? .serverOrder : .lastWriter }

  private static let creatingKinds: [ExactString: Kind] = {
    var kinds: [ExactString: Kind] = [:]
    for kind in Kind.allCases {
      if let field = kind.creatingField { kinds[field.text] = kind }
    }
    return kinds
  }()

  private static let byKind: [Kind: [ExactString: FieldRule]] = {
    var table: [Kind: [ExactString: FieldRule]] = [:]
    for rule in fields { table[rule.kind, default: [:]][rule.name.text] = rule }
    return table
  }()

  private static let creationRules: [Kind: FieldRule] = {
    var table: [Kind: FieldRule] = [:]
    for rule in creations { table[rule.kind] = rule }
    return table
  }()
}
