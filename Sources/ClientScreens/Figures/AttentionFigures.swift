import EditModel
package import LedgerRules

/// A problem that asks for a look: its deadline presses, or it has moved since the day that was asked for.
package struct AttentionFigures: Hashable, Sendable {
  /// How people refer to it.
  package let reference: String
  /// Its wording, on one line.
  package let wording: String
  /// Its numbers.
  package let progress: ProblemProgress

  init(_ progress: ProblemProgress, in state: LedgerState) {
    self.progress = progress
    self.reference = ReferenceText.text(for: progress.id, in: state)
    self.wording = (state.wording(of: progress.id) ?? "").onOneLine
  }

  /// Those of `progress` that ask for a look: first the ones with a deadline in sight, the nearest first; then the ones
  /// that only moved, in the ledger's order.
  static func order(_ progress: [ProblemProgress]) -> [ProblemProgress] {
    func presses(_ problem: ProblemProgress) -> Bool {
      switch problem.light {
      case .red, .yellow, .green: true
      case .blue, nil: false
      }
    }
    let pressing = progress.enumerated().filter { presses($0.element) }
    let ordered = pressing.sorted { left, right in
      (left.element.daysLeft ?? 0, left.offset) < (right.element.daysLeft ?? 0, right.offset)
    }
    return ordered.map(\.element) + progress.filter { !presses($0) && $0.hasMoved }
  }
}

extension String {
  /// The text with every line end as a space.
  var onOneLine: String { String(map { $0.isNewline ? " " : $0 }) }
}
