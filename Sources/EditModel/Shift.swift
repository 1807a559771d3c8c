/// How far a stamp was moved from the wall clock of the machine that made the edit, in whole seconds.
///
/// Stamp minus shift is the raw time that the author's clock showed. `isUncertain` marks a correction that nothing
/// could confirm (an earlier boot, a clock that made no sense).
package struct Shift: Hashable, Sendable {
  /// Stamp minus wall clock, in seconds; beyond the limit it is clamped.
  package let seconds: Int64
  /// Whether the correction is a guess.
  package let isUncertain: Bool

  /// The greatest magnitude in seconds: over three thousand years, eleven digits.
  package static let limit: Int64 = 99_999_999_999

  /// No correction.
  package static let none = Shift(seconds: 0)

  /// A correction by `seconds`, clamped to the limit.
  package init(seconds: Int64, isUncertain: Bool = false) {
    self.seconds = max(-Shift.limit, min(Shift.limit, seconds))
    self.isUncertain = isUncertain
  }

  /// Reads `["-"] digits ["?"]` in its one spelling ("-0" is none); nil for anything else.
  package init?(bytes: UnsafeRawBufferPointer) {
    var digits = bytes[...]
    let isUncertain = digits.last == UInt8(ascii: "?")
    if isUncertain { digits.removeLast() }
    let isNegative = digits.first == UInt8(ascii: "-")
    if isNegative { digits.removeFirst() }
    guard let magnitude = Decimal.number(UnsafeRawBufferPointer(rebasing: digits)),
      magnitude <= UInt64(Shift.limit), !(isNegative && magnitude == 0)
    else { return nil }
    self.init(seconds: isNegative ? -Int64(magnitude) : Int64(magnitude), isUncertain: isUncertain)
  }
}

extension Shift: CustomStringConvertible {
  /// The text of the wire.
  package var description: String { isUncertain ? "\(seconds)?" : "\(seconds)" }
}
