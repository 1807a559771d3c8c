import EditModel
import LedgerRules
import Testing

/// Days of the calendar in China time.
struct CivilDateTests {
  @Test(arguments: [
    ("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2023-10-12", 19_642), ("1900-03-01", -25_508),
    ("0001-01-01", -719_162), ("9999-12-31", 2_932_896),
  ])
  func readsAndWritesADay(_ text: String, _ number: Int) throws {
    let date = try #require(CivilDate(text))
    #expect(date.dayNumber == number)
    #expect(CivilDate(dayNumber: number).description == text)
  }

  @Test(arguments: [
    "", "2023-2-1", "2023-02-29", "1900-02-29", "2023-13-01", "2023-00-10", "2023-04-31", "0000-01-01", "2023/10/12",
    "2023-10-12 ", "２０２３-10-12", "+023-10-12", "2023-10-00",
  ])
  func refusesWhatIsNoDay(_ text: String) {
    #expect(CivilDate(text) == nil)
  }

  @Test func everyDayOfFourCenturiesComesBack() {
    for number in -80_000..<80_000 {
      let (year, month, day) = CivilDate(dayNumber: number).components
      #expect(CivilDate(year: year, month: month, day: day)?.dayNumber == number)
    }
  }

  @Test func dayBeginsAtMidnightInChina() throws {
    let date = try #require(CivilDate("2023-10-12"))
    // 2023-10-11 16:00 UTC.
    #expect(date.start == Stamp(milliseconds: 1_697_040_000_000))
    #expect(CivilDate(date.start) == date)
    #expect(CivilDate(milliseconds: 1_697_039_999_999) == date.adding(days: -1))
  }

  @Test func countsDaysBothWays() throws {
    let first = try #require(CivilDate("2023-12-31"))
    let second = try #require(CivilDate("2024-03-01"))
    #expect(first.days(until: second) == 61)
    #expect(second.days(until: first) == -61)
    #expect(first < second)
  }

  @Test func takesAnyMilliseconds() {
    #expect(CivilDate(milliseconds: .max).dayNumber > 0)
    #expect(CivilDate(dayNumber: -10).start == .zero)
  }
}
