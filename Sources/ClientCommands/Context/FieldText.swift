import EditModel
import LedgerRules

/// A field as people type it: its identifier or its label in either language, with `/MEMBER` behind it where the field has
/// members.
struct FieldText {
  let name: FieldName
  let rule: FieldRule

  /// The field of `kind` that `text` means; nil when there is none.
  init?(_ text: String, of kind: Kind) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(
      String.init)
    guard let head = parts.first, let rule = FieldText.rule(head, of: kind) else { return nil }
    self.rule = rule
    if rule.cardinality == .member {
      guard parts.count == 2, let name = rule.name.member(parts[1]) else { return nil }
      self.name = name
    } else {
      guard parts.count == 1 else { return nil }
      self.name = rule.name
    }
  }

  private static func rule(_ head: String, of kind: Kind) -> FieldRule? {
    let wanted = head.folded
    let rules = Vocabulary.fields(of: kind)
    return rules.first { $0.name.description.folded == wanted }
      ?? rules.first { $0.label.chinese.folded == wanted || $0.label.english.folded == wanted }
  }
}

/// A value as people type it, brought to the form that the field has on the wire.
enum ValueText {
  /// `text` as a value of `type`; what cannot be one comes back as it is and is refused by the rule.
  static func canonical(_ text: String, as type: FieldType) -> String {
    switch type {
    case .date: date(text)
    case .yesNo: yesNo(text)
    case .choice(let choices):
      choices.first { choice in
        let names = [choice.key.string, choice.label.chinese, choice.label.english]
        return names.contains { $0.folded == text.folded }
      }?.key.string ?? text
    case .number, .money, .name, .line, .reference, .phone: text.trimmed
    case .text: text
    }
  }

  private static func yesNo(_ text: String) -> String {
    switch text.trimmed.lowercased() {
    case "yes", "y", "是", "有": "yes"
    case "no", "n", "否", "无": "no"
    default: text
    }
  }

  /// `2024-1-5`, `2024/1/5`, `2024.1.5` and `2024年1月5日` are days too.
  private static func date(_ text: String) -> String {
    let parts = text.trimmed.split { "-/.年月日".contains($0) }.map(String.init)
    guard parts.count == 3, let year = Int(parts[0]), let month = Int(parts[1]),
      let day = Int(parts[2]),
      let date = CivilDate(year: year, month: month, day: day)
    else { return text }
    return date.description
  }
}

extension String {
  /// Without white space at either end.
  var trimmed: String {
    var text = self[...]
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }

  /// A word as people may type it: case, spaces and the sign between words don't matter, `Lead unit` is `lead_unit` is
  /// `lead-unit`.
  var folded: String { trimmed.lowercased().split { " _-".contains($0) }.joined() }

  /// On one line, as lists show it: every run of white space is one space.
  var onOneLine: String {
    isOnOneLine ? self : split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// Whether it is so already, as most texts are: nothing but ASCII, hanzi and their punctuation, with single spaces.
  /// Asked scalar by scalar, which costs a list of 10,000 problems far less than characters and their properties.
  private var isOnOneLine: Bool {
    var wasSpace = true
    for scalar in unicodeScalars {
      switch scalar.value {
      case 0x20 where !wasSpace: wasSpace = true
      case 0x21...0x7E, 0x4E00...0x9FFF, 0x3001...0x3002, 0xFF01...0xFF5E: wasSpace = false
      default: return false
      }
    }
    return !wasSpace
  }
}
