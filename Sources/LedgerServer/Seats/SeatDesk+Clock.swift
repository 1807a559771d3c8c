import EditModel
import LedgerStore
import Logging
import Synchronization

/// The server's time line beside the seats: kept now and then, watched, and put right when an administrator says so. All
/// of it runs on the desk's thread.
extension SeatDesk {
  /// How long an acceptance holds, in milliseconds of the clock that was accepted: long enough to start a server, too short for
  /// another clock to be taken for that one.
  private static let acceptanceMilliseconds: UInt64 = 86_400_000

  /// How often the time line is kept while nothing happens to it, in milliseconds of the steady clock.
  private static let keepMilliseconds: UInt64 = 60_000

  /// What the desk knows of the clock.
  struct ClockWatch {
    /// When the time line was last kept, by the steady clock.
    var keptAt: UInt64?
    /// Whether the wall clock was too far off when it was last looked at.
    var isAlarmed = false
  }

  /// Does what was asked of the clock, raises or ends the alarm, and keeps the time line when it is due.
  func keepClock() {
    do throws(StoreError) {
      try acceptClock()
    } catch {
      note(error, "whether the clock was accepted cannot be read; it is tried again")
    }
    let changed = watchClock()
    let steady = ServerClock.steadyMilliseconds()
    let isDue = clockWatch.withLock { $0.keptAt.map { steady - $0 >= SeatDesk.keepMilliseconds } ?? true }
    if changed || isDue { writeClock() }
  }

  /// Raises or ends the alarm; answers whether it did.
  @discardableResult
  private func watchClock() -> Bool {
    let gap = time.mark.gapMilliseconds
    let changed = clockWatch.withLock { watch in
      defer { watch.isAlarmed = gap != nil }
      return watch.isAlarmed != (gap != nil)
    }
    if changed, let gap {
      logger.warning(
        "the machine's clock is too far from the time line, which goes on alone; look which is right: taizhangd clock",
        metadata: [LogKey.milliseconds: "\(gap)"])
    } else if changed {
      logger.notice("the machine's clock and the time line agree again")
    }
    return changed
  }

  /// Keeps where the time line is.
  func writeClock() {
    do throws(StoreError) {
      try store.keep(clockMark: time.mark.anchor)
      clockWatch.withLock { $0.keptAt = ServerClock.steadyMilliseconds() }
    } catch {
      note(error, "the time line could not be kept; it is tried again")
    }
  }

  /// Takes the wall clock for right when an administrator has said so of the last day, by that clock.
  func acceptClock() throws(StoreError) {
    guard let request = try store.clockRequest() else { return }
    let wall = time.mark.anchor.reading.wallMilliseconds
    guard wall + TimeLine.boundMilliseconds >= request.milliseconds else { return }
    let isOfLate = wall <= request.milliseconds + SeatDesk.acceptanceMilliseconds
    let isDone = isOfLate && time.accept()
    try store.endClockRequest()
    if !isOfLate {
      logger.warning(
        "the machine's clock was not accepted: it is more than a day later than the one that was; accept it again if it is right"
      )
    } else if isDone {
      logger.notice("the machine's clock was accepted; the time line follows it")
    } else {
      logger.warning("the machine's clock was not accepted: it is behind the time line, which does not go back")
    }
    watchClock()
    writeClock()
  }
}
