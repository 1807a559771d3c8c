import Glibc

/// The machine's clocks, read in this one place; everything below takes times as arguments.
enum ServerClock {
  /// Milliseconds since 1970, as the machine believes: may step in either direction.
  static func wallMilliseconds() -> UInt64 { milliseconds(CLOCK_REALTIME) }

  /// Whole seconds of a clock that only goes forward, also while the machine sleeps.
  static func seconds() -> UInt64 { milliseconds(CLOCK_BOOTTIME) / 1_000 }

  /// Milliseconds of the clock that only goes forward.
  static func steadyMilliseconds() -> UInt64 { milliseconds(CLOCK_BOOTTIME) }

  private static func milliseconds(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(max(0, time.tv_sec)) * 1_000 + UInt64(time.tv_nsec) / 1_000_000
  }
}
