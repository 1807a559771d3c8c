import SessionRules
import Synchronization

/// What all connections of one seat may still hand over together.
final class SeatAllowance: Sendable {
  private let allowance: Mutex<EditAllowance>

  init(_ configuration: ServerConfiguration) {
    allowance = Mutex(
      EditAllowance(
        perSecond: configuration.editsPerSecond, burst: configuration.editBurst,
        nowMilliseconds: ServerClock.steadyMilliseconds()))
  }

  /// These acts are handed over; answers for how many milliseconds nothing more is to be read from who brought them.
  func take(_ acts: [SubmittedAct]) -> UInt64 {
    let weight = acts.reduce(0) { $0 + $1.weight }
    let now = ServerClock.steadyMilliseconds()
    return allowance.withLock { $0.take(weight, nowMilliseconds: now) }
  }
}
