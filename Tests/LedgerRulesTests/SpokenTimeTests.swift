import EditModel
import LedgerRules
import Testing

@Suite struct SpokenTimeTests {
  /// Saturday, 2026-11-28, 16:50 in China.
  private static let now = moment(2026, 11, 28, 16, 50)

  private static func moment(_ year: Int, _ month: Int, _ day: Int, _ hour: UInt64, _ minute: UInt64) -> Stamp {
    let start = CivilDate(year: year, month: month, day: day)?.start ?? .zero
    return Stamp(milliseconds: start.milliseconds + (hour * 60 + minute) * 60_000)
  }

  @Test(arguments: [
    ("昨天 17:00", moment(2026, 11, 27, 17, 0)), ("昨天17：00", moment(2026, 11, 27, 17, 0)),
    ("前天下午5点", moment(2026, 11, 26, 17, 0)), ("大前天 上午 9点半", moment(2026, 11, 25, 9, 30)),
    ("今天8:05", moment(2026, 11, 28, 8, 5)), ("8:05", moment(2026, 11, 28, 8, 5)),
    ("昨天下午12点", moment(2026, 11, 27, 12, 0)), ("昨天 23点59分", moment(2026, 11, 27, 23, 59)),
    ("2026-11-25 17:00", moment(2026, 11, 25, 17, 0)), ("2026-11-25T17:00", moment(2026, 11, 25, 17, 0)),
    ("2026年11月25日17时", moment(2026, 11, 25, 17, 0)), ("11月25日 17:00", moment(2026, 11, 25, 17, 0)),
    ("11-25 17:00", moment(2026, 11, 25, 17, 0)), ("12月1号 8:00", moment(2025, 12, 1, 8, 0)),
    ("2月29日 8:00", moment(2024, 2, 29, 8, 0)), ("yesterday 17:00", moment(2026, 11, 27, 17, 0)),
    ("20分钟前", moment(2026, 11, 28, 16, 30)), ("半小时前", moment(2026, 11, 28, 16, 20)),
    ("两个小时前", moment(2026, 11, 28, 14, 50)), ("2 h ago", moment(2026, 11, 28, 14, 50)),
    ("3天前", moment(2026, 11, 25, 16, 50)), ("１７：００", moment(2026, 11, 28, 17, 0)),
    ("昨晚8点", moment(2026, 11, 27, 20, 0)), ("今早 7:30", moment(2026, 11, 28, 7, 30)),
    ("昨天下午15:20", moment(2026, 11, 27, 15, 20)),
  ])
  func aMomentIsReadAsPeopleSayIt(text: String, expected: Stamp) {
    #expect(SpokenTime.moment(text, now: SpokenTimeTests.now) == expected)
  }

  @Test func secondsAreReadToo() {
    let expected = SpokenTimeTests.moment(2026, 11, 27, 17, 0).milliseconds + 30_000
    #expect(SpokenTime.moment("昨天 17:00:30", now: SpokenTimeTests.now)?.milliseconds == expected)
  }

  @Test(arguments: [
    "", " ", "昨天", "2026-11-25", "17", "24:00", "17:60", "17:0", "明天 8:00", "13月1日 8:00", "2026-02-29 8:00",
    "8:00 8:00",
    "上午17点", "五分钟前", "99999天前", "昨天 17:00x", "1832", "-1分钟前", "17:00:5",
  ])
  func whatSaysNoMomentIsNone(text: String) {
    #expect(SpokenTime.moment(text, now: SpokenTimeTests.now) == nil)
  }
}
