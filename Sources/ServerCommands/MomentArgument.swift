import EditModel
import LedgerAdmin
import LedgerRules

/// Reads moments as people say them.
enum MomentArgument {
  /// A time: China time, not after now.
  static func time(_ text: String) throws -> Stamp {
    guard let time = SpokenTime.moment(text, now: DataOptions.now()) else {
      throw CommandProblem(
        "\"\(text)\" is no moment. Nothing was changed. Write it as '昨天 17:00', '2026-11-25 17:00' or '20分钟前', in China time.",
        chinese: "“\(text)”不是时刻，什么也没有改动。请写成 '昨天 17:00'、'2026-11-25 17:00' 或 '20分钟前'（北京时间）。")
    }
    guard time <= DataOptions.now() else {
      throw CommandProblem(
        "\(ChinaClock.full(time)) has not come yet. Nothing was changed. Give a moment that has passed.",
        chinese: "\(ChinaClock.full(time)) 还没有到，什么也没有改动。请给已经过去的时刻。")
    }
    return time
  }

  /// A moment of a history: a time, or a number for a seq.
  static func moment(_ text: String) throws -> RestoreMoment {
    if let seq = UInt64(text) { return .seq(seq) }
    return .time(try time(text))
  }
}
