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
    if let rule = rule(name.text, of: kind) { return rule.cardinality == .single ? rule : nil }
    if Settlement.isOne(name) { return Settlement(name) == nil ? nil : settled }
    guard name.member != nil, let rule = rule(name.head, of: kind), rule.cardinality == .member else { return nil }
    return rule
  }

  /// The fields of `kind`, in the order in which a form shows them.
  package static func fields(of kind: Kind) -> [FieldRule] { fields.filter { $0.kind == kind } }

  /// The rule for the value of an edit that creates a `kind`; nil for the ledger, which no edit creates.
  package static func creationRule(of kind: Kind) -> FieldRule? { creationRules[kind] }

  /// The right that a plain field of `kind` takes: its rule's, else that of fields which this version does not know.
  ///
  /// What says what was fed back is recognised by its name, so that later `source_…` fields are the feedback's too.
  package static func right(_ rule: FieldRule?, of name: FieldName, _ kind: Kind) -> Right {
    if let rule {
      guard rule === settled, let meant = Settlement(name)?.field else { return rule.right }
      return right(field(meant, of: kind), of: meant, kind)
    }
    if name.text.string.utf8.starts(with: "source_".utf8) { return .feed }
    switch kind {
    case .ledger, .aspect, .category: return .frame
    case .problem, .measure, .part, .note: return .work
    case .transition: return .move
    }
  }

  /// How far the value of a field of `kind` may travel; one that this version does not know is the town's own.
  package static func exposure(of name: FieldName, _ kind: Kind) -> FieldRule.Exposure {
    // The bare name of a field with members stands for all of them.
    (field(name, of: kind) ?? rule(name.text, of: kind))?.exposure ?? .internal
  }

  /// What `edit` creates, by its field and the form of its entity alone; nil when it sets a field.
  ///
  /// `p15 problem 15` and `p15.2 measure 2` create what they name; `p15 note …`, `p15 measure …` and `p15 stage …` create
  /// an entity named by the edit, under p15. Whether the parent is of a kind that may have it is the guard's question.
  package static func creation(by edit: Edit) -> Creation? {
    guard let kind = kind(createdBy: edit.field) else { return nil }
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
  package static func isCreating(_ field: FieldName) -> Bool { kind(createdBy: field) != nil }

  /// How the winner among the edits of a field is found; by its name alone, so that it never depends on what came first.
  package static func mergeRule(of field: FieldName) -> MergeRule { field == .stage ? .serverOrder : .lastWriter }

  private static func kind(createdBy field: FieldName) -> Kind? {
    guard let word = packed(field), let place = creatingWords.firstIndex(of: word) else { return nil }
    return creatingKinds[place]
  }

  /// The kinds that an edit can create, and in the same places the fields that do, as words: seven numbers to compare,
  /// asked several times for every edit, where hashing the field was a tenth of deciding an act.
  private static let creatingKinds = Kind.allCases.filter { $0.creatingField != nil }
  private static let creatingWords = creatingKinds.map { kind in
    guard let word = kind.creatingField.flatMap(packed) else {
      preconditionFailure("a creating field has at most eight bytes")
    }
    return word
  }

  /// The bytes of a short name as one number, which is the name's alone: no name has a zero byte. Nil for a longer one.
  private static func packed(_ field: FieldName) -> UInt64? {
    guard field.text.byteCount <= 8 else { return nil }
    var text = field.text.string
    return text.withUTF8 { bytes in
      var word: UInt64 = 0
      for byte in bytes { word = word << 8 | UInt64(byte) }
      return word
    }
  }

  private static func rule(_ name: ExactString, of kind: Kind) -> FieldRule? {
    guard let rules = byName[name], let place = rules.firstIndex(where: { $0.kind == kind }) else { return nil }
    return rules[place]
  }

  /// The rules of all kinds that have a field of a name.
  private static let byName = Dictionary(grouping: fields, by: \.name.text)

  private static let creationRules: [Kind: FieldRule] = {
    var table: [Kind: FieldRule] = [:]
    for rule in creations { table[rule.kind] = rule }
    return table
  }()
}
