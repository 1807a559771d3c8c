import LedgerRules

extension LedgerTotals {
  /// Measures of problems that are not withdrawn, planned and added ones.
  var liveMeasures: Int { live.reduce(0) { $0 + $1.measures } }

  /// How many of them are finished, as `NumberDefinition.measuresFinished` says.
  var measuresFinished: Int { live.reduce(0) { $0 + $1.measuresFinished } }

  private var live: [ProblemProgress] { progress.filter { $0.standing != .withdrawn } }
}

extension StandingCounts {
  /// Closed in this ledger as done. Long-term ones stay out of every done rate and are shown apart.
  var doneHere: Int { self[.done] }

  /// Adopted as done.
  var doneBefore: Int { self[.adoptedDone] }

  /// What the done rate counts.
  var done: Int { doneHere + doneBefore }
}
