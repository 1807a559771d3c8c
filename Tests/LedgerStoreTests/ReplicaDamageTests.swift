import EditModel
import GRDB
import LedgerStore
import LineProtocol
import Testing

/// A row of an own act that another hand or a failing disk has been at.
@Suite struct ReplicaDamageTests {
  private let folder = ReplicaFolder()

  /// Ways in which a row can be wrong, as an assignment of SQL.
  private static let damages = [
    "lines = 'q2w8rt5n.2/1 1 01h'", "lines = ''", "lines = x'ff00fe'", "lines = replace(lines, '.2/1', '.7/1')",
    "phase = 99", "phase = 'abc'", "first_seq = 'abc'", "was_accepted = 'abc'",
  ]

  @Test(arguments: damages) func theOthersAreSentAndItIsTold(_ damage: String) throws {
    let store = try folder.created()
    try folder.seed(store)
    let acts = try ["一", "二", "三"].map { try folder.record(store, $0) }
    try hurt(damage)
    let again = try folder.opened()
    #expect(try again.outbox().acts.map(\.act) == [acts[0], acts[2]])
    #expect(try again.outbox().counter == 3)
    #expect(try again.counts().unsent == 2)
    #expect(try again.snapshot().overlay.map(\.act) == [acts[0], acts[2]])
    #expect(try again.damagedActs().map(\.id) == [acts[1].id])
    #expect(try folder.record(again, "四").id.n == 4)
    #expect(try rows() == 4, "it is kept")
  }

  @Test func itSaysWhatIsKnownOfIt() throws {
    let store = try folder.created()
    try folder.seed(store)
    let acts = try ["一", "二"].map { try folder.record(store, $0) }
    #expect(try store.damagedActs().isEmpty)
    try hurt("lines = lines || char(10) || 'x'")
    #expect(try store.damagedActs() == [try damaged(acts[1], isSent: false)])
    try hurt("phase = 1")
    #expect(try store.damagedActs() == [try damaged(acts[1], isSent: true)])
  }

  /// It may have been sent before: then its line comes, and nothing of it was lost.
  @Test func itsOwnLineIsNoStrangersAndSettlesIt() throws {
    let store = try folder.created()
    try folder.seed(store)
    let acts = try ["一", "二", "三"].map { try folder.record(store, $0) }
    try store.markSent([1, 2, 3])
    try hurt("lines = 'x'")
    let again = try folder.opened()
    let applied = try again.apply(try folder.accepted(3, acts[1]), reached: (3, "c"))
    #expect(!applied.foundStranger)
    #expect(try again.damagedActs().isEmpty)
    #expect(try again.outbox().acts.map(\.act.id.n) == [1, 3])
  }

  @Test func undoPassesOverItAndItCanBeTakenOff() throws {
    let store = try folder.created()
    try folder.seed(store)
    let acts = try ["一", "二"].map { try folder.record(store, $0) }
    try hurt("lines = 'x'")
    let again = try folder.opened()
    #expect(try again.undoCandidate()?.edits == acts[0].edits)
    guard case .notOnShelf(acts[0].id) = try again.discard([acts[1].id, acts[0].id]) else {
      Issue.record("the first is on its way")
      return
    }
    #expect(try again.damagedActs().count == 1)
    guard case .discarded(let dependants) = try again.discard([acts[1].id]) else {
      Issue.record("it is told, so it can be taken off")
      return
    }
    #expect(dependants.isEmpty)
    #expect(try again.damagedActs().isEmpty)
    #expect(try rows() == 2)
    #expect(try again.outbox().acts.map(\.act) == [acts[0]])
  }

  private func damaged(_ act: Act, isSent: Bool) throws -> DamagedAct {
    DamagedAct(id: act.id, mayHaveBeenSent: isSent, edits: act.edits)
  }

  /// Changes the row of the second act behind the store's back.
  private func hurt(_ damage: String) throws {
    let queue = try DatabaseQueue(path: folder.path)
    try queue.write { db in
      try db.execute(sql: "UPDATE act SET \(damage) WHERE n = 2")
      try #require(db.changesCount == 1)
    }
  }

  private func rows() throws -> Int? {
    try DatabaseQueue(path: folder.path).read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM act") }
  }
}
