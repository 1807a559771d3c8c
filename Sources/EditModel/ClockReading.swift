/// What a device's clocks showed at one moment.
package struct ClockReading: Hashable, Sendable {
  /// The wall clock, in milliseconds since 1970: right or wrong by years, and it may step in either direction.
  package let wallMilliseconds: UInt64
  /// The clock that began at the boot and only goes forward, in milliseconds; it counts while the machine sleeps.
  package let bootMilliseconds: UInt64
  /// The id of the boot that `bootMilliseconds` counts from; nil where the machine has none to give.
  package let boot: String?

  /// A reading from its parts; an empty boot id is none.
  package init(wallMilliseconds: UInt64, bootMilliseconds: UInt64 = 0, boot: String? = nil) {
    self.wallMilliseconds = wallMilliseconds
    self.bootMilliseconds = bootMilliseconds
    self.boot = boot.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Whether the boot clock of both counts from the same boot, so that their difference is time that has passed.
  package func isOfOneBoot(with other: ClockReading) -> Bool {
    boot != nil && boot == other.boot
  }
}

/// What a contact with the server showed: its time, and what the device's clocks showed at that moment.
package struct ClockAnchor: Hashable, Sendable {
  /// The server's time.
  package let now: Stamp
  /// What the device's clocks showed when that was received.
  package let reading: ClockReading

  /// An anchor from its parts.
  package init(now: Stamp, reading: ClockReading) {
    self.now = now
    self.reading = reading
  }

  /// The server's time in milliseconds when the process that had the contact reads `later`: its boot clock went on
  /// meanwhile, whatever became of the wall clock.
  package func milliseconds(at later: ClockReading) -> UInt64 {
    let (since, present) = (reading.bootMilliseconds, later.bootMilliseconds)
    let (time, isOver) = now.milliseconds.addingReportingOverflow(present > since ? present - since : 0)
    return isOver ? Stamp.millisecondLimit : min(time, Stamp.millisecondLimit)
  }

  /// The server's time minus the wall clock, in milliseconds.
  package var offsetMilliseconds: Int64 {
    Int64(clamping: now.milliseconds) - Int64(clamping: reading.wallMilliseconds)
  }
}

/// When an act was made, as its device knew it then: what its stamp is made from before it is first sent.
package struct ActMoment: Hashable, Sendable {
  /// What the device's clocks showed.
  package let reading: ClockReading
  /// The greatest stamp of the lines that the device had then: the act is later than they are.
  package let seen: Stamp
  /// Whether the stamp that the act was given then counts from a contact in the same boot, so that it is right whatever
  /// the wall clock showed.
  package let isAnchored: Bool

  /// A moment from its parts.
  package init(reading: ClockReading, seen: Stamp, isAnchored: Bool) {
    self.reading = reading
    self.seen = seen
    self.isAnchored = isAnchored
  }
}
