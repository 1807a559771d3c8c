/// How long a wrong proof waits for its answer: longer with every one that came before from the same address, or for
/// the same code. A right proof never asks, so that nobody can be locked out by others' wrong ones; a code's secret has
/// 60 bits, which nobody guesses at any speed.
///
/// Bounded: beyond the limit the address or code that has been quiet longest is forgotten. Time is whole seconds of any
/// clock that only goes forward.
package struct EnrolmentThrottle: Sendable {
  /// Wrong proofs of one address, or for one code.
  private struct Entry: Sendable {
    var count: UInt64
    var lastSeconds: UInt64
  }

  /// What follows from a wrong proof.
  package struct Verdict: Hashable, Sendable {
    /// How long the answer waits, in milliseconds.
    package let delayMilliseconds: UInt64
    /// How many wrong proofs have come for the code, when that is a number at which somebody is to be told.
    package let alarm: UInt64?
  }

  /// The longest an answer waits, in milliseconds: less than a connection may take to authenticate.
  package static let delayLimitMilliseconds: UInt64 = 20_000
  /// How long the first wrong proof waits, in milliseconds; every further one twice as long as the one before.
  package static let firstDelayMilliseconds: UInt64 = 250
  /// How long after its last wrong proof an address or a code is forgotten, in seconds.
  package static let forgetSeconds: UInt64 = 3_600
  /// How many wrong proofs for one code somebody is told of; then at every eightfold.
  package static let alarmCount: UInt64 = 8

  private let limit: Int
  private var byAddress: [String: Entry] = [:]
  private var byLookup: [String: Entry] = [:]

  /// A throttle that remembers `limit` addresses and as many codes.
  package init(limit: Int = 4_096) {
    self.limit = limit
  }

  /// How many addresses and codes are remembered.
  package var size: Int { byAddress.count + byLookup.count }

  /// A wrong proof for `lookup` came from `address` at `nowSeconds`.
  package mutating func wrong(lookup: String, address: String, nowSeconds: UInt64) -> Verdict {
    let fromAddress = EnrolmentThrottle.count(address, in: &byAddress, limit, nowSeconds)
    let forLookup = EnrolmentThrottle.count(lookup, in: &byLookup, limit, nowSeconds)
    let doublings = min(max(fromAddress, forLookup) - 1, 16)
    let delay = min(
      EnrolmentThrottle.firstDelayMilliseconds << doublings, EnrolmentThrottle.delayLimitMilliseconds)
    return Verdict(
      delayMilliseconds: delay, alarm: EnrolmentThrottle.isAlarm(forLookup) ? forLookup : nil)
  }

  private static func isAlarm(_ count: UInt64) -> Bool {
    var step = alarmCount
    while step < count, step < .max / 8 { step *= 8 }
    return step == count
  }

  private static func count(
    _ key: String, in table: inout [String: Entry], _ limit: Int, _ now: UInt64
  ) -> UInt64 {
    var entry = table[key] ?? Entry(count: 0, lastSeconds: now)
    if now >= entry.lastSeconds + forgetSeconds { entry.count = 0 }
    entry.count += 1
    entry.lastSeconds = now
    table[key] = entry
    if table.count > limit { thin(&table, keeping: key, limit, now) }
    return entry.count
  }

  /// Forgets what is old, or else the eighth that has been quiet longest: so that it is rarely done.
  private static func thin(_ table: inout [String: Entry], keeping key: String, _ limit: Int, _ now: UInt64) {
    table = table.filter { now < $0.value.lastSeconds + forgetSeconds }
    guard table.count > limit else { return }
    let quiet = table.sorted { ($0.value.lastSeconds, $0.value.count) < ($1.value.lastSeconds, $1.value.count) }
    for (old, _) in quiet.prefix(table.count - limit + limit / 8) where old != key { table[old] = nil }
  }
}
