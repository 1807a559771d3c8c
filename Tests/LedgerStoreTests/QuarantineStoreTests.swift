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

  // MARK: Decisions

  private func decision(accepts: Bool = true) throws -> HeldAct.Decision {
    HeldAct.Decision(
      ledger: "tucheng-2023", seat: try #require(SeatID("zhangbaiwan")), accepts: accepts,
      decider: try #require(SeatID("bangongshi")), at: now)
  }

  @Test func aDecisionWaitsUntilTheLedgerHasDoneIt() throws {
    let store = try store()
    let acts = [try act(1), try act(2)]
    _ = try store.keep(acts, of: replica, ledger: "tucheng-2023", cause: .restore, at: now)
    let keys = acts.map { HeldAct.Key($0) }
    #expect(try store.decide([keys[1]], decision()) == 1)
    #expect(try store.undone().map(\.key) == [keys[1]])
    #expect(try store.waiting().first?.acts == 2)
    try store.record([keys[1]: "ok 17"])
    #expect(try store.undone().isEmpty && store.waiting().first?.acts == 1)
    let held = try store.acts(of: replica)
    #expect(held.map(\.cause) == [.restore, .restore] && held.map { $0.decision?.isFinal } == [nil, true])
    try store.close()
  }

  @Test func whatStandsInTheLedgerIsNotDecidedAgain() throws {
    let store = try store()
    let act = try act(1)
    _ = try store.keep([act], of: replica, ledger: "tucheng-2023", at: now)
    let key = HeldAct.Key(act)
    _ = try store.decide([key], decision())
    for (answer, again) in [("wait archived", 1), ("stop no-ledger x", 1), ("shelve absent p1", 0)] {
      try store.record([key: answer])
      #expect(try store.decide([key], decision(accepts: false)) == again)
    }
    #expect(try store.acts(of: replica)[0].decision?.accepts == false)
    try store.close()
  }

  @Test func aDecisionWhoseLineARestoreTookAwayIsForgotten() throws {
    let store = try store()
    let acts = [try act(1), try act(2), try act(3)]
    _ = try store.keep(acts, of: replica, ledger: "tucheng-2023", cause: .restore, at: now)
    let keys = acts.map { HeldAct.Key($0) }
    _ = try store.decide(keys, decision())
    try store.record([keys[0]: "ok 9", keys[1]: "ok 10", keys[2]: "shelve declined bangongshi"])
    try store.forgetAccepted(in: "other", above: 0)
    try store.forgetAccepted(in: "tucheng-2023", above: 9)
    #expect(try store.acts(of: replica).map { $0.decision?.answer } == ["ok 9", nil, "shelve declined bangongshi"])
    // A ledger that holds an act back knows nothing of what was decided of it.
    _ = try store.keep([acts[2]], of: replica, ledger: "tucheng-2023", cause: .restore, at: now)
    #expect(try store.acts(of: replica)[2].decision == nil)
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
