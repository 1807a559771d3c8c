import EditModel
import LedgerRules
import LedgerStore
import LineProtocol
import Testing

/// What a replica does when something is the seat's no more.
struct WithdrawalTests {
  private let folder = ReplicaFolder()

  private func lines(_ store: ReplicaStore) throws -> Int { try store.counts().lines }

  /// A replica with problem 15 and an own confirmed note and value, and problem 16.
  private func seeded() throws -> (store: ReplicaStore, own: Act) {
    let store = try folder.created()
    try folder.seed(store)
    let own = try folder.record(store, "自己的")
    try store.markSent([1])
    _ = try store.apply(try folder.accepted(3, own), reached: nil)
    let other = try Act(
      id: ActID(replica: try #require(ReplicaID("h4m7xk2v")), n: 2),
      changes: [
        (Change(entity: .derived("p16"), field: try #require(FieldName("problem")), value: .text("16")), nil),
        (Change(entity: folder.problem, field: try #require(FieldName("note")), value: .text("已联系")), nil),
      ], stamp: Stamp(milliseconds: 4_000), shift: .none)
    _ = try store.apply(try folder.accepted(4, other), reached: (5, "g1.e5f2a90c41d7b366.5"))
    return (store, own)
  }

  @Test func theProblemGoesWithEverythingUnderItAndTheOwnerIsTold() throws {
    let (store, own) = try seeded()
    try store.withdraw(folder.problem)
    #expect(try lines(store) == 1)
    #expect(try store.snapshot().confirmed.problems() == [.derived("p16")])
    #expect(try store.snapshot().confirmed[folder.problem] == nil)
    #expect(try store.history(of: folder.problem, field: nil) == [])
    #expect(try store.notices() == [.takenAway(folder.problem, said: nil)])
    #expect(try store.surplus() == [])
    #expect(try store.phase(of: own.id) == .confirmed)
    let hash = try store.stateHash()
    try store.close()
    #expect(try folder.opened().stateHash() == hash)
  }

  /// The notice goes when what was taken away is here again; taken away once more, it is told once.
  @Test func whatIsBackIsNotSaidToBeAway() throws {
    let (store, _) = try seeded()
    let back = try folder.act("又分给了本岗位", n: 3, replica: "h4m7xk2v")
    for seq in [UInt64(6), 7] {
      try store.withdraw(folder.problem)
      #expect(try store.openNotices().notices == [.takenAway(folder.problem, said: nil)])
      _ = try store.apply(try folder.accepted(seq, back), reached: (seq, ExactString("g1.e5f2a90c41d7b366.\(seq)")))
      let open = try store.openNotices()
      #expect(open.notices.isEmpty)
      try store.settleNotices(through: open.last)
    }
  }

  @Test func whatIsNotHereIsWithdrawnWithoutAWord() throws {
    let (store, _) = try seeded()
    try store.withdraw(.derived("p17"))
    #expect(try lines(store) == 5)
    #expect(try store.notices() == [])
  }

  @Test func itComesBackWholeAndOwnWorkIsNoStrangers() throws {
    let (store, own) = try seeded()
    try store.withdraw(folder.problem)
    let back = try store.apply(try folder.accepted(3, own), reached: (5, "g1.e5f2a90c41d7b366.5"))
    #expect(back.fresh.count == 1)
    #expect(!back.foundStranger)
    #expect(try store.snapshot().confirmed.shownEdit(folder.problem, folder.field)?.value.text == "自己的")
  }

  @Test func pendingWorkStaysInTheOutboxForTheServerToRefuse() throws {
    let (store, _) = try seeded()
    let pending = try folder.record(store, "还没送")
    try store.withdraw(folder.problem)
    #expect(try store.outbox().acts.map(\.act) == [pending])
    try store.markSent([2])
    try store.shelve(2, answer: WireError(.absent, ["p15"]))
    #expect(try store.snapshot().shelf.map(\.act) == [pending])
  }

  @Test func noUndoReachesPastWhatWentOutOfSight() throws {
    let (store, own) = try seeded()
    #expect(try store.undoCandidate()?.edits == own.edits)
    try store.withdraw(folder.problem)
    #expect(try store.undoCandidate()?.edits == own.edits)
    #expect(try store.dismissUndo(of: UndoneAt(own.id, revision: try store.revision())))
    #expect(try store.undoCandidate() == nil)
  }

  @Test func aServerThatGoesBackIsBroughtOwnWorkThatWentOutOfSight() throws {
    let (store, own) = try seeded()
    try store.withdraw(folder.problem)
    try store.restart(epoch: try #require(Epoch("g2.00000000000000aa")))
    #expect(try store.outbox().acts.map(\.act) == [own])
    #expect(try store.outbox().acts.map(\.wasAccepted) == [true])
  }

  @Test func beginningAnewThroughOtherEyesKeepsNothingAside() throws {
    let (store, own) = try seeded()
    try store.restart(epoch: try #require(Epoch("g1.e5f2a90c41d7b366")), keepsOthers: false)
    #expect(try store.surplus() == [])
    #expect(try store.notices() == [])
    #expect(try store.outbox().acts.map(\.act) == [own])
  }
}
