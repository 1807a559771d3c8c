import EditModel
import LedgerAdmin
import LedgerRules
import LedgerServer
import LedgerStore
import LineProtocol
import Testing

/// A ledger that was restored to an earlier moment, on a server, and what is decided of what it holds back.
@Suite struct HeldActsOnAServerTests {
  private let fixture: ServerFixture
  /// 2026-11-28 in the middle of the day.
  private let restored = Stamp(milliseconds: 1_795_838_400_000)

  init() throws {
    fixture = try ServerFixture()
    let store = try ServerStore(path: fixture.folder.ledger(ServerFixture.ledger))
    try store.beginEpoch(Epoch(generation: 2, id: 7), heldThrough: restored)
    try store.close()
  }

  private func onQuarantine<Value>(_ body: (QuarantineStore) throws -> Value) throws -> Value {
    let store = try QuarantineStore(path: fixture.folder.quarantine)
    let value = try body(store)
    try store.close()
    return value
  }

  private func part(_ device: DeviceGrant, _ n: UInt64, at stamp: Stamp, _ change: String) -> String {
    "\(device.replica).\(n)/1 1 \(stamp) 0 - \(change)"
  }

  private func decide(_ keys: [HeldAct.Key], accepts: Bool) throws {
    let seat = try #require(SeatID("bangongshi"))
    let decision = HeldAct.Decision(
      ledger: ServerFixture.ledger, seat: seat, accepts: accepts, decider: seat, at: restored)
    _ = try onQuarantine { try $0.decide(keys, decision) }
  }

  /// Waits until something came of all that was decided.
  private func untilDone() async throws {
    while try !onQuarantine({ try $0.undone() }).isEmpty { await Task.yield() }
  }

  @Test(.timeLimit(.minutes(5))) func whatIsOlderThanTheRestoreWaitsAndIsDecided() async throws {
    let device = try fixture.device()
    let (old, new) = (Stamp(milliseconds: restored.milliseconds - 5_000), Stamp(rawValue: restored.rawValue + 1))
    try await fixture.serving { port in
      let peer = try await ServerPeer.authenticated(device, to: port)
      try await peer.send("o open \(ServerFixture.ledger) -\n")
      let puts = [
        part(device, 1, at: old, ". problem 修路"), part(device, 2, at: old, ". problem 修井"),
        part(device, 3, at: new, ". problem 修庙"),
      ]
      for (number, put) in puts.enumerated() { try await peer.send("p\(number + 1) put \(put)\n") }
      try await peer.hears(["p1 wait held", "p2 wait held", "p3 ok 1"])
      let keys = try onQuarantine { try $0.all() }.map(\.key)
      try decide([keys[0]], accepts: true)
      try decide([keys[1]], accepts: false)
      try await untilDone()
      #expect(try onQuarantine { try $0.all() }.map { $0.decision?.answer } == ["ok 2", "shelve declined bangongshi"])
      // A copy is answered as any copy is, and the line has come to those who follow.
      try await peer.send("q1 put \(puts[0])\nq2 put \(puts[1])\n")
      try await peer.hears(["q1 ok 2", "q2 shelve declined bangongshi"])
      await peer.close()
    }
  }

  /// One person wrote about what another made, and both wait: whichever device has the lower id, the thing comes first.
  @Test(.timeLimit(.minutes(5))) func whatIsAboutAThingComesBehindIt() async throws {
    let devices = [try fixture.device(), try fixture.device()].sorted { $0.replica < $1.replica }
    let stamps = [9_000, 5_000].map { Stamp(milliseconds: restored.milliseconds - $0) }
    let field = { (name: String) in try #require(FieldName(name)) }
    let problem = try Act(
      id: ActID(replica: devices[1].replica, n: 1),
      changes: [(Change(entity: .root, field: field("problem"), value: .text("修路")), nil)], stamp: stamps[0],
      shift: .none)
    let note = try Act(
      id: ActID(replica: devices[0].replica, n: 1),
      changes: [(Change(entity: .created(problem.id.edit(1)), field: field("note"), value: .text("已去看")), nil)],
      stamp: stamps[1], shift: .none)
    try onQuarantine { store in
      for act in [note, problem] {
        _ = try store.keep([act], of: act.id.replica, ledger: ServerFixture.ledger, cause: .restore, at: restored)
      }
    }
    try decide([HeldAct.Key(note), HeldAct.Key(problem)], accepts: true)
    try await fixture.serving { _ in try await untilDone() }
    #expect(try onQuarantine { try $0.all() }.map { $0.decision?.answer } == ["ok 2", "ok 1"])
  }
}

extension ServerPeer {
  /// Reads until every one of `wanted` was heard, whatever stands between.
  fileprivate func hears(_ wanted: [String]) async throws {
    var left = Set(wanted)
    while !left.isEmpty { left.remove(try #require(try await line())) }
  }
}
