import EditModel
import LedgerRules

/// How long ago a moment was, and how far a clock is off, in words.
enum ChinaTime {
  /// `2023-10-12 08:30, 3 days ago (3天前)`; never and the future are said too.
  static func contact(_ stamp: Stamp?, now: Stamp) -> String {
    guard let stamp else { return "never (从未)" }
    return "\(ChinaClock.full(stamp)), \(ago(now.milliseconds - min(now.milliseconds, stamp.milliseconds)))"
  }

  private static func ago(_ milliseconds: UInt64) -> String {
    let minutes = milliseconds / 60_000
    switch minutes {
    case 0: return "just now (刚刚)"
    case 1..<60: return "\(minutes) min ago (\(minutes)分钟前)"
    case 60..<(48 * 60): return "\(minutes / 60) h ago (\(minutes / 60)小时前)"
    default: return "\(minutes / 1_440) days ago (\(minutes / 1_440)天前)"
    }
  }

  /// How far a clock is ahead, in words: `-` when it is not known, `right (准)` within a minute.
  static func offset(_ milliseconds: Int64?) -> String {
    guard let milliseconds else { return "-" }
    let seconds = milliseconds.magnitude / 1_000
    guard seconds >= 60 else { return "right (准)" }
    let amount =
      seconds < 3_600
      ? (english: "\(seconds / 60) min", chinese: "\(seconds / 60)分钟")
      : seconds < 48 * 3_600
        ? (english: "\(seconds / 3_600) h", chinese: "\(seconds / 3_600)小时")
        : seconds < 2 * 31_536_000
          ? (english: "\(seconds / 86_400) days", chinese: "\(seconds / 86_400)天")
          : (english: "\(seconds / 31_536_000) years", chinese: "\(seconds / 31_536_000)年")
    return milliseconds > 0
      ? "\(amount.english) ahead (快\(amount.chinese))" : "\(amount.english) behind (慢\(amount.chinese))"
  }
}
