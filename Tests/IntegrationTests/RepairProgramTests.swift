import EditModel
import Foundation
import LedgerClient
import LedgerIdentity
import LedgerStore
import LedgerTestKit
import LineProtocol
import Testing

/// `taizhang repair` on a device whose disk has damaged the replica's file, with the programs as people run them.
@Suite(.onOwnThreads, .timeLimit(.minutes(5))) struct RepairProgramTests {
  private let town: ProgramTown
  private let clerk: String
  private let office: String
  private static let pageBytes = 4_096
  private static let count = 24

  init() throws {
    town = try ProgramTown()
    (clerk, office) = (town.home("clerk"), town.home("office"))
  }

  private enum Damage: String, CaseIterable {
    case pageOfActs, schema, cut, log
  }

  /// What the undamaged bytes hold is at the town once, and the rest is named.
  @Test(arguments: Damage.allCases) private func whatCanBeReadArrivesOnce(_ damage: Damage) throws {
    let port = try begin(hasLog: damage == .log)
    let there = try hurt(damage)
    #expect(try run(clerk, "status", status: 6).contains("taizhang repair"))
    let said = try run(clerk, "repair")
    #expect(said.contains("Repaired") && said.contains(clerk + "/damaged-1"), "\(said)")
    #expect(FileManager.default.fileExists(atPath: clerk + "/damaged-1/replica.sqlite"))
    #expect(there.count > 3)
    if damage == .pageOfActs || damage == .cut { #expect(there.count < RepairProgramTests.count) }
    if there.count < RepairProgramTests.count {
      #expect(said.contains("could not be read"), "\(there.count): \(said)")
    }
    #expect(try run(clerk, "repair").contains("not damaged"))
    try run(clerk, "add", "problem", "修好以后")
    try town.serving(tlsPort: port) { _ in
      try run(clerk, "sync")
      try run(office, "sync")
      try run(clerk, "note", "自1", "再写一条")
      try run(office, "sync")
    }
    let arrived = try texts(office)
    for text in there + ["修好以后", "再写一条", "一件事", "早先"] { #expect(arrived[text] == 1, "\(text)") }
    for (text, count) in arrived where text.hasPrefix("离线") { #expect(count == 1, "\(text)") }
    #expect(try Replica(home: office).status().stateHash == Replica(home: clerk).status().stateHash)
    #expect(try Replica(home: clerk).status().unsent == 0)
  }

  @Test func aWholeFileIsLeftAsItIs() throws {
    _ = try begin(hasLog: false)
    let before = try Data(contentsOf: URL(filePath: clerk + "/replica.sqlite"))
    #expect(try run(clerk, "repair").contains("not damaged"))
    #expect(try Data(contentsOf: URL(filePath: clerk + "/replica.sqlite")) == before)
    #expect(try !FileManager.default.contentsOfDirectory(atPath: clerk).contains { $0.hasPrefix("damaged") })
    #expect(try run(town.home("nobody"), "repair", status: 6).contains("no ledger"))
  }

  /// Who the device is cannot be read: what was written is shown, and nothing is changed.
  @Test func withoutTheDeviceTheWordsAreShown() throws {
    _ = try begin(hasLog: false)
    let path = clerk + "/replica.sqlite"
    var bytes = try Data(contentsOf: URL(filePath: path))
    let secret = try ReplicaStore.open(path: path).header().secret.digits
    while let place = bytes.range(of: Data(secret.utf8)) {
      bytes.replaceSubrange(place, with: Data(count: place.count))
    }
    try write(bytes, to: path)
    let said = try run(clerk, "repair", status: 6)
    #expect(said.contains("离线 3 ") && said.contains("new enrolment line"), "\(said)")
    #expect(try Data(contentsOf: URL(filePath: path)) == bytes)
  }

  /// Killed (kill -9) before its n-th call of each kind: the old file is there as it was, or the new one whole.
  @Test(.enabled(if: Tracing.isPossible, "SKIPPED: strace is not to be had here"))
  func aRepairThatIsKilledLeavesOneWholeFile() throws {
    _ = try begin(hasLog: true)
    _ = try hurt(.log)
    let image = clerk + "-hurt"
    try copy(clerk, to: image)
    let first = try run(clerk, "repair")
    #expect(first.contains("Repaired"), "\(first)")
    let expected = try acts(clerk)
    #expect(expected.count > 3)
    var kills = 0
    for call in ["mkdir", "link", "rename", "unlink", "fsync", "fdatasync", "ftruncate", "pwrite64"] {
      var number = 1
      while true {
        try FileManager.default.removeItem(atPath: clerk)
        try copy(image, to: clerk)
        let status = try Tracing.run([
          "-e", "inject=\(call):signal=SIGKILL:when=\(number)", ProgramTown.program("taizhang").path, "repair",
          "--home",
          clerk,
        ])
        let when: Comment = "killed before \(call) \(number)"
        let wasKilled = status == -SIGKILL || status == 128 + SIGKILL
        #expect(wasKilled || status == 0, when)
        let ended = try ProgramTown.run("taizhang", ["status", "--home", clerk, "--lang", "en"])
        #expect(ended.status == 0 || ended.text.contains("taizhang repair"), when)
        try run(clerk, "repair")
        #expect(try acts(clerk) == expected, when)
        guard wasKilled else { break }
        kills += 1
        number += call == "pwrite64" ? 7 : 1
      }
    }
    #expect(kills > 15, "\(kills)")
    print("kill -9: a repair, killed \(kills) times")
  }

  /// A problem and a note at the town, and then notes that nobody has sent; where the server listens. `hasLog`: the last of
  /// them are in the log only, as when the power failed.
  private func begin(hasLog: Bool) throws -> Int {
    var port = 0
    try town.serving { address in
      port = try #require(address.split(separator: ":").last.flatMap { Int($0) })
      for home in [clerk, office] { try run(home, "enrol", town.line().text) }
      try run(clerk, "add", "problem", "一件事")
      try run(clerk, "note", "自1", "早先")
      try run(office, "sync")
    }
    for number in 1...RepairProgramTests.count - 4 { try run(clerk, "note", "自1", text(number)) }
    let other = hasLog ? try ReplicaStore.open(path: clerk + "/replica.sqlite") : nil
    // Read, so that the connection stands and the log stays with it.
    _ = try other?.header()
    for number in RepairProgramTests.count - 3...RepairProgramTests.count { try run(clerk, "note", "自1", text(number)) }
    guard let other else { return port }
    let image = clerk + "-running"
    try copy(clerk, to: image)
    try other.close()
    try FileManager.default.removeItem(atPath: clerk)
    try FileManager.default.moveItem(atPath: image, toPath: clerk)
    return port
  }

  private func text(_ number: Int) -> String { "离线 \(number) " + String(repeating: "字", count: 150) }

  /// Damages the clerk's file; answers which of the notes still lie in its bytes.
  private func hurt(_ damage: Damage) throws -> [String] {
    let (path, log) = (clerk + "/replica.sqlite", clerk + "/replica.sqlite-wal")
    var bytes = try Data(contentsOf: URL(filePath: path))
    var logged = (try? Data(contentsOf: URL(filePath: log))) ?? Data()
    func clear(_ page: Int) {
      let start = page * RepairProgramTests.pageBytes
      bytes.replaceSubrange(
        start..<start + RepairProgramTests.pageBytes, with: Data(count: RepairProgramTests.pageBytes))
    }
    switch damage {
    case .pageOfActs:
      // What was there before a page was split lies about too.
      while let place = bytes.range(of: Data(text(3).utf8)) { clear(place.lowerBound / RepairProgramTests.pageBytes) }
    case .schema: clear(0)
    case .cut:
      let last = try #require(bytes.range(of: Data(text(20).utf8), options: .backwards)).lowerBound
      bytes = bytes.prefix(last / RepairProgramTests.pageBytes * RepairProgramTests.pageBytes)
    case .log:
      // From a changed byte on SQLite passes over the rest of a log without a word.
      let place = try #require(logged.range(of: Data(text(RepairProgramTests.count - 2).utf8)))
      logged[place.lowerBound] ^= 1
    }
    try write(bytes, to: path)
    if !logged.isEmpty { try write(logged, to: log) }
    let all = bytes + logged
    return (1...RepairProgramTests.count).map(text).filter { isThere($0, in: all) }
  }

  /// Whether `text` lies in `bytes` with the head that makes an act of it.
  private func isThere(_ text: String, in bytes: Data) -> Bool {
    var start = bytes.startIndex
    while let place = bytes.range(of: Data(text.utf8), in: start..<bytes.endIndex) {
      let before = max(bytes.startIndex, place.lowerBound - 160)..<place.lowerBound
      if bytes.range(of: Data("~act1 ".utf8), in: before) != nil { return true }
      start = place.upperBound
    }
    return false
  }

  private func write(_ bytes: Data, to path: String) throws {
    try bytes.write(to: URL(filePath: path))
  }

  private func copy(_ folder: String, to other: String) throws {
    #expect(try ProgramTown.run(URL(filePath: "/bin/cp"), ["-a", folder, other]).status == 0)
  }

  private func acts(_ home: String) throws -> [Act] {
    let store = try ReplicaStore.open(path: home + "/replica.sqlite")
    defer { try? store.close() }
    return try store.outbox().acts.map(\.act)
  }

  /// How often each text of a confirmed line is in a device's replica.
  private func texts(_ home: String) throws -> [String: Int] {
    let store = try ReplicaStore.open(path: home + "/replica.sqlite")
    defer { try? store.close() }
    let lines = try store.arrived(after: 0).lines
    return Dictionary(lines.compactMap { $0.edit.value.text?.description }.map { ($0, 1) }, uniquingKeysWith: +)
  }

  /// Runs a command, which must end with `status`.
  @discardableResult
  private func run(_ home: String, _ arguments: String..., status: Int32 = 0) throws -> String {
    let ended = try ProgramTown.run("taizhang", arguments + ["--home", home, "--lang", "en"])
    #expect(ended.status == status, "\(arguments): \(ended.text)")
    return ended.text
  }
}
