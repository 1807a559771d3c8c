/// The server's time as it is told to clients and put on receipts: it only goes forward.
///
/// It follows the wall clock while the two agree within an hour. Beyond that it goes on alone, by the clock that counts
/// from the boot, until somebody has looked which is right: a server whose clock jumped by a year would otherwise put a
/// year of honest edits behind every one that it takes meanwhile (protocol/02-identity-acts-stamps.md, the server's time).
package struct TimeLine: Sendable {
  /// How far the wall clock may be from it and be followed, in milliseconds.
  package static let boundMilliseconds: UInt64 = 3_600_000
  /// The longest time for which a machine that was switched off is believed to have been off, in milliseconds: 30 days.
  package static let offMilliseconds: UInt64 = 30 * 24 * 3_600_000

  /// The time when it was last looked at, and the boot clock then.
  private var last: UInt64
  private var lastBoot: UInt64
  /// The wall clock minus the time line, in milliseconds, while they are too far apart to be followed; else nil.
  package private(set) var gapMilliseconds: Int64?

  /// A time line that goes on from `mark`, what was kept of it last; without one it begins with the wall clock.
  package init(from mark: ClockAnchor?, at reading: ClockReading) {
    lastBoot = reading.bootMilliseconds
    last = mark.map { TimeLine.beginning(after: $0, at: reading) } ?? reading.wallMilliseconds
    _ = time(at: reading)
  }

  /// Where the line is when the server starts. Within one boot the machine has counted; over a boot only the wall clock
  /// can say how long it was off.
  private static func beginning(after mark: ClockAnchor, at reading: ClockReading) -> UInt64 {
    let (then, wall) = (mark.now.milliseconds, reading.wallMilliseconds)
    if reading.isOfOneBoot(with: mark.reading) {
      let boot = mark.reading.bootMilliseconds
      return then + (reading.bootMilliseconds > boot ? reading.bootMilliseconds - boot : 0)
    }
    return wall >= then && wall - then <= offMilliseconds ? wall : then
  }

  /// The time is not below `stamp` from now on: a history has it.
  package mutating func notBelow(_ stamp: Stamp) { last = max(last, stamp.milliseconds) }

  /// The time now.
  package mutating func time(at reading: ClockReading) -> Stamp {
    let (wall, boot) = (reading.wallMilliseconds, reading.bootMilliseconds)
    let passed = boot > lastBoot ? boot - lastBoot : 0
    let alone = last + passed
    lastBoot = max(lastBoot, boot)
    if wall > alone {
      let isFollowed = wall - alone <= TimeLine.boundMilliseconds
      last = isFollowed ? wall : alone
      gapMilliseconds = isFollowed ? nil : Int64(clamping: wall - alone)
    } else {
      let isFollowed = alone - wall <= TimeLine.boundMilliseconds
      // Ahead, it goes at half speed until the wall clock has caught up: it never stands, and never goes back.
      last = isFollowed ? max(wall, last + passed / 2) : alone
      gapMilliseconds = isFollowed ? nil : -Int64(clamping: alone - wall)
    }
    return Stamp(milliseconds: last)
  }

  /// Takes the wall clock for right, as an administrator says, which changes nothing while it is followed; false when it is
  /// too far behind for that, since time does not go back.
  package mutating func accept(at reading: ClockReading) -> Bool {
    _ = time(at: reading)
    guard let gap = gapMilliseconds else { return true }
    guard gap > 0 else { return false }
    last = reading.wallMilliseconds
    gapMilliseconds = nil
    return true
  }
}
