import EditModel
package import LedgerRules

/// Values as people read them: a choice by its label, `yes` as a word, an entity by its number or wording.
package enum LabelledValue {
  /// `value` of a field with `rule`, in the language that `word` picks; a value that the rule does not know stays as it is.
  package static func text(
    _ value: String, of rule: FieldRule?, in state: LedgerState, word: (Label) -> String
  ) -> String {
    switch rule?.type {
    case .choice(let choices):
      choices.first { $0.key == ExactString(value) }.map { word($0.label) } ?? value
    case .yesNo: value == "yes" ? word(yes) : value == "no" ? word(no) : value
    case .reference: EntityID(value).flatMap { state.wording(of: $0) } ?? value
    case .text, .line, .date, .number, .money, .name, .phone, nil: value
    }
  }

  private static let yes = Label("是", "yes")
  private static let no = Label("否", "no")
}
