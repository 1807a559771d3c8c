import LedgerRules

/// A part of the board that can be gone to.
enum BoardSection: Int, CaseIterable, Sendable {
  /// Totals against what was declared, and the stages.
  case overview
  /// Per aspect.
  case aspects
  /// Per lead unit.
  case offices
  /// Per village.
  case villages
  /// Problems that ask for a look.
  case attention
  /// What was done last.
  case latest

  var label: Label {
    switch self {
    case .overview: Label("概况", "Overview")
    case .aspects: Label("方面", "Aspects")
    case .offices: Label("科室", "Offices")
    case .villages: Label("各村", "Villages")
    case .attention: Label("关注", "Watch")
    case .latest: Label("动态", "Latest")
    }
  }

  /// The section `steps` further, round and round.
  func moved(by steps: Int) -> BoardSection {
    let all = BoardSection.allCases
    let index = (rawValue + steps) % all.count
    return all[index < 0 ? index + all.count : index]
  }
}

extension BoardFigures {
  /// How many rows the list of `section` has; the overview is no list where it fits.
  func rowCount(of section: BoardSection) -> Int {
    switch section {
    case .overview: OverviewRows(self).all.count
    case .aspects: totals.byAspect.count
    case .offices: totals.byOffice.count
    case .villages: villages.count
    case .attention: attention.count
    case .latest: latest.count
    }
  }
}
