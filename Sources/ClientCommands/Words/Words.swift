import LedgerRules

/// Every sentence that the program says, in the two languages side by side, so that neither is forgotten.
///
/// Errors say what happened, what it affects and what to do next. The other files of this folder add their sentences.
struct Words {
  let language: Language

  init(_ language: Language) {
    self.language = language
  }

  /// The one of two texts that is in this language.
  func either(_ chinese: @autoclosure () -> String, _ english: @autoclosure () -> String) -> String {
    language == .chinese ? chinese() : english()
  }

  /// A count in English: `1 act`, `2 acts`.
  func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
    "\(count) \(count == 1 ? one : many ?? one + "s")"
  }

  /// A sentence as it stands behind a colon: in English it does not begin as a sentence there. One that begins with several
  /// capitals stays as it is.
  func within(_ sentence: String) -> String {
    guard language == .english, let first = sentence.first, let second = sentence.dropFirst().first, first.isUppercase,
      second.isLowercase || second == " "
    else { return sentence }
    return first.lowercased() + sentence.dropFirst()
  }

  /// A text as a sentence of its own.
  func beginning(_ text: String) -> String {
    guard language == .english, let first = text.first else { return text }
    return first.uppercased() + text.dropFirst()
  }

  /// A label's text.
  func text(_ label: Label) -> String { either(label.chinese, label.english) }

  /// Labels as a list in a sentence.
  func list(_ labels: [Label]) -> String { list(labels.map(text)) }

  /// Texts as a list in a sentence.
  func list(_ texts: [String]) -> String { texts.joined(separator: either("、", ", ")) }
}
