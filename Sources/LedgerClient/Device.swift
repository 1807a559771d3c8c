import EditModel
import Glibc
import LineProtocol

/// What a replica needs of the machine that it is on: the wall clock and random numbers. Tests bring their own.
package struct Device: Sendable {
  /// Milliseconds since 1970, as the machine's clock shows them, right or wrong.
  package let wallMilliseconds: @Sendable () -> UInt64
  /// 64 random bits, for the jitter of waits; nothing secret hangs on them.
  package let random: @Sendable () -> UInt64
  /// Whether it connects to this machine only, whatever address a server names.
  package let staysOnMachine: Bool

  /// A device with these sources.
  package init(
    wallMilliseconds: @escaping @Sendable () -> UInt64, random: @escaping @Sendable () -> UInt64,
    staysOnMachine: Bool = false
  ) {
    self.wallMilliseconds = wallMilliseconds
    self.random = random
    self.staysOnMachine = staysOnMachine
  }

  /// The same, but it connects to this machine only.
  package func stayingOnMachine() -> Device {
    Device(wallMilliseconds: wallMilliseconds, random: random, staysOnMachine: true)
  }

  /// What the device tells its server of its software.
  static let software: ExactString = "taizhang/0.1.0"
  /// The most that it says of its clock, in milliseconds.
  static let offsetLimit = Int64(Limits.offsetMilliseconds)

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
