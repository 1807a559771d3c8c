package import EditModel

/// Moments as people in China read them off a clock.
package enum ChinaClock {
  /// `2023-10-12 08:30`.
  package static func full(_ moment: Stamp) -> String { "\(CivilDate(moment)) \(time(moment))" }

  /// `08:30` for a moment of `today`, else `10-12 08:30`.
  package static func short(_ moment: Stamp, today: CivilDate) -> String {
    let day = CivilDate(moment)
    return day == today ? time(moment) : "\(day.description.dropFirst(5)) \(time(moment))"
  }

  private static func time(_ moment: Stamp) -> String {
    let minutes = (moment.milliseconds / 60_000 + 8 * 60) % (24 * 60)
    return "\(twoDigits(minutes / 60)):\(twoDigits(minutes % 60))"
  }

  private static func twoDigits(_ number: UInt64) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}
