import EditModel
import MachineClocks
import Synchronization

/// The server's time line, shared by its threads.
final class ServerTime: Sendable {
  private let line: Mutex<TimeLine>

  /// A time line that goes on from `mark`, what was kept of the last one.
  init(from mark: ClockAnchor?) {
    line = Mutex(TimeLine(from: mark, at: MachineClocks.reading()))
  }

  /// The time is not below `stamp` from now on.
  func notBelow(_ stamp: Stamp) { line.withLock { $0.notBelow(stamp) } }

  /// The time now.
  var now: Stamp { line.withLock { $0.time(at: MachineClocks.reading()) } }

  /// Where the line is now and what the clocks show; and how far the wall clock is from it when it is not followed.
  var mark: (anchor: ClockAnchor, gapMilliseconds: Int64?) {
    line.withLock { line in
      let reading = MachineClocks.reading()
      let now = line.time(at: reading)
      return (ClockAnchor(now: now, reading: reading), line.gapMilliseconds)
    }
  }

  /// Takes the wall clock for right; false when it is behind.
  func accept() -> Bool { line.withLock { $0.accept(at: MachineClocks.reading()) } }
}
