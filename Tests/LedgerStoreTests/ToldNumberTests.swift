import EditModel
import GRDB
import LedgerStore
import LineProtocol
import Testing

/// By which numbers the owner of a device knows the self-found problems.
@Suite struct ToldNumberTests {
  let folder = ReplicaFolder()

  @Test func whatComesInFrontIsToldOnceAndWhatIsFirstSeenIsNot() throws {
    let store = try folder.created()
    try folder.seed(store)
    let late = try bring(n: 1, at: 20, store)
    #expect(try store.renumbered().isEmpty)
    let early = try bring(n: 2, at: 10, store)
    let moved = [RenumberedProblem(problem: late, before: 1, present: 2)]
    #expect(try store.renumbered() == moved)
    // Not forgotten with the connection, the process or what came since.
    try store.close()
    let again = try folder.opened()
    _ = try bring(n: 3, at: 30, again)
    #expect(try again.renumbered() == moved)
    try again.remember(told: moved)
    #expect(try again.renumbered().isEmpty)
    try again.withdraw(early)
    #expect(
      try again.renumbered().map { [$0.before, $0.present] } == [[2, 1], [3, 2]])
  }

  /// While everything is fetched again, not all that counts is here.
  @Test func nothingIsToldInTheMiddleOfAFetch() throws {
    let store = try folder.created()
    try folder.seed(store)
    _ = try bring(n: 1, at: 10, store)
    _ = try bring(n: 2, at: 20, store)
    try store.restart(epoch: try #require(Epoch("g2.00000000000000aa")))
    let second = try creation(n: 2)
    _ = try store.apply(try folder.accepted(20, second), reached: nil)
    #expect(try store.renumbered().isEmpty)
    _ = try store.apply(try folder.accepted(10, try creation(n: 1)), reached: (20, "g2.00000000000000aa.20"))
    #expect(try store.renumbered().isEmpty)
  }

  /// A file of version 12, in which no number was kept: those that it shows are what is known.
  @Test func theNumbersOfAnOlderFileAreThoseThatItShowed() throws {
    let store = try folder.created()
    try folder.seed(store)
    let late = try bring(n: 1, at: 20, store)
    try store.close()
    try DatabaseQueue(path: folder.path).write { db in
      try db.execute(sql: "DROP TABLE told_number; PRAGMA user_version = 12")
    }
    let again = try folder.opened()
    _ = try bring(n: 2, at: 10, again)
    #expect(try again.renumbered() == [RenumberedProblem(problem: late, before: 1, present: 2)])
  }

  private func creation(n: UInt64) throws -> Act {
    try Act(
      id: ActID(replica: try #require(ReplicaID("h4m7xk2v")), n: 100 + n),
      changes: [
        (Change(entity: .root, field: try #require(FieldName("problem")), value: .text(ExactString("自查\(n)"))), nil)
      ],
      stamp: Stamp(milliseconds: 2_000 + n), shift: .none)
  }

  /// A self-found problem comes into sight that was accepted as `seq`.
  private func bring(n: UInt64, at seq: UInt64, _ store: ReplicaStore) throws -> EntityID {
    let act = try creation(n: n)
    _ = try store.apply(try folder.accepted(seq, act), reached: (30, "g1.e5f2a90c41d7b366.30"))
    return .created(act.id.edit(1))
  }
}
