import EditModel
import Foundation
import Glibc
import LedgerAdmin
import LedgerClient
import LedgerIdentity
import LedgerStore
import LedgerTestKit
import Testing

/// `taizhang enrol LINE` killed with kill -9 in the middle: the real program under `strace`, which kills it before its
/// n-th call of each kind that changes the disk or the network, for n = 1, 2, 3 … until it gets through.
@Suite(.onOwnThreads, .enabled(if: Tracing.isPossible, "SKIPPED: strace may not trace processes here"))
struct KilledEnrolmentTests {
  /// The calls before which it is killed.
  private static let calls = ["connect", "write", "pwrite64", "fdatasync", "fsync", "rename", "unlink", "ftruncate"]

  /// Wherever it was killed, the same line lets the same device in when it is run again, and nothing is left behind of
  /// the first try: one device more at the server, and it is this folder's.
  @Test func theSameLineGoesOnWhereverItWasKilled() throws {
    let town = try ProgramTown()
    var kills = 0
    try town.serving { _ in
      for call in KilledEnrolmentTests.calls {
        var number = 0
        var wasKilled = true
        while wasKilled {
          number += 1
          wasKilled = try enrol(in: town, killedBefore: call, number)
          kills += wasKilled ? 1 : 0
        }
      }
    }
    #expect(kills > 20, "it has more than twenty such calls")
    print("kill -9: an enrolment, killed at each of its \(kills) steps")
  }

  /// One enrolment that is killed before the `number`-th `call` of a thread of it, and then done again; answers whether it
  /// was killed at all.
  private func enrol(in town: ProgramTown, killedBefore call: String, _ number: Int) throws -> Bool {
    let (home, line) = (town.home("\(call)-\(number)"), try town.line().text)
    let before = try devices(of: town)
    let status = try Tracing.run([
      "-e", "inject=\(call):signal=SIGKILL:when=\(number)", ProgramTown.program("taizhang").path, "enrol", line,
      "--home", home,
    ])
    let when: Comment = "killed before \(call) \(number): \(status)"
    #expect(status == 0 || status == -SIGKILL, when)
    let again = try town.taizhang(home, "enrol", line)
    #expect(again.status == 0, "\(when): \(again.text)")
    let own = try Replica(home: home).info().replica.description
    #expect(try devices(of: town) == before.union([own]), when)
    expectWhole(home, when)
    return status != 0
  }

  private func devices(of town: ProgramTown) throws -> Set<String> {
    let seats = try SeatStore(path: DataFolder(path: town.data).seats)
    defer { try? seats.close() }
    return Set(try seats.devices().map(\.replica.description))
  }

  /// The folder has what a device needs, readable by its owner only, and nothing half written.
  private func expectWhole(_ home: String, _ when: Comment) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: home)) ?? []
    #expect(names.contains("device.key") && names.contains("replica.sqlite"), when)
    let isTidy = !names.contains { $0.hasSuffix(".new") }
    #expect(isTidy, "\(when): \(names)")
    for name in ["device.key", "replica.sqlite"] {
      let facts = try? FileManager.default.attributesOfItem(atPath: home + "/" + name)
      #expect((facts?[.posixPermissions] as? Int) == 0o600, "\(when): \(name)")
    }
  }
}

/// Running programs under `strace`.
enum Tracing {
  /// Whether a process may be traced here: some sandboxes forbid it.
  static let isPossible = (try? run(["/bin/true"])) == 0

  /// Runs what `words` say, threads and all; a negative answer is the signal that ended it.
  static func run(_ words: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/strace")
    process.arguments = ["-f", "-o", "/dev/null"] + words
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationReason == .uncaughtSignal ? -process.terminationStatus : process.terminationStatus
  }
}
