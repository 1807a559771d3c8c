import SyncRules

/// How often the server is asked about its devices: each question is a connection of its own, of which a slow link must not
/// be full, and without a link it is asked less and less often.
struct QuestionPace {
  /// The pause behind a question that was answered fast.
  static let shortest = Duration.seconds(3)
  /// The longest of all, but for the jitter.
  static let longest = Duration.seconds(60)
  /// How many times as long as a question takes there is a pause behind it.
  private static let share = 10

  private var backOff = BackOff(first: shortest, last: longest)

  /// The pause behind a question that took so long and was answered or not.
  mutating func wait(isAnswered: Bool, took: Duration, random: UInt64) -> Duration {
    guard isAnswered else { return backOff.next(random: random) }
    backOff.reset()
    // A wall clock that was set meanwhile says anything.
    return min(max(QuestionPace.shortest, max(.zero, took) * QuestionPace.share), QuestionPace.longest)
  }
}
