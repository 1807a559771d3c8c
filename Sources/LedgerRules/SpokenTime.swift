package import EditModel

/// A moment as people say it, in China time: `昨天 17:00`, `11月25日下午5点半`, `2026-11-25 17:00`, `8:30` (today),
/// `20分钟前`, `yesterday 17:00`, `2 h ago`.
package enum SpokenTime {
  /// The moment that `text` says, seen from `now`; nil when it says none. A day without a year is the last such day that is
  /// not behind `now`. A day alone is none: whether its beginning or its end is meant nobody can tell.
  package static func moment(_ text: String, now: Stamp) -> Stamp? {
    var relative = TimeScanner(text)
    if let ago = relative.ago(), relative.isAtEnd {
      return ago <= now.milliseconds ? Stamp(milliseconds: now.milliseconds - ago) : nil
    }
    var scanner = TimeScanner(text)
    let today = CivilDate(now)
    guard let day = scanner.day(today: today), let time = scanner.timeOfDay(), scanner.isAtEnd else { return nil }
    return Stamp(milliseconds: day.start.milliseconds + time)
  }
}

/// Reads a moment's parts from left to right; spaces between them count for nothing.
private struct TimeScanner {
  private let scalars: [Unicode.Scalar]
  private var place = 0

  init(_ text: String) {
    scalars = text.lowercased().unicodeScalars.map { scalar in
      switch scalar {
      case "：": ":"
      // As an input method for Chinese writes digits and spaces where it is set to full width.
      case "０"..."９": Unicode.Scalar(scalar.value - 0xFF10 + 0x30) ?? scalar
      case "\u{3000}": " "
      default: scalar
      }
    }
  }

  var isAtEnd: Bool {
    mutating get {
      skipSpaces()
      return place == scalars.count
    }
  }

  // MARK: How long ago

  /// Milliseconds, when what comes is `20分钟前` or its like.
  mutating func ago() -> UInt64? {
    guard let amount = amount(), let unit = unit(), take("前") || take("ago") else { return nil }
    return UInt64(amount * Double(unit))
  }

  private mutating func amount() -> Double? {
    if take("半个") || take("半") { return 0.5 }
    if take("一个") || take("一") { return 1 }
    if take("两个") || take("两") { return 2 }
    guard let number = number(digits: 5) else { return nil }
    _ = take("个")
    return Double(number)
  }

  private mutating func unit() -> Int? {
    for (words, milliseconds) in TimeScanner.units where words.contains(where: { take($0) }) { return milliseconds }
    return nil
  }

  // The longer ones first: the shorter ones are their beginnings.
  private static let units: [([String], Int)] = [
    (["分钟", "分", "minutes", "minute", "min"], 60_000),
    (["小时", "钟头", "hours", "hour", "h"], 3_600_000),
    (["天", "days", "day"], 86_400_000),
  ]

  // MARK: The day

  /// The day that comes, `today` where none does; nil when it is a day that there is not.
  mutating func day(today: CivilDate) -> CivilDate? {
    for (word, days) in TimeScanner.days where take(word) { return today.adding(days: -days) }
    let start = place
    guard let first = number(digits: 4) else { return today }
    if take("年") || (first > 31 && take("-")) { return date(year: first) }
    if take("月") || take("-") { return date(month: first, notBehind: today) }
    place = start
    return today
  }

  private static let days: [(String, Int)] = [
    ("大前天", 3), ("前天", 2), ("昨天", 1), ("昨", 1), ("今天", 0), ("今", 0), ("yesterday", 1), ("today", 0),
  ]

  private mutating func date(year: Int) -> CivilDate? {
    guard let month = number(digits: 2), take("月") || take("-") else { return nil }
    return dayOfMonth().flatMap { CivilDate(year: year, month: month, day: $0) }
  }

  private mutating func date(month: Int, notBehind today: CivilDate) -> CivilDate? {
    guard let day = dayOfMonth() else { return nil }
    let year = today.components.year
    // The 29th of February is looked for as far back as there must be one.
    return (0...8).lazy.compactMap { CivilDate(year: year - $0, month: month, day: day) }.first { $0 <= today }
  }

  private mutating func dayOfMonth() -> Int? {
    let day = number(digits: 2)
    _ = take("日") || take("号") || take("t")
    return day
  }

  // MARK: The time of the day

  /// Milliseconds since midnight.
  mutating func timeOfDay() -> UInt64? {
    let afternoon = half()
    guard var hour = number(digits: 2) else { return nil }
    var (minute, second): (Int?, Int?) = (0, 0)
    if take(":") {
      minute = number(digits: 2, exactly: true)
      if take(":") { second = number(digits: 2, exactly: true) }
    } else if take("点") || take("时") {
      if take("半") { minute = 30 } else if !isAtEnd { minute = minutes() }
    } else {
      return nil
    }
    if let afternoon, hour < 12 || !afternoon {
      guard (0...12).contains(hour) else { return nil }
      if afternoon { hour += 12 }
    }
    guard let minute, let second, hour < 24, minute < 60, second < 60 else { return nil }
    return UInt64((hour * 60 + minute) * 60 + second) * 1_000
  }

  private mutating func minutes() -> Int? {
    if take("整") || take("钟") { return 0 }
    let minutes = number(digits: 2)
    _ = take("分")
    return minutes
  }

  /// Whether the hours behind it are those of the afternoon; nil where nothing says which half of the day it is.
  private mutating func half() -> Bool? {
    if ["下午", "傍晚", "晚上", "晚"].contains(where: { take($0) }) { return true }
    if ["凌晨", "早上", "早晨", "早", "上午"].contains(where: { take($0) }) { return false }
    return nil
  }

  // MARK: Letters

  private mutating func take(_ word: String) -> Bool {
    skipSpaces()
    let wanted = word.unicodeScalars
    guard scalars[place...].starts(with: wanted) else { return false }
    place += wanted.count
    return true
  }

  /// A number of at most `digits` digits, of just so many where `exactly`.
  private mutating func number(digits: Int, exactly: Bool = false) -> Int? {
    skipSpaces()
    let found = scalars[place...].prefix { ("0"..."9").contains($0) }
    guard !found.isEmpty, found.count <= digits, !exactly || found.count == digits else { return nil }
    place += found.count
    return found.reduce(0) { $0 * 10 + Int($1.value - 0x30) }
  }

  private mutating func skipSpaces() {
    while place < scalars.count, scalars[place] == " " { place += 1 }
  }
}
