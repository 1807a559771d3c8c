import EditModel
import Foundation
import LedgerClient
import LedgerIdentity
import LedgerRules
import LedgerTestKit
import ReplicaKeeping
import Testing

/// Devices whose clocks are decades wrong and that were off line for a week: the programs themselves, with clocks and boots
/// that a test sets.
@Suite(.onOwnThreads, .enabled(if: WrongClock.isPossible, "SKIPPED: the program faketime is not on this machine"))
struct WrongClockTests {
  private let town: ProgramTown

  init() throws { town = try ProgramTown() }

  private static let dayMilliseconds: UInt64 = 86_400_000

  /// The only problem, and the confirmed edits of its progress in the order of their stamps.
  private func progress(in home: String) throws -> [Edit] {
    let replica = try Replica(home: home)
    let problem = try #require(try replica.view().shown.children(of: .root, .problem).first)
    let field = try #require(FieldName("progress"))
    return try replica.history(of: problem, field: field).map(\.edit).sorted { $0.stamp < $1.stamp }
  }

  /// Two villages write in turn, a day apart, without a server: one's clock shows 1970, the other's 2031. One is switched off
  /// and on in between, the other's clock is set by hand. After a week both come back, in the wrong order.
  @Test(arguments: [(-20_400, 1_650), (-14_600, 14_600)] as [(Int64, Int64)])
  func aWeekOffline(behindDays: Int64, aheadDays: Int64) throws {
    let office = town.home("office")
    let (behind, ahead) = (
      try WrongClock(town, "village-behind", daysOff: behindDays),
      try WrongClock(town, "village-ahead", daysOff: aheadDays)
    )
    var port = 0
    try town.serving { address in
      port = try #require(address.split(separator: ":").last.flatMap { Int($0) })
      #expect(try town.taizhang(office, "enrol", town.line().text).status == 0)
      #expect(try town.taizhang(office, "add", "problem", "一件事").status == 0)
      for clerk in [behind, ahead] { try clerk.run("enrol", town.line().text) }
    }
    let began = Device.system.wallMilliseconds()
    for (day, clerk) in zip(1..., [behind, ahead, behind, ahead, behind, ahead]) {
      for machine in [behind, ahead] { try machine.passes(days: 1) }
      if day == 3 { try behind.reboots() }
      if day == 4 { ahead.steps(days: -900) }
      try clerk.run("set", "自1", "progress", "第\(day)天")
    }
    for machine in [behind, ahead] { try machine.passes(days: 1) }

    let server = try SteppedServer(town, daysAhead: 7, tlsPort: port)
    for clerk in [ahead, behind, ahead] {
      #expect(try clerk.run("sync").contains("Level with the town"))
    }
    let edits = try progress(in: ahead.home)
    #expect(edits.map(\.value.text) == (1...6).map { "第\($0)天" }, "in the order in which they were written")
    for (index, edit) in edits.enumerated() {
      let day = UInt64(index) + 1
      let written = began + day * WrongClockTests.dayMilliseconds
      let off = Int64(edit.stamp.milliseconds) - Int64(written)
      #expect(abs(off) < 600_000, "day \(day) is \(off) ms off")
      #expect(!edit.shift.isUncertain)
    }
    #expect(try progress(in: behind.home) == edits)
    // Nothing is held hostage: what the town writes next wins everywhere.
    let told = try SteppedServer.taizhang(office, daysAhead: 7, "set", "自1", "progress", "镇里后写的")
    #expect(told.status == 0 && told.text.contains("At the town"), "\(told.text)")
    for clerk in [ahead, behind] {
      try clerk.run("sync")
      #expect(try clerk.run("show", "自1").contains("镇里后写的"))
    }
    #expect(try behind.run("history", "自1").contains("第3天"))
    _ = server
  }

  /// What is due is reckoned by the town's time: a clock of 1970 hides no deadline, one of 2031 makes none of it, off line and
  /// without a word of the server.
  @Test(arguments: [-20_400, 1_650] as [Int64]) func deadlinesGoByTheTownsTime(daysOff: Int64) throws {
    let clerk = try WrongClock(town, "village", daysOff: daysOff)
    let deadline = CivilDate(milliseconds: Device.system.wallMilliseconds()).adding(days: 30)
    try town.serving { _ in
      try clerk.run("enrol", town.line().text)
      try clerk.run("add", "problem", "一件事")
      try clerk.run("set", "自1", "deadline", deadline.description)
    }
    let light = { try clerk.run("list").split(separator: "\n").first { $0.contains(deadline.description) } }
    #expect(try light()?.contains("overdue") == false && light()?.contains("near") == false)
    try clerk.passes(days: 28)
    #expect(try light()?.contains("near") == true)
    try clerk.passes(days: 4)
    #expect(try light()?.contains("overdue") == true)
    #expect(try clerk.run("show", "自1").contains("overdue"))
    let status = try clerk.run("status")
    #expect(status.contains(daysOff < 0 ? "this device is 5" : "this device is 4"), "\(status)")
    #expect(try clerk.run("board", "--text").contains(deadline.adding(days: 2).description))
  }
}
