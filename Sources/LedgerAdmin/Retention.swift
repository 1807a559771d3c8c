package import EditModel
import LedgerRules

/// How long snapshot sets are kept: all of the last hours, then the newest of each day, of each week, of each month
/// (grandfather, father, son), by the calendar in China.
package struct Retention: Hashable, Sendable {
  /// How many hours back every set is kept.
  package var hours: Int
  /// Of how many days, today counted, the newest set is kept.
  package var days: Int
  /// Of how many weeks, from Monday on, this one counted, the newest set is kept.
  package var weeks: Int
  /// Of how many months, this one counted, the newest set is kept.
  package var months: Int

  /// Two days of every set, two weeks of days, two months of weeks, two years of months.
  package static let usual = Retention(hours: 48, days: 14, weeks: 9, months: 24)

  /// A set as far as it matters here.
  package struct Kept: Hashable, Sendable {
    /// The set's name.
    package let name: String
    /// When it was taken.
    package let takenAt: Stamp
    /// The ledgers that it holds.
    package let ledgers: Set<ExactString>
    /// Whether it was restored for a proof, and everything was right.
    package let isProved: Bool
    /// Whether somebody said that it is to be kept.
    package let isPinned: Bool

    /// A set from its parts.
    package init(name: String, takenAt: Stamp, ledgers: Set<ExactString>, isProved: Bool, isPinned: Bool) {
      self.name = name
      self.takenAt = takenAt
      self.ledgers = ledgers
      self.isProved = isProved
      self.isPinned = isPinned
    }
  }

  /// The names of those of `sets` that need not be kept at `now`, the oldest first. Never one that is pinned, nor of any ledger
  /// the newest set that holds it, nor the newest of these that is proved.
  package func removable(_ sets: [Kept], now: Stamp) -> [String] {
    let newestFirst = sets.sorted { ($1.takenAt, $1.name) < ($0.takenAt, $0.name) }
    let kept = needed(newestFirst).union(recent(newestFirst, now)).union(periods(newestFirst, CivilDate(now)))
    return newestFirst.reversed().map(\.name).filter { !kept.contains($0) }
  }

  private func needed(_ newestFirst: [Kept]) -> Set<String> {
    var kept = Set(newestFirst.filter(\.isPinned).map(\.name))
    for ledger in Set(newestFirst.flatMap(\.ledgers)) {
      let holding = newestFirst.filter { $0.ledgers.contains(ledger) }
      kept.formUnion([holding.first, holding.first { $0.isProved }].compactMap { $0?.name })
    }
    return kept
  }

  private func recent(_ newestFirst: [Kept], _ now: Stamp) -> Set<String> {
    let age = UInt64(max(0, hours)) * 3_600_000
    return Set(newestFirst.filter { now.milliseconds <= $0.takenAt.milliseconds + age }.map(\.name))
  }

  /// The newest set of each day, week and month that is kept.
  private func periods(_ newestFirst: [Kept], _ today: CivilDate) -> Set<String> {
    var kept: Set<String> = []
    let rules: [(count: Int, number: (CivilDate) -> Int)] = [
      (days, \.dayNumber), (weeks, Retention.week), (months, Retention.month),
    ]
    for (count, number) in rules {
      let last = number(today)
      var seen: Set<Int> = []
      for set in newestFirst {
        let period = number(CivilDate(set.takenAt))
        guard last - period < count, seen.insert(period).inserted else { continue }
        kept.insert(set.name)
      }
    }
    return kept
  }

  /// Counts weeks from Monday on: 1970-01-01 was a Thursday.
  private static func week(_ day: CivilDate) -> Int { (day.dayNumber + 3) / 7 }

  private static func month(_ day: CivilDate) -> Int { day.components.year * 12 + day.components.month }
}
