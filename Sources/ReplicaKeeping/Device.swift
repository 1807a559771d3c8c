package import EditModel
import Glibc
import LineProtocol
import MachineClocks
package import SyncRules

/// What a replica needs of the machine that it is on: its clocks and random numbers. Tests bring their own.
package struct Device: Sendable {
  /// What the machine's clocks show, right or wrong.
  package let reading: @Sendable () -> ClockReading
  /// 64 random bits, for the jitter of waits; nothing secret hangs on them.
  package let random: @Sendable () -> UInt64
  /// Whether it connects to this machine only, whatever address a server names.
  package let staysOnMachine: Bool
  /// How long its syncs wait for what.
  package let waits: SyncWaits

  /// A device with these sources.
  package init(
    reading: @escaping @Sendable () -> ClockReading, random: @escaping @Sendable () -> UInt64,
    staysOnMachine: Bool = false, waits: SyncWaits = SyncWaits()
  ) {
    self.reading = reading
    self.random = random
    self.staysOnMachine = staysOnMachine
    self.waits = waits
  }

  /// A device with a wall clock and no other.
  package init(
    wallMilliseconds: @escaping @Sendable () -> UInt64, random: @escaping @Sendable () -> UInt64
  ) {
    self.init(reading: { ClockReading(wallMilliseconds: wallMilliseconds()) }, random: random)
  }

  /// Milliseconds since 1970, as the machine's wall clock shows them.
  package func wallMilliseconds() -> UInt64 { reading().wallMilliseconds }

  /// The same, but it connects to this machine only.
  package func stayingOnMachine() -> Device {
    Device(reading: reading, random: random, staysOnMachine: true, waits: waits)
  }

  /// The same with other waits.
  package func waiting(_ waits: SyncWaits) -> Device {
    Device(reading: reading, random: random, staysOnMachine: staysOnMachine, waits: waits)
  }

  /// What the device tells its server of its software.
  package static let software: ExactString = "taizhang/0.1.0"
  /// The most that it says of its clock, in milliseconds.
  static let offsetLimit = Int64(Limits.offsetMilliseconds)

  /// This machine.
  package static let system = Device(
    reading: MachineClocks.reading,
    random: {
      var bits: UInt64 = 0
      // Without entropy it is zero, which is as good: the bits only spread waits.
      _ = getentropy(&bits, MemoryLayout<UInt64>.size)
      return bits
    })
}
