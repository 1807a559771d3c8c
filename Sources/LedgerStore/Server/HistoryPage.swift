/// A piece of an entity's history.
package struct HistoryPage: Hashable, Sendable {
  /// The lines, in seq order. May be none though more follow.
  package internal(set) var rows: [HistoryRow] = []
  /// The next page is what lies behind this line; nil when nothing does.
  package internal(set) var next: UInt64?
}
