import EditModel
import LedgerRules
import Testing

@testable import LedgerAdmin

@Suite struct RetentionTests {
  private static let rule = Retention(hours: 6, days: 3, weeks: 3, months: 3)

  private static func stamp(_ day: CivilDate, hour: UInt64) -> Stamp {
    Stamp(milliseconds: day.start.milliseconds + hour * 3_600_000)
  }

  /// Wednesday.
  private static let today = CivilDate(year: 2026, month: 11, day: 25) ?? CivilDate(dayNumber: 0)

  private static func set(
    _ daysAgo: Int, _ hour: UInt64 = 12, ledgers: Set<ExactString> = ["a"], isProved: Bool = true,
    isPinned: Bool = false
  ) -> Retention.Kept {
    let day = today.adding(days: -daysAgo)
    return Retention.Kept(
      name: "\(day) \(hour)", takenAt: stamp(day, hour: hour), ledgers: ledgers, isProved: isProved, isPinned: isPinned)
  }

  private func kept(_ sets: [Retention.Kept], hour: UInt64 = 20) -> Set<String> {
    let removable = RetentionTests.rule.removable(sets, now: RetentionTests.stamp(RetentionTests.today, hour: hour))
    return Set(sets.map(\.name)).subtracting(removable)
  }

  @Test func everySetOfTheLastHoursIsKept() {
    let sets = (10...20).map { RetentionTests.set(0, $0) }
    #expect(kept(sets) == Set((14...20).map { RetentionTests.set(0, $0).name }))
  }

  @Test func theNewestOfEachDayWeekAndMonthIsKept() {
    // Every noon and evening for four months.
    let sets = (0..<120).flatMap { [RetentionTests.set($0, 10), RetentionTests.set($0, 11)] }
    let expected = [
      0, 1, 2,  // days: today, yesterday, the day before
      3, 10,  // weeks: the Sundays before
      25, 56,  // months: the last of October and of September
    ]
    #expect(kept(sets) == Set(expected.map { RetentionTests.set($0, 11).name }))
  }

  @Test func theLastThatIsProvedIsKeptHoweverOldItIs() {
    let old = RetentionTests.set(400)
    let sets = [old, RetentionTests.set(399, isProved: false), RetentionTests.set(0, 19, isProved: false)]
    #expect(kept(sets) == [old.name, RetentionTests.set(0, 19).name])
  }

  /// A set without a ledger that could not be taken does not stand for the ones that hold it.
  @Test func theLastThatHoldsALedgerIsKept() {
    let whole = RetentionTests.set(300, ledgers: ["a", "b"])
    #expect(kept([whole, RetentionTests.set(0, 19)]).contains(whole.name))
  }

  @Test func whatIsPinnedIsKept() {
    let pinned = RetentionTests.set(300, isPinned: true)
    #expect(
      kept([pinned, RetentionTests.set(299), RetentionTests.set(0, 19)]) == [
        pinned.name, RetentionTests.set(0, 19).name,
      ])
  }

  @Test func aClockThatWentBackRemovesNothingNew() {
    let sets = [RetentionTests.set(-30), RetentionTests.set(-31), RetentionTests.set(0, 19)]
    #expect(kept(sets) == Set(sets.map(\.name)))
  }

  @Test func nothingIsKeptTwiceOverAndTheOldestGoFirst() {
    let sets = (100..<110).map { RetentionTests.set($0) } + [RetentionTests.set(0, 19)]
    let removable = RetentionTests.rule.removable(sets, now: RetentionTests.stamp(RetentionTests.today, hour: 20))
    #expect(removable == (100..<110).reversed().map { RetentionTests.set($0).name })
  }
}
