import Foundation
import LedgerAdmin
import LedgerClient
import LedgerIdentity
import LedgerStore
import LedgerTestKit
import Testing

/// What administrators do, with the programs as people run them.
@Suite(.onOwnThreads) struct AdminProgramTests {
  private let town: ProgramTown

  init() throws {
    town = try ProgramTown()
  }

  private var onlyDevice: String {
    get throws {
      let lines = try town.taizhangd("device", "list").split(separator: "\n")
      return String(try #require(lines.last?.split(separator: "\t").first))
    }
  }

  @Test func theCommandsLineLetsADeviceInAndTheListShowsIt() throws {
    try town.serving { address in
      let printed = try town.taizhangd("enrol", "bangongshi").split(separator: "\n")
      let line = String(printed[0])
      #expect(line.hasPrefix("taizhang://\(address)/\(ProgramTown.ledger)#"))
      let code = try #require(line.split(separator: ".").last)
      // What is read out is what is asked for: the address, then the code.
      let spoken = printed[1].split(separator: "\t").dropFirst().map(String.init)
      #expect(spoken.first == address && spoken.count == 2)
      #expect(spoken.last?.replacingOccurrences(of: "-", with: "") == String(code))
      let enrolled = try town.taizhang(town.home("office"), "enrol", line)
      #expect(enrolled.status == 0, "\(enrolled.text)")
    }
    // The server wrote what it had heard before it ended.
    let columns = try town.taizhangd("device", "list").dropLast().split(separator: "\t")
    #expect(columns[4].contains("just now") || columns[4].contains("min ago"))
    #expect(columns[5].hasPrefix("0 unsent"))
    #expect(columns[6] == "taizhang/0.1.0" && columns[7].hasPrefix("right"))
    let json = try #require(
      JSONSerialization.jsonObject(with: Data(town.taizhangd("device", "list", "--json").utf8)) as? [[String: Any]])
    #expect(json.count == 1 && json[0]["seat"] as? String == "bangongshi" && json[0]["key"] is String)
  }

  @Test func aSeatIsHandedOverWithItsDevicesShutOut() throws {
    try town.taizhangd("device", "add", "bangongshi", "--out", town.home("a.device"), "--server", "127.0.0.1:1")
    let device = try onlyDevice
    try town.taizhangd("seat", "hold", "bangongshi", "张三", "--until", "2099-12-31")
    try town.taizhangd("seat", "hold", "bangongshi", "李四", failing: true)
    for day in ["2026-02-30", "2026-01-01"] {
      try town.taizhangd("seat", "hold", "bangongshi", "张三", "--until", day, failing: true)
    }
    #expect(try town.taizhangd("seat", "handover", "bangongshi", "李四").contains("revoked\t\(device)"))
    let listed = try town.taizhangd("seat", "list", "--all")
    #expect(listed.contains("张三") && listed.contains("李四"))
    #expect(try town.taizhangd("device", "list").contains("revoked"))
    try town.taizhangd("seat", "end", "bangongshi")
    try town.taizhangd("seat", "end", "bangongshi", failing: true)
    #expect(try !town.taizhangd("seat", "list").contains("李四"))
  }

  @Test func devicesAreRenamedAndRevoked() throws {
    try town.taizhangd("device", "add", "bangongshi", "--out", town.home("a.device"), "--server", "127.0.0.1:1")
    let device = try onlyDevice
    try town.taizhangd("device", "rename", device, "村委会电脑")
    try town.taizhangd("device", "rename", device, "two words", failing: true)
    try town.taizhangd("device", "revoke", device)
    #expect(try town.taizhangd("device", "revoke", device).contains("before"))
    try town.taizhangd("device", "revoke", "zzzzzzzz", failing: true)
    let listed = try town.taizhangd("device", "list")
    #expect(listed.contains("村委会电脑") && listed.contains("已停用"))
  }

  /// A watch that stood open when its device was shut out says so and ends; another that only looks on, as a board does,
  /// stands in nobody's way, and goes on when the device is let in again.
  @Test(.timeLimit(.minutes(5))) func whatIsWrittenWhileAWatchStandsOpenIsHandedOver() async throws {
    let home = town.home("office")
    try await town.serving("") { _ in
      #expect(try town.taizhang(home, "enrol", town.line().text).status == 0)
      let device = try onlyDevice
      let watch = try PseudoTerminal(ProgramTown.program("taizhang").path, ["watch", "--home", home, "--lang", "en"])
      try watch.awaits("Connected")
      try town.taizhangd("device", "revoke", device)
      try watch.awaits("removed this device")
      #expect(try watch.ends() == 5)

      let replica = try Replica(home: home)
      let events = replica.watch()
      await waits(for: { if case .offline(.removed) = $0 { true } else { false } }, in: events)
      #expect(try town.taizhang(home, "add", "problem", "一件事").text.contains("1 act of them"))
      let line = try town.taizhangd("enrol", "bangongshi", "--again", device).split(separator: "\n")[0]
      #expect(try town.taizhang(home, "enrol", String(line)).status == 0)
      await waits(for: { $0 == .online }, in: events)
    }
  }

  private func waits(for isThere: (WatchEvent) -> Bool, in events: AsyncStream<WatchEvent>) async {
    for await event in events { if isThere(event) { return } }
    Issue.record("the watch ended")
  }

  @Test func aRevokedDeviceSaysSoPlainlyLosesNothingAndGoesOnWhenItIsLetInAgain() throws {
    try town.serving { _ in
      let home = town.home("office")
      let enrolled = try town.taizhang(home, "enrol", town.line().text)
      #expect(enrolled.status == 0, "\(enrolled.text)")
      let device = try onlyDevice
      try town.taizhangd("device", "revoke", device)
      #expect(try town.taizhang(home, "add", "problem", "一件事").text.contains("Saved here"))
      let ended = try town.taizhang(home, "sync")
      #expect(ended.status != 0)
      for part in ["removed this device", "Nothing is lost", "1 act of them", "taizhang enrol"] {
        #expect(ended.text.contains(part), "\(ended.text)")
      }
      let status = try town.taizhang(home, "status").text
      #expect(status.contains("removed this device") && status.contains("1 act of them"), "\(status)")
      #expect(try town.taizhangd("status").contains("held\t\(device)"))

      let line = try town.taizhangd("enrol", "bangongshi", "--again", device).split(separator: "\n")[0]
      let again = try town.taizhang(home, "enrol", String(line))
      #expect(again.status == 0, "\(again.text)")
      #expect(try town.taizhang(home, "sync").text.contains("Level with the town"))
      let later = try town.taizhang(home, "status", "--json").text
      let json = try JSONSerialization.jsonObject(with: Data(later.utf8)) as? [String: Any]
      #expect(json?["unsent"] as? Int == 0 && json?["lines"] as? Int != 0 && json?["removed"] as? Bool == false)
    }
  }

  @Test func theAuditSaysWhatWasDoneAndProvesIt() throws {
    try town.taizhangd("moved", "10.1.2.3:7374")
    try town.taizhangd("moved", "nowhere", failing: true)
    try town.taizhangd("snapshot")
    let lines = try town.taizhangd("audit").split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[2].hasSuffix("moved 10.1.2.3:7374") && lines.allSatisfy { $0.contains("\tuser:") })
    #expect(try town.taizhangd("audit", "--from", "4").hasPrefix("4\t"))
    #expect(try town.taizhangd("audit", "--check").hasPrefix("whole"))
    let json = try town.taizhangd("audit", "--json").split(separator: "\n")
    let first = try JSONSerialization.jsonObject(with: Data(json[0].utf8)) as? [String: Any]
    #expect(first?["what"] as? String == "ledger-add \(ProgramTown.ledger)")
  }

  @Test func anEnrolmentNeedsAnAddressAndASeat() throws {
    #expect(try town.taizhangd("enrol", "bangongshi", failing: true).contains("--server"))
    try town.taizhangd("enrol", "nobody", "--server", "10.1.2.3:7374", failing: true)
    try town.taizhangd("enrol", "bangongshi", "--server", "here", failing: true)
    try town.taizhangd("enrol", "bangongshi", "--server", "10.1.2.3:7374", "--valid", "0", failing: true)
    let line = try town.taizhangd("enrol", "bangongshi", "--server", "10.1.2.3:7374", "--second", "town.example:7374")
    #expect(line.hasPrefix("taizhang://10.1.2.3:7374,town.example:7374/"))
  }
}
