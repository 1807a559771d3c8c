import EditModel
import LedgerRules

/// A moment as a clock in China shows it: `2023-10-12 08:30:05`.
struct ChinaTime: CustomStringConvertible {
  private let milliseconds: UInt64

  init(_ stamp: Stamp) {
    milliseconds = stamp.milliseconds
  }

  /// With milliseconds, where the order of two edits matters.
  var precise: String {
    let fraction = String(milliseconds % 1_000)
    return "\(description).\(String(repeating: "0", count: 3 - fraction.count))\(fraction)"
  }

  var description: String {
    let seconds = milliseconds / 1_000 + 8 * 3_600
    let ofDay = seconds % 86_400
    let parts = [ofDay / 3_600, ofDay / 60 % 60, ofDay % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return "\(CivilDate(milliseconds: milliseconds)) \(parts.joined(separator: ":"))"
  }
}
