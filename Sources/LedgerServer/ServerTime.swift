import EditModel
import Synchronization

/// The server's time as it is told to clients: the wall clock, never below the greatest stamp of any ledger's history.
final class ServerTime: Sendable {
  private let floor = Atomic<UInt64>(0)

  /// The time is not below `stamp` from now on.
  func notBelow(_ stamp: Stamp) {
    var known = floor.load(ordering: .relaxed)
    while known < stamp.rawValue {
      let (exchanged, original) = floor.compareExchange(
        expected: known, desired: stamp.rawValue, ordering: .relaxed)
      if exchanged { return }
      known = original
    }
  }

  /// The time now.
  var now: Stamp {
    max(Stamp(milliseconds: ServerClock.wallMilliseconds()), Stamp(rawValue: floor.load(ordering: .relaxed)))
  }
}
