/// The client's own bounds: how much it has under way, how long it waits.
package enum SyncLimits {
  /// The most acts in flight; half of what a server takes (`Limits.actsInFlight`).
  package static let window = 128
  /// The most edits of acts in flight together, so that a large import does not fill the socket's buffers.
  package static let windowEdits = 4_096
  /// How many lines are kept in memory before they are written to the file.
  package static let heldLines = 512
  /// How long connecting may take, over all the addresses of the server.
  package static let connecting = Duration.seconds(75)
  /// How long greeting and opening may take together, and the question for a new id.
  package static let handshake = Duration.seconds(30)
  /// How long an open connection may be silent before the server is asked whether it is there: shorter than any router on
  /// the way forgets a connection on which nothing goes.
  package static let idle = Duration.seconds(20)
  /// How often an open connection may be looked at and found talking before the server is asked all the same, so that it
  /// is once in a minute and a half: the answer has its time, and what a greeting said of that is old after a day.
  package static let looksWithoutTime = 3
  /// How long nothing may come behind that question; then the connection is dead.
  package static let answer = Duration.seconds(45)
  /// The shortest wait before connecting again.
  package static let firstReconnect = Duration.seconds(1)
  /// The longest.
  package static let lastReconnect = Duration.seconds(60)
  /// How long to wait when trying soon makes no sense (unknown device, no such ledger).
  package static let lastingFailure = Duration.seconds(300)
  /// The shortest pause after the server asked to wait with an act.
  package static let firstPause = Duration.milliseconds(200)
  /// The longest.
  package static let lastPause = Duration.seconds(30)
}

/// How long a sync waits for what. A test brings shorter ones.
package struct SyncWaits: Hashable, Sendable {
  /// For a connection.
  package var connecting = SyncLimits.connecting
  /// For greeting and opening.
  package var handshake = SyncLimits.handshake
  /// For anything at all before the server is asked whether it is there.
  package var idle = SyncLimits.idle
  /// For anything at all behind that question.
  package var answer = SyncLimits.answer
  /// Before connecting again, at first.
  package var firstReconnect = SyncLimits.firstReconnect
  /// The same at most, but for the jitter.
  package var lastReconnect = SyncLimits.lastReconnect

  /// The program's own.
  package init() {}
}

/// Waits that double, with jitter, so that a township does not return all at once when the power is back.
package struct BackOff: Hashable, Sendable {
  private let first: Duration
  private let last: Duration
  private var doublings = 0

  /// Waits between `first` and `last`.
  package init(
    first: Duration = SyncLimits.firstReconnect, last: Duration = SyncLimits.lastReconnect
  ) {
    self.first = first
    self.last = last
  }

  /// The next wait: the doubled one times 0.5 ..< 1.5 by `random`, never over the longest times 1.5.
  package mutating func next(random: UInt64) -> Duration {
    let whole = min(first * (1 << min(doublings, 20)), last)
    doublings += 1
    return whole * (0.5 + Double(random >> 11) / Double(1 << 53))
  }

  /// The last try went well: begin small again.
  package mutating func reset() {
    doublings = 0
  }
}

/// Random bits for the jitter of waits, drawn from a seed by SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom
/// number generators, 2014). Nothing secret hangs on them.
struct Jitter: Sendable {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}
