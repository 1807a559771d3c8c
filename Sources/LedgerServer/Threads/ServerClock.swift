import MachineClocks

/// The clock by which the server's own limits and timers go, which only goes forward.
enum ServerClock {
  /// Whole seconds, also while the machine sleeps.
  static func seconds() -> UInt64 { MachineClocks.bootMilliseconds() / 1_000 }

  /// The same in milliseconds.
  static func steadyMilliseconds() -> UInt64 { MachineClocks.bootMilliseconds() }
}
