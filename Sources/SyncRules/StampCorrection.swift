package import EditModel

/// Where acts are put in time.
///
/// What is built: the offset that the last contact showed is used when it is over the bound, and `restamp` puts acts on
/// the server's time line. Ages within one boot and earlier boots (design section 4) come with a later version; the
/// shift
/// that every line records is what they will start from.
package enum StampCorrection {
  /// The least offset, in milliseconds, at which a device's clock is not followed: the bound of the protocol.
  package static let boundMilliseconds: Int64 = 120_000

  /// The time to stamp an edit with, in milliseconds, from the device's wall clock and the known offset (server minus
  /// device, nil: never measured).
  package static func time(wallMilliseconds: UInt64, offset: Int64?) -> UInt64 {
    guard let offset, offset.magnitude > boundMilliseconds.magnitude else {
      return wallMilliseconds
    }
    return moved(wallMilliseconds, by: offset)
  }

  /// How far `stamp` is from the wall clock that showed `wallMilliseconds`.
  package static func shift(of stamp: Stamp, wallMilliseconds: UInt64) -> Shift {
    Shift(seconds: (Int64(stamp.milliseconds) - Int64(clamping: wallMilliseconds)) / 1_000)
  }

  /// Acts on the server's time line, in their own order: each as far from `now` as the device's clock says it is old,
  /// never ahead of `now`, never at or below what its author had already seen (`seen`) nor the one before it.
  package static func restamped(_ acts: [Act], now: Stamp, offset: Int64?, seen: Stamp) -> [Act] {
    var clock = HybridClock(latest: seen)
    return acts.map { act in
      guard let first = act.edits.first else { return act }
      let wall = moved(first.stamp.milliseconds, by: -first.shift.seconds * 1_000)
      let aged = min(moved(wall, by: offset ?? 0), now.milliseconds)
      let stamp = clock.tick(wallMilliseconds: aged)
      return act.restamped(stamp, shift: shift(of: stamp, wallMilliseconds: wall))
    }
  }

  private static func moved(_ milliseconds: UInt64, by offset: Int64) -> UInt64 {
    UInt64(max(0, Int64(clamping: milliseconds).addingReportingOverflow(offset).partialValue))
  }
}
