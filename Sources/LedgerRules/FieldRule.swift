package import EditModel

/// What a field of a kind may hold, and what it is called. An entry of the vocabulary, which is one object that is
/// looked up with every edit and never copied.
package final class FieldRule: Equatable, Sendable {
  /// The kind that has the field.
  package let kind: Kind
  /// The field; for a field with members the part before the slash.
  package let name: FieldName
  /// What it is called.
  package let label: Label
  /// What its values are.
  package let type: FieldType
  /// The longest value in UTF-8 bytes.
  package let limitBytes: Int
  /// Whether it is one field or a family of them.
  package let cardinality: Cardinality
  /// Who outside the town's seats may see it.
  package let exposure: Exposure
  /// What a seat must be able to do to write it (`Rights`).
  package let right: Right

  init(
    kind: Kind, name: FieldName, label: Label, type: FieldType, limitBytes: Int, cardinality: Cardinality,
    exposure: Exposure, right: Right
  ) {
    self.kind = kind
    self.name = name
    self.label = label
    self.type = type
    self.limitBytes = limitBytes
    self.cardinality = cardinality
    self.exposure = exposure
    self.right = right
  }

  /// Two rules are equal when they are the same entry.
  package static func == (left: FieldRule, right: FieldRule) -> Bool { left === right }

  /// How many values a field has.
  package enum Cardinality: String, CaseIterable, Sendable {
    /// One value, replaced whole.
    case single
    /// One field per member (`village/张百万村`), each with its own value.
    case member
    /// Each edit of it creates an entity of its own.
    case append
  }

  /// How far a value may travel.
  package enum Exposure: String, CaseIterable, Sendable {
    /// May stand in the published report.
    case `public`
    /// For the town's own seats.
    case `internal`
    /// For the seats that the rights table names.
    case restricted
  }

  /// The ground on which `value` can't be this field's, or nil when it can. A cleared value always can.
  package func accepts(_ value: EditValue) -> Bool {
    guard case .text(let text) = value else { return cardinality != .append }
    return text.byteCount <= limitBytes && type.accepts(text)
  }
}

/// What the values of a field are.
package enum FieldType: Hashable, Sendable {
  /// Any text, several lines too.
  case text
  /// A text of one line.
  case line
  /// A day, `2023-10-12`.
  case date
  /// `yes` or `no`.
  case yesNo
  /// A whole number from 0.
  case number
  /// An amount in yuan with at most two decimals, `1234.50`.
  case money
  /// One of the keys of a list.
  case choice([Choice])
  /// The id of an entity of a kind.
  case reference(Kind)
  /// The name of a person, a place or a unit; one line.
  case name
  /// A telephone number: digits, spaces and `+-()`.
  case phone

  /// One value of a choice.
  package struct Choice: Hashable, Sendable {
    /// What the value is on the wire.
    package let key: ExactString
    /// What it is called.
    package let label: Label

    init(_ key: ExactString, _ chinese: String, _ english: String) {
      self.key = key
      self.label = Label(chinese, english)
    }
  }

  /// Whether `text` is a value of this type; its length is not looked at.
  package func accepts(_ text: ExactString) -> Bool {
    switch self {
    case .text: true
    case .line, .name: !text.string.utf8.contains { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\t") }
    case .date: CivilDate(text.string) != nil
    case .yesNo: text == "yes" || text == "no"
    case .number: Decimal.number(text.string) != nil
    case .money: FieldType.isMoney(text.string)
    case .choice(let choices): choices.contains { $0.key == text }
    case .reference(let kind): FieldType.isReference(text.string, to: kind)
    case .phone: text.string.utf8.allSatisfy { FieldType.phoneBytes.contains($0) }
    }
  }

  private static let phoneBytes = Array("0123456789 +-()".utf8)

  private static func isMoney(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard let whole = parts.first, Decimal.number(String(whole)) != nil else { return false }
    guard parts.count == 2 else { return parts.count == 1 }
    return (1...2).contains(parts[1].utf8.count)
      && parts[1].utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  private static func isReference(_ text: String, to kind: Kind) -> Bool {
    switch EntityID(text) {
    case .created: true
    case .derived(let name): DerivedName(.derived(name))?.kind == kind
    case .root, nil: false
    }
  }
}

extension FieldType: CustomStringConvertible {
  /// The type as `protocol/vocabulary.tsv` writes it.
  package var description: String {
    switch self {
    case .text: "text"
    case .line: "line"
    case .date: "date"
    case .yesNo: "yes_no"
    case .number: "number"
    case .money: "money"
    case .choice(let choices):
      "choice(" + choices.map { "\($0.key)=\($0.label.chinese)/\($0.label.english)" }.joined(separator: "|") + ")"
    case .reference(let kind): "reference(\(kind.rawValue))"
    case .name: "name"
    case .phone: "phone"
    }
  }
}
