import LedgerRules

/// The language that screens and pages are worded in.
package enum ScreenLanguage: Hashable, Sendable {
  /// Chinese, as the town's offices write it.
  case chinese
  /// English.
  case english
}

extension Label {
  /// The words in one language. Every word of a screen is a `Label`, so neither language can be forgotten.
  func text(_ language: ScreenLanguage) -> String {
    switch language {
    case .chinese: chinese
    case .english: english
    }
  }
}
