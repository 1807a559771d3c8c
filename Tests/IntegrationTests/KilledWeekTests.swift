import EditModel
import Foundation
import GRDB
import Glibc
import LedgerClient
import LedgerIdentity
import LedgerStore
import LedgerTestKit
import Testing

/// A week off line, and then a line that is there again, with `taizhang` killed (kill -9) before its n-th call of each kind
/// that changes the disk or the network. What it had said is saved is at the town once; nothing is there twice.
///
/// One command for each kind of call by default; each command with TAIZHANG_SWEEP=all.
@Suite(
  .onOwnThreads,
  .enabled(if: Tracing.isPossible && WrongClock.isPossible, "SKIPPED: strace or faketime is not to be had here"))
struct KilledWeekTests {
  private static let calls = ["write", "pwrite64", "fdatasync", "fsync", "unlink", "ftruncate"]

  private static let isWhole = ProcessInfo.processInfo.environment["TAIZHANG_SWEEP"] == "all"

  private let town: ProgramTown
  private let clerk: WrongClock

  init() throws {
    town = try ProgramTown()
    clerk = try WrongClock(town, "village", daysOff: -400)
  }

  /// What was tried, and what of it the program said is saved.
  private struct Tally {
    var tried: [String] = []
    var reported: Set<String> = []
    var kills = 0
  }

  @Test func whatWasSavedIsAtTheTownOnce() throws {
    let office = town.home("office")
    var port = 0
    try town.serving { address in
      port = try #require(address.split(separator: ":").last.flatMap { Int($0) })
      try clerk.run("enrol", town.line().text)
      try clerk.run("add", "problem", "一件事")
    }
    var tally = Tally()
    let commands = [["set", "自1", "progress"], ["note", "自1"], ["add", "problem"]]
    for (day, call) in KilledWeekTests.calls.enumerated() {
      try clerk.passes(days: 1)
      for command in KilledWeekTests.isWhole ? commands : [commands[day % 3]] { try sweep(command, call, &tally) }
    }
    try clerk.passes(days: 1)
    try expectPending(tally)
    let offline = tally.kills
    try town.serving(tlsPort: port) { _ in
      for call in KilledWeekTests.isWhole ? KilledWeekTests.calls + ["connect"] : ["connect", "pwrite64"] {
        try sweep(["set", "自1", "effect"], call, &tally)
      }
      try clerk.run("sync")
      #expect(try town.taizhang(office, "enrol", town.line().text).status == 0)
      #expect(try town.taizhang(office, "sync").status == 0)
    }
    try expectOnce(tally, in: office)
    #expect(offline > 8 && tally.kills > offline, "\(offline) and \(tally.kills) kills")
    print(
      "kill -9: \(tally.tried.count) commands, killed \(offline) times off line and \(tally.kills - offline) on line")
  }

  /// Runs `command` with a value of its own, killed before its `call` number n, for n = 1 and on until it gets through.
  private func sweep(_ command: [String], _ call: String, _ tally: inout Tally) throws {
    var number = 1
    while true {
      let value = "\(command.joined(separator: "-"))-\(call)-\(tally.tried.count)"
      tally.tried.append(value)
      let ended = try run(command + [value], killedBefore: call, number)
      let when: Comment = "killed before \(call) \(number): \(ended.status) \(ended.text)"
      // The wrapper of the clocks catches the signal and says so.
      let wasKilled = [-SIGKILL, 128 + SIGKILL].contains(ended.status) || ended.text.contains("Caught Killed")
      #expect(wasKilled || ended.status == 0, when)
      if ended.text.contains("Saved here") || ended.text.contains("At the town") { tally.reported.insert(value) }
      #expect(wasKilled || tally.reported.contains(value), when)
      let file = try DatabaseQueue(path: clerk.home + "/replica.sqlite")
      #expect(try file.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok", when)
      try file.close()
      guard wasKilled else { return }
      tally.kills += 1
      number += 1
    }
  }

  private func run(_ command: [String], killedBefore call: String, _ number: Int) throws -> ProgramTown.Ended {
    let (executable, words) = try clerk.words(command)
    let traced =
      ["-f", "-o", "/dev/null", "-e", "inject=\(call):signal=SIGKILL:when=\(number)", executable.path] + words
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/strace")
    process.arguments = traced
    let output = Pipe()
    (process.standardOutput, process.standardError) = (output, output)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    try putClocksAway()
    let status = process.terminationReason == .uncaughtSignal ? -process.terminationStatus : process.terminationStatus
    return ProgramTown.Ended(text: text, status: status)
  }

  /// When its program is killed the wrapper of the clocks leaves things behind, and fails once it has the same number again.
  private func putClocksAway() throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: "/dev/shm") where name.contains("faketime_s") {
      guard let number = name.split(separator: "_").last.flatMap({ pid_t($0) }) else { continue }
      if kill(number, 0) != 0, errno == ESRCH { unlink("/dev/shm/\(name)") }
    }
  }

  /// Everything that was said to be saved waits in the outbox, once.
  private func expectPending(_ tally: Tally) throws {
    let replica = try Replica(home: clerk.home)
    let values = try replica.view().pending.compactMap(\.edit.value.text)
    let counts = Dictionary(values.map { ($0, 1) }, uniquingKeysWith: +)
    for value in tally.reported { #expect(counts[value] == 1, "\(value)") }
    #expect(try replica.status().unsent == Set(try replica.view().pending.map(\.edit.id.act)).count)
  }

  /// What was said to be saved is at the town once; what was not may be, but not twice.
  private func expectOnce(_ tally: Tally, in home: String) throws {
    let store = try ReplicaStore.open(path: home + "/replica.sqlite")
    defer { try? store.close() }
    let lines = try store.arrived(after: 0).lines
    let counts = Dictionary(lines.compactMap { $0.edit.value.text.map { ($0, 1) } }, uniquingKeysWith: +)
    for value in tally.tried {
      let count = counts[value] ?? 0
      #expect(tally.reported.contains(value) ? count == 1 : count <= 1, "\(value) is there \(count) times")
    }
  }
}
