/// Numbers as reports write them: Arabic digits of either width, Chinese numerals up to the thousands.
enum Numeral {
  /// The number that starts at `position` and how many scalars it takes; nil when there is none or it is too long to
  /// be a count (more than six digits). A digit after a decimal point is not a number of its own.
  static func read(_ text: ReportText, at position: Int) -> (value: Int, length: Int)? {
    guard position < text.count else { return nil }
    return text.folded[position].isDigit ? arabic(text, at: position) : chinese(text, at: position)
  }

  private static func arabic(_ text: ReportText, at position: Int) -> (value: Int, length: Int)? {
    var value = 0
    var end = position
    while end < text.count, let digit = text.folded[end].digit {
      guard end - position < 6 else { return nil }
      value = value * 10 + digit
      end += 1
    }
    return (value, end - position)
  }

  static func chinese(_ text: ReportText, at position: Int) -> (value: Int, length: Int)? {
    var total = 0
    var pending: Int?
    var end = position
    while end < text.count, end - position < 8 {
      let scalar = text.folded[end]
      if let unit = chineseUnits[scalar] {
        total += (pending ?? 1) * unit
        pending = nil
      } else if let digit = chineseDigits[scalar] {
        if let previous = pending, previous != 0 { return nil }
        pending = digit
      } else {
        break
      }
      end += 1
    }
    guard end > position else { return nil }
    return (total + (pending ?? 0), end - position)
  }

  private static let chineseDigits: [Unicode.Scalar: Int] = [
    "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
  ]
  private static let chineseUnits: [Unicode.Scalar: Int] = ["十": 10, "百": 100, "千": 1000]
}

extension Unicode.Scalar {
  var digit: Int? { isDigit ? Int(value - 0x30) : nil }
}
