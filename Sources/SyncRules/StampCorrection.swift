package import EditModel

/// Where acts are put in time, whatever the device's clock shows (protocol/02-identity-acts-stamps.md, wrong clocks).
///
/// A new act is stamped with the best that is known then. Before it is first sent, it is put on the server's time line by
/// what the contact shows: by its age within one boot, else by the wall clock and its offset, never ahead of the server's
/// time, never at or below what its author had seen, and in the device's own order.
package enum StampCorrection {
  /// How far a stamp may be from the place that was found for it and be left alone, in milliseconds: a link's delay can
  /// make as much, and a clock that is right is not put right.
  package static let toleranceMilliseconds: UInt64 = 5_000

  /// The time to stamp a new act with.
  package struct Estimate: Hashable, Sendable {
    /// Milliseconds since 1970.
    package let milliseconds: UInt64
    /// Whether it counts from a contact in the same boot.
    package let isAnchored: Bool
  }

  /// The server's time as far as it can be told from `reading` and the last contact, if there was one. A wall clock that
  /// agrees with that is the better one: what the contact showed was late by what the link took.
  package static func time(at reading: ClockReading, anchor: ClockAnchor?) -> Estimate {
    guard let anchor else { return Estimate(milliseconds: reading.wallMilliseconds, isAnchored: false) }
    if reading.isOfOneBoot(with: anchor.reading) {
      let passed = Int64(clamping: reading.bootMilliseconds) - Int64(clamping: anchor.reading.bootMilliseconds)
      let time = moved(anchor.now.milliseconds, by: passed)
      let isRight = distance(time, reading.wallMilliseconds) <= toleranceMilliseconds
      return Estimate(milliseconds: isRight ? reading.wallMilliseconds : time, isAnchored: true)
    }
    return Estimate(
      milliseconds: moved(reading.wallMilliseconds, by: anchor.offsetMilliseconds), isAnchored: false)
  }

  /// How far `stamp` is from the wall clock that showed `wallMilliseconds`.
  package static func shift(of stamp: Stamp, wallMilliseconds: UInt64, isUncertain: Bool = false) -> Shift {
    let milliseconds = Int64(clamping: stamp.milliseconds) - Int64(clamping: wallMilliseconds)
    return Shift(seconds: milliseconds / 1_000, isUncertain: isUncertain)
  }

  /// Acts of one device in their order, on the time line that `anchor` shows; `present` is what the clocks of the process
  /// that had this contact show now, which may be days later on one connection. `above` is the stamp of the last own act
  /// that keeps its own. With `keepsGood` a stamp that is right within the tolerance stays as it is.
  package static func placed(
    _ acts: [(act: Act, moment: ActMoment)], by anchor: ClockAnchor, at present: ClockReading, above: Stamp,
    keepsGood: Bool
  ) -> [Act] {
    let now = anchor.milliseconds(at: present)
    var clock = HybridClock(latest: above)
    return acts.map { act, moment in
      guard let old = act.edits.first?.stamp else { return act }
      clock.observe(moment.seen)
      let place = place(of: moment, stampedAt: old, by: anchor, now: now)
      if keepsGood, let place, old > clock.latest, distance(old.milliseconds, place) <= toleranceMilliseconds {
        clock.observe(old)
        return act
      }
      let stamp = clock.tick(wallMilliseconds: place ?? 0)
      let shift = shift(of: stamp, wallMilliseconds: moment.reading.wallMilliseconds, isUncertain: place == nil)
      return act.restamped(stamp, shift: shift)
    }
  }

  /// Where on the server's time line a moment was, in milliseconds, never ahead of `now`; nil when nothing says so.
  private static func place(
    of moment: ActMoment, stampedAt old: Stamp, by anchor: ClockAnchor, now: UInt64
  ) -> UInt64? {
    let reading = moment.reading
    if reading.isOfOneBoot(with: anchor.reading) { return min(time(at: reading, anchor: anchor).milliseconds, now) }
    if moment.isAnchored { return min(old.milliseconds, now) }
    let time = moved(reading.wallMilliseconds, by: anchor.offsetMilliseconds)
    // The clock of another boot counts only if it fits: behind what the author had seen, not behind now, and not behind the
    // beginning of the present boot, as one that begins anew with every boot is.
    let isBehindSeen = time &+ toleranceMilliseconds < moment.seen.milliseconds
    guard !isBehindSeen, time <= now &+ toleranceMilliseconds, isBeforeBoot(reading, anchor.reading) else { return nil }
    return min(time, now)
  }

  private static func isBeforeBoot(_ earlier: ClockReading, _ present: ClockReading) -> Bool {
    guard present.boot != nil else { return true }
    let began = moved(present.wallMilliseconds, by: -Int64(clamping: present.bootMilliseconds))
    return earlier.wallMilliseconds <= began &+ toleranceMilliseconds
  }

  private static func distance(_ one: UInt64, _ other: UInt64) -> UInt64 { one > other ? one - other : other - one }

  private static func moved(_ milliseconds: UInt64, by offset: Int64) -> UInt64 {
    let (sum, isOver) = Int64(clamping: milliseconds).addingReportingOverflow(offset)
    if isOver { return offset > 0 ? Stamp.millisecondLimit : 0 }
    return min(UInt64(max(0, sum)), Stamp.millisecondLimit)
  }
}
