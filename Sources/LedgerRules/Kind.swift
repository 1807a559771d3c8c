package import EditModel

/// What an entity is; fixed by the edit that creates it.
package enum Kind: String, CaseIterable, Sendable {
  /// The ledger itself, entity `.`; created by nobody.
  case ledger
  /// An aspect (方面) of the feedback, `a1`.
  case aspect
  /// A category (类) of problems, `c4`.
  case category
  /// A problem: `p15` as fed back, or self-found (自查), named by its creating edit.
  case problem
  /// A measure against a problem: `p15.2` as planned, or added later.
  case measure
  /// A village's or an office's share of a problem, `p15.张百万村`.
  case part
  /// One entry of progress (进展), append-only.
  case note
  /// One change of a problem's stage (流转), append-only.
  case transition

  /// What it is called.
  package var label: Label {
    switch self {
    case .ledger: Label("台账", "ledger")
    case .aspect: Label("方面", "aspect")
    case .category: Label("类别", "category")
    case .problem: Label("问题", "problem")
    case .measure: Label("措施", "measure")
    case .part: Label("分件", "part")
    case .note: Label("进展", "note")
    case .transition: Label("流转", "transition")
    }
  }

  /// The field of its creating edit: the kind's own name, except that a transition is made by writing `stage`.
  package var creatingField: FieldName? {
    switch self {
    case .ledger: nil
    case .transition: .stage
    default: FieldName(rawValue)
    }
  }

  /// The kinds that it may stand under when it is named by its creating edit (`p15 note 文字`); empty when it never is.
  package var parents: [Kind] {
    switch self {
    case .ledger, .aspect, .category: []
    case .problem: [.ledger]
    case .measure, .part, .transition: [.problem]
    case .note: [.problem, .measure, .part]
    }
  }

  /// The form of its derived id, which says what it is so that two creations of it are one entity; N is a number without
  /// a leading zero, PLACE an official name. Nil when it is always named by its creating edit.
  package var derivedForm: String? {
    switch self {
    case .aspect: "aN"
    case .category: "cN"
    case .problem: "pN"
    case .measure: "pN.N"
    case .part: "pN.PLACE"
    case .ledger: "."
    case .note, .transition: nil
    }
  }

  /// Whether it takes no later edit but `withdrawn`.
  package var isAppendOnly: Bool { self == .note || self == .transition }
}

/// What a derived id says about its entity.
package struct DerivedName: Hashable, Sendable {
  /// What the entity is.
  package let kind: Kind
  /// The last part of the id, which is also the value of the creating edit: `15`, `2`, `张百万村`.
  package let key: ExactString
  /// What the entity stands under.
  package let parent: EntityID

  /// Reads `pN`, `pN.N`, `pN.PLACE`, `aN` or `cN`, N without a leading zero; nil for any other id.
  package init?(_ id: EntityID) {
    guard case .derived(let text) = id else { return nil }
    let bytes = text.string.utf8
    let dot = bytes.firstIndex(of: UInt8(ascii: "."))
    let head = bytes[..<(dot ?? bytes.endIndex)]
    guard let kind = DerivedName.kind(of: head), DerivedName.isNumber(head.dropFirst()) else { return nil }
    guard let dot else {
      self.init(kind: kind, key: ExactString(String(text.string.dropFirst())), parent: .root)
      return
    }
    let tail = bytes[bytes.index(after: dot)...]
    guard kind == .problem, !tail.contains(UInt8(ascii: ".")) else { return nil }
    let isDigits = tail.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard !isDigits || DerivedName.isNumber(tail) else { return nil }
    self.init(
      kind: isDigits ? .measure : .part, key: ExactString(String(text.string[tail.startIndex...])),
      parent: .derived(ExactString(String(text.string[..<dot]))))
  }

  private init(kind: Kind, key: ExactString, parent: EntityID) {
    self.kind = kind
    self.key = key
    self.parent = parent
  }

  private static func kind(of head: Substring.UTF8View) -> Kind? {
    switch head.first {
    case UInt8(ascii: "p"): .problem
    case UInt8(ascii: "a"): .aspect
    case UInt8(ascii: "c"): .category
    default: nil
    }
  }

  private static func isNumber(_ digits: Substring.UTF8View) -> Bool {
    guard (1...9).contains(digits.count), digits.first != UInt8(ascii: "0") else { return false }
    return digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}
