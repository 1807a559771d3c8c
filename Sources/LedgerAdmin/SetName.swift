import EditModel
import LedgerRules

/// The name of a set's folder: its time in China, readable and in order, and the stamp's last digits, so that two sets
/// of one second have two names.
enum SetName {
  /// `YYYYMMDD-HHMMSS-XXXXX`.
  static func text(_ takenAt: Stamp) -> String {
    let date = CivilDate(takenAt)
    let seconds = (takenAt.milliseconds / 1_000 + 8 * 3_600) % 86_400
    func two(_ number: UInt64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let day = date.description.filter { $0 != "-" }
    let time = two(seconds / 3_600) + two(seconds / 60 % 60) + two(seconds % 60)
    return "\(day)-\(time)-\(takenAt.description.suffix(5))"
  }
}
