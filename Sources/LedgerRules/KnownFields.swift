package import EditModel

/// The fields that rules speak of by name; the whole list is `Vocabulary.fields`.
extension FieldName {
  /// The stage of a problem; an edit of it is a transition.
  package static let stage = FieldName(known: "stage")
  /// A problem's outcome reached before the ledger existed.
  package static let adopted = FieldName(known: "adopted")
  /// What an adopted outcome rests on.
  package static let adoptedSource = FieldName(known: "adopted_source")
  /// That an entity no longer counts: `yes`.
  package static let withdrawn = FieldName(known: "withdrawn")
  /// Why a transition goes back, or a problem is withdrawn.
  package static let reason = FieldName(known: "reason")
  /// What a reviewer says about a transition forward.
  package static let opinion = FieldName(known: "opinion")
  /// How a closed problem ended: `done` or `long_term`.
  package static let outcome = FieldName(known: "outcome")
  /// The wording of a problem, a measure, an aspect or a category.
  package static let wording = FieldName(known: "text")
  /// What the import found as the wording; the round owner's alone.
  package static let sourceText = FieldName(known: "source_text")
  /// Whether a problem is put right at once, by a date, or long-term.
  package static let rectification = FieldName(known: "kind")
  /// The printed number of a problem.
  package static let number = FieldName(known: "number")
  /// The category of a problem.
  package static let category = FieldName(known: "category")
  /// The aspect of a category.
  package static let aspect = FieldName(known: "aspect")
  /// The office that leads a problem.
  package static let leadUnit = FieldName(known: "lead_unit")
  /// Another office or village that works on a problem, a member each.
  static let coUnit = FieldName(known: "co_unit")
  /// A village that a problem concerns, a member each.
  static let village = FieldName(known: "village")
  /// The unit that answers for a measure; of the ledger, the unit that was inspected.
  package static let unit = FieldName(known: "unit")
  /// The leader in charge of a problem.
  package static let leader = FieldName(known: "leader")
  /// The day by which a problem is to be put right.
  package static let deadline = FieldName(known: "deadline")
  /// When a problem counts as put right.
  package static let closingStandard = FieldName(known: "closing_standard")
  /// What was reached.
  package static let effect = FieldName(known: "effect")
  /// How far it is, in words.
  package static let progress = FieldName(known: "progress")
  /// How far a measure or a part is, as a key.
  package static let state = FieldName(known: "state")
  /// That a village has handed in its part.
  package static let reported = FieldName(known: "reported")

  /// What begins the name of a settlement (`Settlement`).
  package static let settled = FieldName(known: "settled")

  /// A name that is written in this program and therefore is one.
  init(known text: String) {
    guard let name = FieldName(text) else { preconditionFailure("\(text) is not a field's name") }
    self = name
  }

  /// The field for `member` of this one, `village/张百万村`; nil when `member` is not a name.
  package func member(_ member: String) -> FieldName? {
    FieldName("\(text)/\(member)")
  }
}
