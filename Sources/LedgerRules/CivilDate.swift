package import EditModel

/// A day of the calendar in China time (UTC+8, without summer time): what deadlines are counted in.
package struct CivilDate: Hashable, Sendable {
  /// Days since 1970-01-01; negative before it.
  package let dayNumber: Int

  /// Milliseconds in a day.
  private static let dayMilliseconds = 86_400_000
  /// How far China time is ahead of UTC, in milliseconds.
  private static let offsetMilliseconds = 8 * 3_600_000
  /// How many days the months before a month have, in a common year.
  private static let daysBefore = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]

  /// The day that is `dayNumber` days after 1970-01-01.
  package init(dayNumber: Int) {
    self.dayNumber = dayNumber
  }

  /// The day `year`-`month`-`day`; nil when there is no such day or the year is not 1 ... 9999.
  package init?(year: Int, month: Int, day: Int) {
    guard (1...9_999).contains(year), (1...12).contains(month) else { return nil }
    guard (1...CivilDate.days(in: month, of: year)).contains(day) else { return nil }
    let leapDay = month > 2 && CivilDate.isLeap(year) ? 1 : 0
    self.dayNumber = CivilDate.firstDay(of: year) + CivilDate.daysBefore[month - 1] + leapDay + day - 1
  }

  /// Reads `2023-10-12` in exactly this spelling; nil for anything else.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return nil }
    guard let year = CivilDate.number(bytes[0..<4]), let month = CivilDate.number(bytes[5..<7]),
      let day = CivilDate.number(bytes[8..<10])
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// The day in China at `milliseconds` since 1970 (UTC).
  package init(milliseconds: UInt64) {
    let local = Int(clamping: milliseconds).addingReportingOverflow(CivilDate.offsetMilliseconds)
    self.dayNumber = (local.overflow ? Int.max : local.partialValue) / CivilDate.dayMilliseconds
  }

  /// The day in China of a stamp or a receipt.
  package init(_ stamp: Stamp) {
    self.init(milliseconds: stamp.milliseconds)
  }

  /// The first moment of the day in China, as a stamp; `Stamp.zero` for days before 1970.
  package var start: Stamp {
    let milliseconds = dayNumber * CivilDate.dayMilliseconds - CivilDate.offsetMilliseconds
    return milliseconds > 0 ? Stamp(milliseconds: UInt64(milliseconds)) : .zero
  }

  /// How many days `other` is after this day; negative when before.
  package func days(until other: CivilDate) -> Int { other.dayNumber - dayNumber }

  /// The day `days` days later.
  package func adding(days: Int) -> CivilDate { CivilDate(dayNumber: dayNumber + days) }

  /// The year, the month from 1, and the day from 1.
  package var components: (year: Int, month: Int, day: Int) {
    var year = 1970 + dayNumber / 366
    while CivilDate.firstDay(of: year) > dayNumber { year -= 1 }
    while CivilDate.firstDay(of: year + 1) <= dayNumber { year += 1 }
    var rest = dayNumber - CivilDate.firstDay(of: year)
    var month = 1
    while rest >= CivilDate.days(in: month, of: year) {
      rest -= CivilDate.days(in: month, of: year)
      month += 1
    }
    return (year, month, rest + 1)
  }

  private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// The day number of the first of January; right for years from 1.
  private static func firstDay(of year: Int) -> Int {
    let before = year - 1
    return before * 365 + before / 4 - before / 100 + before / 400 - 719_162
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    var number = 0
    for byte in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      number = number * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return number
  }
}

extension CivilDate: Comparable {
  package static func < (left: CivilDate, right: CivilDate) -> Bool { left.dayNumber < right.dayNumber }
}

extension CivilDate: CustomStringConvertible {
  /// `2023-10-12`.
  package var description: String {
    let (year, month, day) = components
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }
}
