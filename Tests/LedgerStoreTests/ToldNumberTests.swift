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
    let changes = try again.renumbered()
    #expect(changes.map(\.before) == [2, 3, 1] && changes.map(\.present) == [1, 2, nil])
    #expect(changes.last?.said == "自查2")
    try again.remember(told: changes)
    #expect(try again.renumbered().isEmpty)
  }

  /// A number that is handed on without any other moving: whoever knows the first by it is told.
  @Test func aNumberThatMeansAnotherIsTold() throws {
    let store = try folder.created()
    try folder.seed(store)
    _ = try bring(n: 1, at: 10, store)
    let last = try bring(n: 2, at: 20, store)
    try store.withdraw(last)
    #expect(try store.renumbered().isEmpty)
    _ = try bring(n: 3, at: 25, store)
    let handedOn = RenumberedProblem(problem: last, before: 2, present: nil, said: "自查2")
    #expect(try store.renumbered() == [handedOn])
    try store.remember(told: [handedOn])
    #expect(try store.renumbered().isEmpty)
    // It comes again, and by the number under which it stands then.
    _ = try bring(n: 2, at: 20, store)
    #expect(try store.renumbered().map(\.before) == [2])
  }

  /// What comes and moves within one sync was never seen under a number between.
  @Test func theFirstNumberIsThatOfTheEndOfASync() throws {
    let store = try folder.created()
    try folder.seed(store)
    let early = try bring(n: 1, at: 10, store)
    _ = try store.apply(try folder.accepted(20, try creation(n: 2)), reached: nil)
    try store.withdraw(early)
    _ = try store.apply([], reached: (30, "g1.e5f2a90c41d7b366.30"))
    #expect(try store.renumbered().map(\.present) == [nil])
    let known = RenumberedProblem(problem: early, before: 1, present: nil, said: "自查1")
    #expect(try store.renumbered() == [known])
    // Told of another number than it is known by, as by a process that was slower, it stays as it was.
    try store.remember(told: [RenumberedProblem(problem: early, before: 3, present: nil)])
    #expect(try store.renumbered() == [known])
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
