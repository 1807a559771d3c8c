import EditModel

/// The clocks of one machine: a wall clock that may be wrong and step, and one that goes on through sleep, from boot to
/// boot.
// SAFETY: read and changed by the one thread of a run; handed to stores in closures that ask to be sendable.
final class SimClock: @unchecked Sendable {
  /// The true time, as the run counts it: milliseconds since 1970.
  var trueMilliseconds: UInt64
  /// Wall clock minus true time.
  private(set) var offset: Int64
  /// When the machine was started, in true time.
  private(set) var bootedAt: UInt64
  /// Which boot it is.
  private(set) var boot = 0
  private let machine: String

  init(of machine: String, trueMilliseconds: UInt64, offset: Int64) {
    self.machine = machine
    self.trueMilliseconds = trueMilliseconds
    self.offset = offset
    self.bootedAt = trueMilliseconds
  }

  /// What the wall clock shows.
  var wallMilliseconds: UInt64 { UInt64(max(0, Int64(trueMilliseconds) + offset)) }

  /// All that the machine's clocks show.
  var reading: ClockReading {
    ClockReading(wallMilliseconds: wallMilliseconds, bootMilliseconds: bootMilliseconds, boot: "\(machine)-\(boot)")
  }

  /// How long the machine runs, its sleep counted.
  var bootMilliseconds: UInt64 { trueMilliseconds - bootedAt }

  /// Somebody, or a time server, sets the wall clock.
  func step(to offset: Int64) { self.offset = offset }

  /// The machine starts anew.
  func reboot() {
    bootedAt = trueMilliseconds
    boot += 1
  }
}

extension SimRandom {
  /// How wrong a village's clock is: often hardly, sometimes hours, sometimes up to forty years.
  mutating func clockOffset() -> Int64 {
    let year: Int64 = 31_557_600_000
    switch below(10) {
    case 0...3: return Int64(within(-900...900))
    case 4...5: return Int64(within(-90_000...90_000))
    case 6: return Int64(within(-86_400...86_400)) * 1_000
    default: return Int64(within(-40...40)) * year + Int64(within(-1_000...1_000))
    }
  }
}
