/// Which of the published groups a problem is counted in: every problem is in exactly one.
package enum Standing: String, CaseIterable, Sendable {
  /// Closed, with outcome done.
  case done
  /// Neither closed nor adopted nor withdrawn.
  case underWay = "under_way"
  /// Closed, with outcome long-term.
  case longTerm = "long_term"
  /// Adopted as done, no transition yet.
  case adoptedDone = "adopted_done"
  /// Adopted as under way, no transition yet.
  case adoptedUnderWay = "adopted_under_way"
  /// Adopted as long-term, no transition yet.
  case adoptedLongTerm = "adopted_long_term"
  /// Merged or taken back.
  case withdrawn

  /// Whether it was reached before the ledger existed.
  package var isAdopted: Bool { self == .adoptedDone || self == .adoptedUnderWay || self == .adoptedLongTerm }

  /// Whether nothing is left to be done but to keep it up: closed, or adopted as done or long-term.
  package var isFinished: Bool {
    switch self {
    case .done, .longTerm, .adoptedDone, .adoptedLongTerm: true
    case .underWay, .adoptedUnderWay, .withdrawn: false
    }
  }

  /// What it is called.
  package var label: Label {
    switch self {
    case .done: Label("已完成", "done")
    case .underWay: Label("正在推进", "under way")
    case .longTerm: Label("长期坚持", "long-term")
    case .adoptedDone: Label("建账前已完成", "adopted as done")
    case .adoptedUnderWay: Label("建账前正在推进", "adopted as under way")
    case .adoptedLongTerm: Label("建账前长期坚持", "adopted as long-term")
    case .withdrawn: Label("合并撤回", "withdrawn")
    }
  }
}

/// How many problems have each standing.
package struct StandingCounts: Hashable, Sendable {
  private var counts: [Standing: Int] = [:]

  /// No problems.
  package init() {}

  /// How many have `standing`.
  package subscript(standing: Standing) -> Int { counts[standing] ?? 0 }

  /// Every problem but the withdrawn ones.
  package var live: Int { counts.reduce(0) { $0 + ($1.key == .withdrawn ? 0 : $1.value) } }

  /// All that were adopted, whatever as.
  package var adopted: Int { counts.reduce(0) { $0 + ($1.key.isAdopted ? $1.value : 0) } }

  /// All with nothing left to be done, adopted ones included.
  package var finished: Int { counts.reduce(0) { $0 + ($1.key.isFinished ? $1.value : 0) } }

  mutating func add(_ standing: Standing) { counts[standing, default: 0] += 1 }
}
