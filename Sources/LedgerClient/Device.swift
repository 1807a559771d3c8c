import Glibc

/// What a replica needs of the machine that it is on: the wall clock and random numbers. Tests bring their own.
package struct Device: Sendable {
  /// Milliseconds since 1970, as the machine's clock shows them, right or wrong.
  package let wallMilliseconds: @Sendable () -> UInt64
  /// 64 random bits, for the jitter of waits; nothing secret hangs on them.
  package let random: @Sendable () -> UInt64

  /// A device with these sources.
  package init(
    wallMilliseconds: @escaping @Sendable () -> UInt64, random: @escaping @Sendable () -> UInt64
  ) {
    self.wallMilliseconds = wallMilliseconds
    self.random = random
  }

  /// This machine.
  package static let system = Device(
    wallMilliseconds: {
      var time = timespec()
      clock_gettime(CLOCK_REALTIME, &time)
      return UInt64(max(0, time.tv_sec)) * 1_000 + UInt64(time.tv_nsec) / 1_000_000
    },
    random: {
      var bits: UInt64 = 0
      // Without entropy it is zero, which is as good: the bits only spread waits.
      _ = getentropy(&bits, MemoryLayout<UInt64>.size)
      return bits
    })
}
