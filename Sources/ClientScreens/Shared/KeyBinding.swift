import LedgerRules
import TerminalKit

/// A row of a page's table of keys; help and footer are made from it, so they cannot say anything else.
struct KeyBinding<Page: Sendable, Action: Hashable & Sendable>: Sendable {
  /// The keys that do it.
  let keys: [Key]
  /// How the keys are written, `Tab →`.
  let caption: String
  /// What they do.
  let action: Action
  /// The action in a word or two, for the footer.
  let label: Label
  /// The action in a sentence, for help.
  let description: Label
  /// Why it can't be done on this page now; nil when it can.
  var reasonDisabled: @Sendable (Page) -> Label? = { _ in nil }
}

extension Array {
  /// The binding that `key` is in.
  func binding<Page, Action>(of key: Key) -> Element? where Element == KeyBinding<Page, Action> {
    first { $0.keys.contains(key) }
  }
}
