package import EditModel

/// How people refer to a problem, a measure or a part: `15`, `15.2`, `15/张百万村`, `自1`.
///
/// Self-found problems are numbered 自1, 自2 … in the order in which the server accepted them; withdrawn ones keep their
/// number, so that none is used twice. One that was not accepted yet has no number and is shown by its identity. The
/// same holds of measures that were added to a problem of the feedback: 15.增1, 15.增2. A measure of a self-found problem
/// is simply 自1.1. `s1` and `15.+1` can be typed where Chinese can't. None of these texts is ever on the wire.
package enum ReferenceText: Hashable, Sendable {
  /// A problem.
  case problem(Number)
  /// A measure of the plan of a problem of the feedback; of a self-found problem any measure.
  case measure(Number, UInt64)
  /// A measure that was added later to a problem of the feedback.
  case addedMeasure(Number, UInt64)
  /// A village's or an office's part of a problem.
  case part(Number, ExactString)
  /// An entity by its id, as it is on the wire.
  case entity(EntityID)

  /// The number of a problem, from 1.
  package enum Number: Hashable, Sendable {
    /// Of the feedback.
    case feedback(UInt64)
    /// Self-found.
    case selfFound(UInt64)
  }

  /// The number of the self-found problem that is meant, or that what is meant stands under; nil where it is none.
  package var selfFoundNumber: UInt64? {
    switch self {
    case .problem(.selfFound(let number)), .measure(.selfFound(let number), _),
      .addedMeasure(.selfFound(let number), _),
      .part(.selfFound(let number), _):
      number
    default: nil
    }
  }

  /// Reads what a person typed; nil when it is no reference.
  package init?(_ text: String) {
    let bytes = text.utf8
    let separator = bytes.firstIndex { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") }
    guard let number = Number(text[..<(separator ?? text.endIndex)]) else {
      // `p15.2` and `q2w8rt5n.9/1` are ids; a bare name or `.` is none that a person means.
      guard let id = EntityID(text), id != .root, DerivedName(id) != nil || text.contains("/") else { return nil }
      self = .entity(id)
      return
    }
    guard let separator else {
      self = .problem(number)
      return
    }
    let rest = text[bytes.index(after: separator)...]
    if bytes[separator] == UInt8(ascii: "/") {
      guard Name.isValid(String(rest)) else { return nil }
      self = .part(number, ExactString(String(rest)))
    } else if let added = ReferenceText.number(rest, after: ["增", "+"]) {
      self = .addedMeasure(number, added)
    } else if let measure = ReferenceText.number(rest) {
      self = .measure(number, measure)
    } else {
      return nil
    }
  }

  /// What a reference means in a state, for a seat.
  package enum Resolution: Hashable, Sendable {
    /// This entity.
    case found(EntityID)
    /// The seat's own part of this problem, which it sees but which has no part of it yet: to be created first.
    case missingPart(problem: EntityID, place: ExactString)
    /// Nothing that is there.
    case absent
  }

  /// What the reference means when `seat` wants to write (or read) `field`; nil for the thing as a whole.
  ///
  /// For a village's seat a problem's number means its own part when the field is one that parts have, or a note.
  package func resolve(in state: LedgerState, for seat: SeatFacts, field: FieldName? = nil) -> Resolution {
    guard let id = entity(in: state) else { return .absent }
    guard state[id]?.kind == .problem, seat.role == .villageClerk, let place = seat.place, let field,
      ReferenceText.isOfParts(field)
    else { return .found(id) }
    if let part = state.part(of: id, at: place) { return .found(part) }
    return state.isVisible(id, to: seat) ? .missingPart(problem: id, place: place) : .found(id)
  }

  /// The entity that the reference names, nil when it is not there.
  package func entity(in state: LedgerState) -> EntityID? {
    let id: EntityID? =
      switch self {
      case .entity(let id): id
      case .problem(let number): number.entity(in: state)
      case .measure(let number, let position): ReferenceText.measure(number, position, in: state)
      case .addedMeasure(let number, let position):
        number.entity(in: state).flatMap { ReferenceText.added($0, .measure, in: state)[at: position] }
      case .part(let number, let place):
        number.entity(in: state).flatMap { ReferenceText.part(of: $0, place, in: state) }
      }
    return id.flatMap { state.exists($0) ? $0 : nil }
  }

  /// The part at `place`; when it was withdrawn it is still what the reference means, so that it can be looked at.
  private static func part(of problem: EntityID, _ place: ExactString, in state: LedgerState) -> EntityID? {
    if let part = state.part(of: problem, at: place) { return part }
    return state[problem]?.children[.part]?.filter { state.place(of: $0) == place && state.exists($0) }.min()
  }

  /// How `id` is shown to people: the reference that means it, else the id itself.
  package static func text(for id: EntityID, in state: LedgerState) -> String {
    guard let entity = state[id], let kind = entity.kind else { return text(forNamed: id) ?? id.description }
    switch kind {
    case .problem: return problemText(id, in: state) ?? id.description
    case .measure, .part:
      guard let parent = entity.parent, let problem = problemText(parent, in: state) else { return id.description }
      if kind == .part { return partText(id, of: parent, problem, in: state) ?? id.description }
      if let name = DerivedName(id) { return "\(problem).\(name.key)" }
      guard let index = added(parent, .measure, in: state).firstIndex(of: id) else { return id.description }
      return DerivedName(parent) == nil ? "\(problem).\(index + 1)" : "\(problem).增\(index + 1)"
    case .ledger, .aspect, .category, .note, .transition: return id.description
    }
  }

  /// Of a part that shares its place with another one of the problem the place alone would mean only the first.
  private static func partText(
    _ id: EntityID, of parent: EntityID, _ problem: String, in state: LedgerState
  ) -> String? {
    guard let place = state.place(of: id), !state.exists(id) || part(of: parent, place, in: state) == id else {
      return nil
    }
    return "\(problem)/\(place)"
  }

  /// What a name of a problem, a measure or a part says by itself, whether or not anything is known of it.
  private static func text(forNamed id: EntityID) -> String? {
    guard let name = DerivedName(id) else { return nil }
    switch name.kind {
    case .problem: return name.key.string
    case .measure: return DerivedName(name.parent).map { "\($0.key).\(name.key)" }
    case .part: return DerivedName(name.parent).map { "\($0.key)/\(name.key)" }
    case .ledger, .aspect, .category, .note, .transition: return nil
    }
  }

  private static func problemText(_ id: EntityID, in state: LedgerState) -> String? {
    if let name = DerivedName(id) { return name.key.string }
    return added(.root, .problem, in: state).firstIndex(of: id).map { "自\($0 + 1)" }
  }

  private static func measure(_ number: Number, _ position: UInt64, in state: LedgerState) -> EntityID? {
    switch number {
    case .feedback(let problem): .derived(ExactString("p\(problem).\(position)"))
    case .selfFound: number.entity(in: state).flatMap { added($0, .measure, in: state)[at: position] }
    }
  }

  /// The entities of `kind` under `parent` that have no derived id, accepted ones only, withdrawn ones too.
  fileprivate static func added(_ parent: EntityID, _ kind: Kind, in state: LedgerState) -> [EntityID] {
    let children: Set<EntityID> = state[parent]?.children[kind] ?? []
    let ids = children.filter { DerivedName($0) == nil && state[$0]?.creation != nil }
    return state.ordered(ids)
  }

  /// Whether parts have `field`, or it is a note: what a village's seat writes to its own part.
  package static func isOfParts(_ field: FieldName) -> Bool {
    Vocabulary.field(field, of: .part) != nil || field == Kind.note.creatingField
  }

  fileprivate static func number(_ text: Substring, after prefixes: [String] = []) -> UInt64? {
    guard !prefixes.isEmpty else { return Decimal.number(String(text)).flatMap { $0 > 0 ? $0 : nil } }
    guard let prefix = prefixes.first(where: { text.hasPrefix($0) }) else { return nil }
    return number(text.dropFirst(prefix.count))
  }
}

extension ReferenceText.Number {
  fileprivate init?(_ text: Substring) {
    if let number = ReferenceText.number(text) {
      self = .feedback(number)
    } else if let number = ReferenceText.number(text, after: ["自", "s"]) {
      self = .selfFound(number)
    } else {
      return nil
    }
  }

  fileprivate func entity(in state: LedgerState) -> EntityID? {
    switch self {
    case .feedback(let number): .derived(ExactString("p\(number)"))
    case .selfFound(let number): ReferenceText.added(.root, .problem, in: state)[at: number]
    }
  }
}

extension Array {
  /// The element at `position` counted from 1, nil when there is none.
  fileprivate subscript(at position: UInt64) -> Element? {
    position >= 1 && position <= UInt64(count) ? self[Int(position) - 1] : nil
  }
}
