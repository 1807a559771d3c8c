import LedgerRules

extension LedgerTotals {
  /// Measures of problems that are not withdrawn, planned and added ones.
  var liveMeasures: Int { live.reduce(0) { $0 + $1.measures } }

  /// How many of them are finished, as `NumberDefinition.measuresFinished` says.
  var measuresFinished: Int { live.reduce(0) { $0 + $1.measuresFinished } }

  private var live: [ProblemProgress] { progress.filter { $0.standing != .withdrawn } }
}

extension StandingCounts {
  /// Closed in this ledger, with either outcome.
  var closed: Int { self[.done] + self[.longTerm] }

  /// Adopted as done or as long-term.
  var adoptedFinished: Int { self[.adoptedDone] + self[.adoptedLongTerm] }
}
