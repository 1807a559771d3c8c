import LedgerRules

/// The overview as rows: what the ledger holds beside what the document declares, then the stages. Where a seat sees a
/// part of the ledger only, there is nothing to compare.
struct OverviewRows: Sendable {
  /// One line of the comparison.
  struct Total: Hashable, Sendable {
    let label: Label
    /// What the ledger has.
    let count: Int
    /// What of the same was adopted; nil where nothing can be.
    let adopted: Int?
    /// What the document declares; nil where it does not.
    let declared: Int?

    /// Whether the document says another number.
    var differs: Bool { declared.map { $0 != count + (adopted ?? 0) } ?? false }
  }

  /// One stage and how many are at it.
  struct StageCount: Hashable, Sendable {
    let stage: Stage
    let count: Int
  }

  /// A row of either kind.
  enum Row: Hashable, Sendable {
    case total(Total)
    case stage(StageCount)
  }

  let totals: [Total]
  let stages: [StageCount]

  init(_ figures: BoardFigures) {
    let totals = figures.totals
    let declared = figures.isWhole ? totals.declared : nil
    let standings = totals.feedbackStandings
    self.totals = [
      Total(
        label: Label("方面", "aspects"), count: totals.aspects, adopted: nil,
        declared: declared?.aspects),
      Total(
        label: Label("类别", "categories"), count: totals.categories, adopted: nil,
        declared: declared?.categories),
      Total(
        label: Label("问题", "problems"), count: totals.problems, adopted: nil,
        declared: declared?.problems),
      Total(
        label: Label("措施", "measures"), count: totals.measures, adopted: nil,
        declared: declared?.measures),
      Total(
        label: Standing.done.label, count: standings[.done], adopted: standings[.adoptedDone],
        declared: declared?.done),
      Total(
        label: Standing.underWay.label, count: standings[.underWay],
        adopted: standings[.adoptedUnderWay],
        declared: declared?.underWay),
      Total(
        label: Standing.longTerm.label, count: standings[.longTerm],
        adopted: standings[.adoptedLongTerm],
        declared: declared?.longTerm),
    ]
    self.stages = Stage.allCases.map { StageCount(stage: $0, count: totals.byStage[$0] ?? 0) }
  }

  /// All of them, one under the other.
  var all: [Row] { totals.map { .total($0) } + stages.map { .stage($0) } }

  /// The lines of the comparison that fit in `height`: categories go first, because few documents declare them.
  func totals(fitting height: Int) -> [Total] {
    height >= totals.count
      ? totals : totals.filter { $0.label.english != "categories" || $0.differs }
  }

  /// The stages that fit in `height`: empty ones off the usual way go first, then any empty ones, the last first.
  func stages(fitting height: Int) -> [StageCount] {
    var shown = stages
    let usual: [Stage] = [
      .unassigned, .unclaimed, .working, .firstReview, .secondReview, .finalReview, .closed,
    ]
    while shown.count > max(0, height) {
      let emptyAside = shown.lastIndex { $0.count == 0 && !usual.contains($0.stage) }
      shown.remove(at: emptyAside ?? shown.lastIndex { $0.count == 0 } ?? shown.count - 1)
    }
    return shown
  }
}
