import EditModel

/// The rule that keeps an author's order: once act n was sent back undecided (`wait`, `retry`, `restamp`), every later n
/// of that connection is sent back too, until n is put again (protocol/05-acts.md).
struct EarlierHold: Hashable, Sendable {
  /// The least n that was sent back and not yet put again.
  private(set) var n: UInt64?

  /// The act that `next` must wait for; nil when it may be decided. The held act itself lifts the hold.
  mutating func blocker(of next: UInt64) -> UInt64? {
    guard let held = n else { return nil }
    if next > held { return held }
    if next == held { n = nil }
    return nil
  }

  /// Notes that `sentBack` was answered without being decided.
  mutating func hold(_ sentBack: UInt64) {
    n = min(n ?? sentBack, sentBack)
  }
}
