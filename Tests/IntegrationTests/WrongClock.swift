import Foundation
import Testing

/// A village's machine whose clocks a test sets: `taizhang` with a wall clock, a boot clock and boots of its own.
final class WrongClock {
  let home: String
  private let town: ProgramTown
  private let bootFile: String
  /// What the wall clock is ahead of the real time, in days, and the boot clock ahead of this machine's.
  private var wallDays: Int64
  private var bootDays: Int64 = 0
  private var boots = 1

  static var isPossible: Bool { SteppedServer.isPossible }

  /// A machine whose wall clock is `days` ahead, or behind.
  init(_ town: ProgramTown, _ name: String, daysOff days: Int64) throws {
    (self.town, home, bootFile, wallDays) = (town, town.home(name), town.home(name + ".boot"), days)
    try write()
  }

  private func write() throws {
    let text = "boot-\(boots)\n\(bootDays * 86_400_000)\n"
    try text.write(toFile: bootFile, atomically: true, encoding: .utf8)
  }

  /// Time goes on, the machine awake or asleep.
  func passes(days: Int64) throws {
    (wallDays, bootDays) = (wallDays + days, bootDays + days)
    try write()
  }

  /// The wall clock is set to another day, by hand.
  func steps(days: Int64) { wallDays += days }

  /// The machine is switched off and on.
  func reboots() throws {
    (boots, bootDays) = (boots + 1, 0)
    try write()
  }

  /// Runs a command, which must succeed.
  @discardableResult
  func run(_ arguments: String...) throws -> String {
    let (executable, words) = try self.words(arguments)
    let ended = try ProgramTown.run(executable, words)
    #expect(ended.status == 0, "\(arguments): \(ended.text)")
    return ended.text
  }

  /// What runs a command on this machine, within another program if one is given.
  func words(_ arguments: [String], within wrapper: [String] = []) throws -> (executable: URL, words: [String]) {
    let program =
      wrapper + ["env", "TAIZHANG_BOOT_ID=\(bootFile)", ProgramTown.program("taizhang").path] + arguments
      + ["--home", home, "--lang", "en"]
    return try SteppedServer.words("\(wallDays < 0 ? "" : "+")\(wallDays)d", program)
  }
}
