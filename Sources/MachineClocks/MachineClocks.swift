/// # MachineClocks
///
/// What the clocks of this machine show: the one place where a client or a server reads the time. It may import `EditModel`
/// only, and draws no conclusion: everything else takes readings as arguments, so that tests bring their own.

package import EditModel
import Glibc

/// The clocks of this machine.
package enum MachineClocks {
  /// Wall clock, boot clock and boot id at this moment.
  package static func reading() -> ClockReading {
    ClockReading(wallMilliseconds: wallMilliseconds(), bootMilliseconds: bootMilliseconds(), boot: boot.id)
  }

  /// Milliseconds since 1970, as the machine believes: may be wrong by years, and step in either direction.
  package static func wallMilliseconds() -> UInt64 { milliseconds(CLOCK_REALTIME) }

  /// Milliseconds since the boot: only goes forward, also while the machine sleeps.
  package static func bootMilliseconds() -> UInt64 { milliseconds(CLOCK_BOOTTIME) + boot.aheadMilliseconds }

  private static func milliseconds(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(max(0, time.tv_sec)) * 1_000 + UInt64(time.tv_nsec) / 1_000_000
  }

  /// The boot: its id, nil where the kernel gives none, and how far its clock is set ahead, which it is in tests only.
  private struct Boot {
    let id: String?
    let aheadMilliseconds: UInt64
  }

  /// This boot as the kernel says. Tests put another file in the place of the kernel's: an id and, if they like, in a second
  /// line how many milliseconds the boot clock is ahead.
  private static let boot: Boot = {
    let named = getenv("TAIZHANG_BOOT_ID").map { String(cString: $0) }
    guard let file = fopen(named ?? "/proc/sys/kernel/random/boot_id", "re") else {
      return Boot(id: nil, aheadMilliseconds: 0)
    }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 128)
    let count = fread(&bytes, 1, bytes.count, file)
    let lines = bytes.prefix(count).split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
    return Boot(id: lines.first, aheadMilliseconds: lines.dropFirst().first.flatMap { UInt64($0) } ?? 0)
  }()
}
