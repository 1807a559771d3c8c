import EditModel
import Glibc
import LedgerStore
import LedgerTestKit
import LineProtocol
import NIOCore
import Testing

@testable import LedgerAdmin

extension FaultTests {
  /// Snapshot and restore, killed or failed at each single call that changes the disk: the real program under `strace`,
  /// which kills it before its n-th such call, or fails that call, for n = 1, 2, 3 … until it gets through.
  ///
  /// Calls on the main thread are counted; neither command has another that writes.
  @Suite(.enabled(if: Sweep.isPossible, "SKIPPED: strace may not trace processes here"))
  struct KillSweepTests {
    @Test func aRestoreThatIsKilledLeavesTheOldOrTheNew() throws {
      let town = try RestoredTown()
      let count = try Sweep.kill(town.restore) { step in
        try town.isOldOrNew("killed at step \(step)")
        try town.restoreAgain("after a kill at step \(step)")
      } afresh: {
        try town.reset()
      }
      print("kill sweep: a restore over a live folder, killed at each of its \(count) steps")
    }

    @Test func aRestoreOfADestroyedFolderThatIsKilledCanBeDoneAgain() throws {
      let town = try RestoredTown()
      let count = try Sweep.kill(town.restore) { step in
        try town.restoreAgain("destroyed, after a kill at step \(step)")
      } afresh: {
        try town.destroy()
      }
      print("kill sweep: a restore of a destroyed folder, killed at each of its \(count) steps")
    }

    @Test(arguments: Sweep.Failure.allCases) func aRestoreWhoseDiskFailsLeavesTheOldOrTheNew(
      _ failure: Sweep.Failure
    ) throws {
      let town = try RestoredTown()
      let count = try Sweep.fail(town.restore, failure) { step in
        try town.isOldOrNew("\(failure) at step \(step)")
        try town.restoreAgain("after \(failure) at step \(step)")
      } afresh: {
        try town.reset()
      }
      print("fault sweep: a restore, \(failure) at each of its \(count) steps")
    }

    /// Whatever comes in between, no device is registered whose file is not there; what fails leaves neither, or says so.
    @Test(arguments: [nil] + Sweep.Failure.allCases.map(Optional.some)) func noDeviceIsRegisteredWithoutItsFile(
      _ failure: Sweep.Failure?
    ) throws {
      let town = try EnrollingTown()
      let steps: Int
      if let failure {
        steps = try Sweep.fail(town.enrol, failure) { step in
          try town.isWhole("\(failure) at step \(step)", mayLeaveFile: failure.isForGood)
        } afresh: {
          try town.reset()
        }
      } else {
        steps = try Sweep.kill(town.enrol) { step in
          try town.isWhole("killed at step \(step)", mayLeaveFile: true)
        } afresh: {
          try town.reset()
        }
      }
      print("sweep: a device added, \(failure.map { "\($0)" } ?? "killed") at each of its \(steps) steps")
    }

    @Test func aSnapshotThatIsKilledIsNone() throws {
      let town = try RestoredTown()
      let count = try Sweep.kill(town.snapshot) { step in
        try town.setsAreWhole("killed at step \(step)")
      } afresh: {
        try town.reset()
      }
      print("kill sweep: a snapshot, killed at each of its \(count) steps")
    }

    @Test(arguments: Sweep.Failure.allCases) func aSnapshotWhoseDiskFailsIsNone(_ failure: Sweep.Failure) throws {
      let town = try RestoredTown()
      let count = try Sweep.fail(town.snapshot, failure) { step in
        try town.setsAreWhole("\(failure) at step \(step)")
      } afresh: {
        try town.reset()
      }
      print("fault sweep: a snapshot, \(failure) at each of its \(count) steps")
    }
  }
}

/// A data folder with a seat that a device is added for.
final class EnrollingTown {
  private let folder: ServerFolder
  private var out: String { folder.path + "/new.device" }

  /// The command that is swept.
  var enrol: [String] { ["device", "add", "office", "--data", folder.data, "--out", out] }

  init() throws {
    folder = try ServerFolder()
    try folder.taizhangd("ledger", "add", "tucheng")
    try folder.taizhangd("seat", "add", "office", "--ledger", "tucheng", "--role", "round_owner")
    try ServerFolder.run("/bin/cp", ["-a", folder.data, folder.path + "/template"])
  }

  /// The folder without the device.
  func reset() throws {
    try ServerFolder.run("/bin/rm", ["-rf", folder.data, out])
    try ServerFolder.run("/bin/cp", ["-a", folder.path + "/template", folder.data])
  }

  /// A registered device has its file. A file without a device is left by a kill only, or by a disk that lets nothing be
  /// removed either.
  func isWhole(_ when: String, mayLeaveFile: Bool) throws {
    let seats = try SeatStore(path: DataFolder(path: folder.data).seats)
    let devices = try seats.devices().map(\.replica)
    try seats.close()
    let text = access(out, F_OK) == 0 ? try ServerFolder.text(out) : nil
    guard let device = devices.first else {
      #expect(mayLeaveFile || text == nil, "\(when): a file without its device")
      return
    }
    #expect(text?.contains("replica \(device)\n") == true, "\(when): a device without its file")
    #expect(text?.contains("\nsecret ") == true, "\(when)")
  }
}

/// Runs a command of `taizhangd` again and again, each time with a fault one step later.
enum Sweep {
  /// How a call fails.
  enum Failure: CaseIterable {
    /// No room, once.
    case full
    /// No room from then on.
    case fullForGood
    /// The disk fails, once.
    case broken
    /// The disk fails from then on.
    case brokenForGood

    /// Whether it lasts.
    var isForGood: Bool { words.lasts }

    fileprivate var words: (fault: String, lasts: Bool) {
      switch self {
      case .full: ("error=ENOSPC", false)
      case .fullForGood: ("error=ENOSPC", true)
      case .broken: ("error=EIO", false)
      case .brokenForGood: ("error=EIO", true)
      }
    }
  }

  /// A call that a command makes: its name, and how many calls of each name came before it.
  private struct Step {
    let name: String
    let before: [String: Int]
  }

  private static let strace = "/usr/bin/strace"
  /// The calls that change what is on a disk. Opening is left out: the loader opens, and a file that was made and not
  /// written is what the next call's fault leaves.
  private static let calls = [
    "write", "pwrite64", "fsync", "fdatasync", "ftruncate", "rename", "renameat", "renameat2", "link", "linkat",
    "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir",
  ]

  /// Whether a process may be traced here: some sandboxes forbid it.
  static let isPossible = (try? ServerFolder.run(strace, ["-o", "/dev/null", "/bin/true"])) == 0

  /// Kills the command before its first step, its second, … and has `check` look at what is left; answers how many steps
  /// it has.
  static func kill(
    _ command: [String], check: (Int) throws -> Void, afresh: () throws -> Void
  ) throws -> Int {
    try sweep(command, "signal=SIGKILL", lasts: false, check, afresh) { $0 == -1 }
  }

  /// Fails the command's first step, its second, … and has `check` look at what is left. A command may get through a
  /// failure that it can do without; then it says that it did.
  static func fail(
    _ command: [String], _ failure: Failure, check: (Int) throws -> Void, afresh: () throws -> Void
  ) throws -> Int {
    try sweep(command, failure.words.fault, lasts: failure.words.lasts, check, afresh) { $0 == 0 || $0 == 1 }
  }

  private static func sweep(
    _ command: [String], _ fault: String, lasts: Bool, _ check: (Int) throws -> Void, _ afresh: () throws -> Void,
    isExpected: (Int32) -> Bool
  ) throws -> Int {
    try afresh()
    let steps = try steps(of: command)
    for (index, step) in steps.enumerated() {
      try afresh()
      // `strace` counts the calls of each name for itself.
      let names = lasts ? calls : [step.name]
      let faults = names.flatMap { name in
        ["-e", "inject=\(name):\(fault):when=\((step.before[name] ?? 0) + 1)\(lasts ? "+" : "")"]
      }
      let (status, trace) = try traced(command, faults)
      #expect(trace.contains("SIGKILL") || trace.contains("(INJECTED)"), "no fault at \(step.name), step \(index)")
      #expect(isExpected(status), "\(command.first ?? "") with \(fault) at \(step.name), step \(index): \(status)")
      try check(index)
    }
    return steps.count
  }

  /// The steps of a command to which nothing happens.
  private static func steps(of command: [String]) throws -> [Step] {
    let (status, trace) = try traced(command, [])
    try #require(status == 0, "without a fault the command gets through")
    var before: [String: Int] = [:]
    var steps: [Step] = []
    for line in trace.split(separator: "\n") {
      let name = String(line.prefix { $0 != "(" })
      guard calls.contains(name) else { continue }
      steps.append(Step(name: name, before: before))
      before[name, default: 0] += 1
    }
    try #require(!steps.isEmpty, "a command that changes the disk has steps")
    return steps
  }

  private static func traced(_ command: [String], _ faults: [String]) throws -> (status: Int32, trace: String) {
    let file = (command.last ?? "") + ".trace"
    let tracing = ["-o", file, "-s", "0", "-e", "trace=" + calls.joined(separator: ",")]
    let status = try ServerFolder.run(strace, tracing + faults + [ServerFolder.program] + command)
    return (status, try ServerFolder.text(file))
  }
}

/// A data folder with two ledgers, one of which a set holds an earlier state of, as a killed server leaves it.
final class RestoredTown {
  private let folder: ServerFolder
  private let device: ReplicaID
  /// What the ledger of the set held when the server was killed, and what the set holds of it.
  private let oldLines: [String]
  private let setLines: [String]
  /// What the ledger that is not in the set holds.
  private let otherLines: [String]

  private var data: DataFolder { DataFolder(path: folder.data) }
  private var template: String { folder.path + "/template" }
  private var setPath: String { folder.path + "/set" }

  /// The commands that are swept.
  var restore: [String] { ["restore", setPath, "--overwrite", "--data", folder.data] }
  var snapshot: [String] { ["snapshot", "--data", folder.data] }

  init() throws {
    folder = try ServerFolder()
    let file = try folder.device(seat: "bangongshi", role: "round_owner")
    device = try #require(ReplicaID(try ServerFolder.word("replica", of: file)))
    let data = DataFolder(path: folder.data)
    var generator = Generator(seed: 3)
    let edits = generator.accepted(generator.history(replicas: 2, acts: 30))
    let rows = edits.map { HistoryRow(seq: $0.seq, line: ByteBuffer(string: EditLine.text($0))) }
    let store = try ServerStore(path: data.ledger("tucheng"))
    try store.append(HistoryBatch(rows: Array(rows.prefix(20))))
    try folder.taizhangd("snapshot")
    let set = try #require(SnapshotSet.all(in: data).first)
    try ServerFolder.run("/bin/mv", [set.path, folder.path + "/set"])
    try folder.taizhangd("ledger", "add", "other")
    let other = try ServerStore(path: data.ledger("other"))
    try other.append(HistoryBatch(rows: rows))
    try store.append(HistoryBatch(rows: Array(rows.dropFirst(20))))
    (setLines, oldLines, otherLines) = (
      edits.prefix(20).map { EditLine.text($0) }, edits.map { EditLine.text($0) }, edits.map { EditLine.text($0) }
    )
    // Both are open: their logs stand beside them, as after a kill.
    try ServerFolder.run("/bin/cp", ["-a", folder.data, folder.path + "/template"])
    try other.close()
    try store.close()
  }

  /// The folder as the killed server left it.
  func reset() throws {
    try destroy()
    try ServerFolder.run("/bin/cp", ["-a", template, folder.data])
  }

  /// Nothing is left of the folder.
  func destroy() throws {
    try ServerFolder.run("/bin/rm", ["-rf", folder.data])
  }

  /// The live folder can be served, and is whole in its old state or in its new one.
  func isOldOrNew(_ when: String) throws {
    let lines = try lines(of: data.ledger("tucheng"))
    #expect(lines == oldLines || lines == setLines, "\(when): \(lines.count) lines")
    #expect(try self.lines(of: data.ledger("other")) == otherLines, "\(when)")
    try knowsItsDevice(when)
  }

  /// The same restore, done again, gets through, loses nothing, and leaves nothing lying about.
  func restoreAgain(_ when: String) throws {
    let hadOld = access(template, F_OK) == 0 && access(data.ledger("other"), F_OK) == 0
    let status = try ServerFolder.run(ServerFolder.program, restore, output: folder.path + "/output")
    let said = try ServerFolder.text(folder.path + "/output")
    #expect(status == 0, "\(when): \(said)")
    #expect(try lines(of: data.ledger("tucheng")) == setLines, "\(when)")
    #expect(data.leftOvers.isEmpty, "\(when)")
    let names = try ServerFolder.names(in: data.ledgers)
    #expect(names.allSatisfy { $0.hasPrefix("tucheng.sqlite") || $0.hasPrefix("other.sqlite") }, "\(when): \(names)")
    try knowsItsDevice(when)
    guard hadOld else { return }
    #expect(try lines(of: data.ledger("other")) == otherLines, "\(when)")
    let replaced = try ServerFolder.names(in: data.replaced).map { "\(data.replaced)/\($0)/ledgers/tucheng.sqlite" }
    let kept = try replaced.filter { path in access(path, F_OK) == 0 }.map { path in try lines(of: path) }
    #expect(kept.contains(oldLines), "\(when): what was live is kept")
  }

  /// Every set that is offered is whole, and the next is taken.
  func setsAreWhole(_ when: String) throws {
    for set in SnapshotSet.all(in: data) { try SnapshotProof.verify(set) }
    let status = try ServerFolder.run(ServerFolder.program, snapshot, output: folder.path + "/output")
    let said = try ServerFolder.text(folder.path + "/output")
    #expect(status == 0, "\(when): \(said)")
    let newest = try #require(SnapshotSet.all(in: data).first)
    try SnapshotProof.verify(newest)
    #expect(newest.ledgers.map(\.seq) == [UInt64(otherLines.count), UInt64(oldLines.count)], "\(when)")
    #expect(data.leftOvers.isEmpty, "\(when)")
  }

  private func knowsItsDevice(_ when: String) throws {
    let seats = try SeatStore(path: data.seats)
    #expect(try seats.device(device) != nil, "\(when)")
    try seats.close()
  }

  /// The lines of a ledger, opened as a server opens it.
  private func lines(of path: String) throws -> [String] {
    let store = try ServerStore(path: path)
    let reader = try store.reader()
    let rows = try reader.lines(after: 0, through: .max, limitBytes: .max)
    try reader.close()
    try store.close()
    return rows.map { String(buffer: $0.line) }
  }
}
