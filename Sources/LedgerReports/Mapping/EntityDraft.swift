import EditModel
import LedgerRules

/// The changes that an import has for one entity, in order: its creation, then its fields.
struct EntityDraft {
  private let entity: EntityID
  private let kind: Kind
  private let present: EntityState?
  private let isNew: Bool
  private(set) var changes: [Change] = []

  /// A draft of the ledger itself, which is always there.
  init(ofLedgerIn state: LedgerState) {
    self.entity = .root
    self.kind = .ledger
    self.present = state[.root]
    self.isNew = false
  }

  /// A draft of the entity with the derived id for `kind` and `key`, which is created when it is not there.
  init(creating kind: Kind, key: String, under parent: String? = nil, in state: LedgerState) {
    let name =
      switch kind {
      case .aspect: "a\(key)"
      case .category: "c\(key)"
      case .problem: "p\(key)"
      default: "\(parent ?? "").\(key)"
      }
    self.entity = .derived(ExactString(name))
    self.kind = kind
    self.present = state[entity]
    self.isNew = !state.exists(entity)
    if isNew, let field = kind.creatingField {
      changes.append(Change(entity: entity, field: field, value: .text(ExactString(key))))
    }
  }

  /// Sets a field that nobody has written yet; one that somebody cleared was written.
  mutating func fill(_ field: String, _ value: String?) {
    guard let name = FieldName(field), present?.cells[name] == nil, present?.pending[name] == nil
    else { return }
    set(name, value)
  }

  /// Sets a working field of an entity that this act creates.
  mutating func fillNew(_ field: String, _ value: String?) {
    guard isNew, let name = FieldName(field) else { return }
    set(name, value)
  }

  /// Sets members of a working field to yes, when this act creates the entity.
  mutating func fillNewMembers(_ field: String, _ members: [String]) {
    var seen: Set<String> = []
    for member in members.map(MemberName.text) where seen.insert(member).inserted {
      fillNew("\(field)/\(member)", "yes")
    }
  }

  /// Sets a source field where the ledger says something else; a value that the report no longer has is cleared.
  mutating func source(_ field: String, _ value: String?) {
    guard let name = FieldName(field) else { return }
    let known = present?.text(name)
    guard let wanted = value.flatMap({ cleaned($0, for: name) }) else {
      if known != nil { changes.append(Change(entity: entity, field: name, value: .cleared)) }
      return
    }
    if known == nil || ExactString(known ?? "") != wanted {
      changes.append(Change(entity: entity, field: name, value: .text(wanted)))
    }
  }

  /// Sets the members of a source field to what the report names; a member that it no longer names is cleared.
  mutating func sourceMembers(_ field: String, _ members: [(name: String, value: String)]) {
    var wanted: Set<String> = []
    for member in members {
      let name = MemberName.text(member.name)
      if wanted.insert(name).inserted { source("\(field)/\(name)", member.value) }
    }
    for known in knownMembers(of: ExactString(field)) where !wanted.contains(known) {
      source("\(field)/\(known)", nil)
    }
  }

  /// The members of `head` with any value; `EntityState.members` gives only those that are yes.
  private func knownMembers(of head: ExactString) -> [String] {
    guard let present else { return [] }
    let names = Set(present.cells.all.keys).union(present.pending.keys)
    return names.filter { $0.head == head && present.text($0) != nil }.compactMap(\.member).sorted()
      .map(\.string)
  }

  private mutating func set(_ field: FieldName, _ value: String?) {
    guard let text = value.flatMap({ cleaned($0, for: field) }) else { return }
    changes.append(Change(entity: entity, field: field, value: .text(text)))
  }

  /// `text` as a line of the protocol can hold it: no controls, and one line where the field is one; nil when nothing is
  /// left. Done before values are compared, so that what was cleaned once is not a difference.
  private func cleaned(_ text: String, for field: FieldName) -> ExactString? {
    EntityDraft.cleaned(text, for: field, of: kind)
  }

  /// The same for a field of `kind`.
  static func cleaned(_ text: String, for field: FieldName, of kind: Kind) -> ExactString? {
    let isOneLine =
      switch Vocabulary.field(field, of: kind)?.type {
      case .line, .name: true
      default: false
      }
    var kept = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar == "\n" || scalar == "\t" {
        kept.append(isOneLine ? " " : scalar)
      } else if scalar.properties.generalCategory != .control {
        kept.append(scalar)
      }
    }
    return kept.isEmpty ? nil : ExactString(String(kept))
  }
}
