import EditModel
import LedgerTestKit
import LineProtocol
import Testing

@testable import LedgerStore

@Suite struct QuarantineStoreTests {
  private let folder: FaultDiskFolder
  private let now = Stamp(milliseconds: 1_697_000_000_000)
  private let replica: ReplicaID

  init() throws {
    folder = try FaultDiskFolder()
    replica = try #require(ReplicaID("q2w8rt5n"))
  }

  private func store() throws -> QuarantineStore { try QuarantineStore(path: folder.path + "/quarantine.sqlite") }

  private func act(_ n: UInt64, _ text: String = "甲", at stamp: Stamp? = nil) throws -> Act {
    let change = Change(
      entity: .root, field: try #require(FieldName("problem")), value: .text(ExactString(text)))
    return try Act(
      id: ActID(replica: replica, n: n), changes: [(change: change, base: nil)], stamp: stamp ?? now, shift: .none)
  }

  @Test func theSpecificationStatesTheLimits() throws {
    let page = try ProjectFile.text("protocol/08-limits.md")
    #expect(page.contains("| QuarantineStore.actLimit | \(QuarantineStore.actLimit) |"))
    #expect(page.contains("| QuarantineStore.byteLimit | \(QuarantineStore.byteLimit) |"))
  }

  @Test func keepsActsWordForWordAcrossOpenings() throws {
    let acts = [try act(1), try act(2, "第一行\n第二行")]
    let first = try store()
    #expect(try first.keep(acts, of: replica, ledger: "tucheng-2023", at: now) == [.kept, .kept])
    try first.close()
    let again = try store()
    #expect(try again.acts(of: replica).map(\.id) == acts.map(\.id))
    #expect(try again.acts(of: replica).map(\.lines) == acts.map { $0.edits.map { EditLine.text($0) } })
    let waiting = try #require(try again.waiting().first)
    #expect(waiting.acts == 2 && waiting.ledger == "tucheng-2023" && waiting.last == now)
    try again.close()
  }

  @Test func aCopyIsOneAndAnotherActUnderTheNumberIsKeptToo() throws {
    let store = try store()
    let later = try act(1, at: Stamp(milliseconds: now.milliseconds + 5))
    #expect(try store.keep([act(1), later, act(1, "乙")], of: replica, ledger: nil, at: now) == [.kept, .kept, .kept])
    #expect(try store.acts(of: replica).count == 2)
    try store.close()
  }

  @Test func oneDeviceFillsItsOwnShareOnly() throws {
    let store = try store()
    let acts = try (1...UInt64(QuarantineStore.actLimit + 1)).map { try act($0) }
    let outcomes = try store.keep(acts, of: replica, ledger: nil, at: now)
    #expect(outcomes.count { $0 == .kept } == QuarantineStore.actLimit && outcomes.last == .full)
    // What is there is answered as kept; another device has room.
    #expect(try store.keep([acts[0]], of: replica, ledger: nil, at: now) == [.kept])
    let other = try #require(ReplicaID("h4m7xk2v"))
    #expect(try store.keep([acts[0]], of: other, ledger: nil, at: now).count == 1)
    try store.close()
  }

  @Test func theBytesOfOneDeviceAreBoundedToTheByte() throws {
    let store = try store()
    let size = { (act: Act) in EditLine.text(act.edits[0]).utf8.count }
    var left = QuarantineStore.byteLimit
    var acts: [Act] = []
    while left > 65_000 {
      acts.append(try act(UInt64(acts.count + 1_000), String(repeating: "x", count: 60_000)))
      left -= size(acts[acts.count - 1])
    }
    #expect(try store.keep(acts, of: replica, ledger: nil, at: now).allSatisfy { $0 == .kept })
    let padding = left - size(try act(9_000, "x")) + 1
    let fits = try act(9_000, String(repeating: "x", count: padding))
    #expect(size(fits) == left)
    #expect(
      try store.keep(
        [act(9_000, String(repeating: "x", count: padding + 1)), fits, act(9_001, "x")], of: replica, ledger: nil,
        at: now)
        == [.full, .kept, .full])
    #expect(try store.waiting()[0].bytes == QuarantineStore.byteLimit)
    try store.close()
  }
}
