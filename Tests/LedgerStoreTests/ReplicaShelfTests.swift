import CFaultDisk
import EditModel
import GRDB
import LedgerRules
import LedgerStore
import LineProtocol
import Testing

/// What was refused, and what a person does with it.
@Suite struct ReplicaShelfTests {
  private let folder = ReplicaFolder()

  @Test func whatIsTriedAgainIsANewActOverWhatIsShownNow() throws {
    let store = try folder.created()
    try folder.seed(store)
    let old = try folder.record(store, "一")
    try store.markSent([1])
    let other = try folder.act("别人的", n: 2, replica: "h4m7xk2v")
    _ = try store.apply(try folder.accepted(3, other), reached: (3, "c"))
    try store.shelve(1, answer: WireError(.forbidden, ["work"]))
    let made = try #require(try made(store.retry([old.id])))
    let new = try #require(made.first?.new)
    #expect(made.map(\.old) == [old])
    #expect(new.id == ActID(replica: folder.replica, n: 2))
    #expect(new.edits.map(\.change) == old.edits.map(\.change))
    #expect(new.edits.map(\.base) == [other.edits[0].id])
    #expect(new.edits[0].stamp > old.edits[0].stamp)
    try store.close()
    let snapshot = try folder.opened().snapshot()
    #expect(snapshot.overlay.map(\.act) == [new])
    #expect(snapshot.shelf.isEmpty)
    #expect(snapshot.offShelf.map(\.act) == [old])
    #expect(snapshot.offShelf.first?.refusal?.code == "forbidden")
    #expect(snapshot.shown.shownEdit(folder.problem, folder.field) == new.edits[0])
    let again = try folder.opened()
    #expect(try again.outbox().acts.map(\.act) == [new])
    #expect(try again.counts().shelved == 0)
    guard case .notOnShelf(old.id) = try again.retry([old.id]) else {
      Issue.record("it was tried again twice")
      return
    }
  }

  /// What was to take an act back takes it back when it is tried again; what has left the shelf is no act to take back.
  @Test func anUndoIsOneWhenItIsTriedAgainToo() throws {
    let store = try folder.created()
    try folder.seed(store)
    let first = try folder.record(store, "一")
    let second = try folder.record(store, "二")
    let undo = try folder.record(store, "一", undoing: second.id)
    try store.shelve(3, answer: WireError(.forbidden, ["work"]))
    #expect(try store.undoCandidate()?.edits == second.edits)
    _ = try made(store.retry([undo.id]))
    #expect(try store.undoCandidate()?.edits == first.edits)
    let fifth = try folder.record(store, "五")
    try store.shelve(fifth.id.n, answer: WireError(.forbidden, ["work"]))
    #expect(try store.undoCandidate()?.isRefused == true)
    _ = try store.discard([fifth.id])
    #expect(try store.undoCandidate()?.edits == first.edits)
  }

  @Test func whatBuildsOnARefusedActGoesWithIt() throws {
    let store = try folder.created()
    try folder.seed(store)
    let acts = try chain(store)
    for n in UInt64(1)...3 { try store.shelve(n, answer: WireError(.absent, ["p15"])) }
    let made = try #require(try made(store.retry([acts[0].id])))
    #expect(made.map(\.old) == [acts[0], acts[1]], "the third is of something else")
    let measure = EntityID.created(made[0].new.id.edit(1))
    #expect(made[1].new.edits.map(\.entity) == [measure])
    #expect(try store.snapshot().shown.shownEdit(measure, .wording)?.value.text == "改过")
    #expect(try store.snapshot().shelf.map(\.act) == [acts[2]])
  }

  /// Under the number of the first act stands what another copy of the folder made: the second would be about that.
  @Test func whatIsAboutADisplacedThingIsMadeAnewWithItsMakerOnly() throws {
    let store = try folder.created()
    try folder.seed(store)
    let acts = try chain(store)
    try store.shelve(1, answer: WireError(.forked))
    #expect(try store.snapshot().shelf.map(\.act) == [acts[0], acts[1]])
    guard case .builtOnRefused(acts[1].id) = try store.retry([acts[1].id]) else {
      Issue.record("it would be about another's thing")
      return
    }
    _ = try store.discard([acts[0].id])
    guard case .builtOnRefused(acts[1].id) = try store.retry([acts[1].id]) else {
      Issue.record("what it is about was given up")
      return
    }
    #expect(try store.snapshot().shelf.map(\.act) == [acts[1]])
  }

  @Test func whatAnUndecidedActBuildsOnStaysUntilThatIsDecided() throws {
    let store = try folder.created()
    try folder.seed(store)
    let acts = try chain(store)
    try store.markSent([1, 2, 3])
    try store.shelve(1, answer: WireError(.absent, ["p15"]))
    guard case .awaited(acts[1].id) = try store.retry([acts[0].id]) else {
      Issue.record("the second speaks of the first, and may have arrived")
      return
    }
    #expect(try store.snapshot().shelf.map(\.act) == [acts[0]])
    #expect(try store.outbox().counter == 3)
  }

  @Test func whatWouldBeRefusedAgainStaysAsItWas() throws {
    let store = try folder.created()
    try folder.seed(store)
    let acts = [try folder.record(store, "一"), try folder.record(store, "二")]
    for act in acts { try store.shelve(act.id.n, answer: WireError(.forbidden, ["work"])) }
    try store.noteSeat(seat: "jiqi", role: Role.admin.rawValue, place: nil)
    let before = try store.snapshot()
    guard case .refused(_, acts[0].id) = try store.retry(acts.map(\.id)) else {
      Issue.record("such a seat has no part in the content")
      return
    }
    let after = try store.snapshot()
    #expect(after.shelf == before.shelf && after.overlay.isEmpty && after.offShelf.isEmpty)
    #expect(after.header.counter == before.header.counter)
  }

  @Test func whatIsDiscardedIsKeptAndNeverIssuedAnew() throws {
    let store = try folder.created()
    try folder.seed(store)
    let acts = try chain(store)
    for n in UInt64(1)...2 { try store.shelve(n, answer: WireError(.absent, ["p15"])) }
    guard case .discarded(let dependants) = try store.discard([acts[0].id]) else {
      Issue.record("it is on the shelf")
      return
    }
    #expect(dependants == [acts[1].id])
    #expect(try store.phase(of: acts[0].id) == .discarded)
    var renewed: [Act] = []
    try store.adopt(try #require(ReplicaID("zzzzzzzz")), secret: folder.secret) { acts in
      renewed = acts
      return []
    }
    #expect(renewed == [acts[2]])
    let snapshot = try store.snapshot()
    #expect(snapshot.offShelf.map(\.act) == [acts[0]])
    #expect(snapshot.shelf.map(\.act) == [acts[1]])
    guard case .notOnShelf(acts[0].id) = try store.discard([acts[1].id, acts[0].id]) else {
      Issue.record("it has left the shelf")
      return
    }
    #expect(try store.snapshot().shelf.map(\.act) == [acts[1]], "all or none")
  }

  /// A disk whose n-th call fails, for n = 1, 2, 3 … until a run meets no failure: the acts are on the shelf, or anew in the
  /// outbox, and never neither nor both.
  @Test(arguments: FailingCall.all) func aFailingRetryLeavesTheShelfAsItWas(_ failing: FailingCall) throws {
    for nth in 1...200 {
      let disk = try FaultDiskFolder()
      let path = disk.path + "/replica.sqlite"
      let store = try ReplicaStore.create(path: path, device: folder.device())
      try folder.seed(store)
      let acts = try chain(store)
      for act in acts { try store.shelve(act.id.n, answer: WireError(.absent, ["p15"])) }
      let seen = fault_disk_count(disk.path, failing.call)
      fault_disk_fail(disk.path, failing.call, Int64(nth), failing.code.rawValue, failing.forever)
      // What is thrown is the store's error of this disk; what it left is looked at below.
      let told = try? made(store.retry([acts[0].id]))
      let isMet = fault_disk_count(disk.path, failing.call) - seen >= nth
      fault_disk_fail(disk.path, failing.call, 0, 0, false)
      if told == nil { #expect(try store.snapshot().shelf.map(\.act) == acts, "call \(nth)") }
      #expect(fault_disk_crash(disk.path) == 0)

      let found = try ReplicaStore.open(path: path).snapshot()
      let isAnew = found.offShelf.map(\.act) == [acts[0], acts[1]]
      #expect(found.shelf.map(\.act) == (isAnew ? [acts[2]] : acts), "call \(nth)")
      #expect(found.overlay.map(\.act.id.n) == (isAnew ? [4, 5] : []), "call \(nth)")
      #expect(isAnew == (told != nil), "call \(nth)")
      if !isMet {
        #expect(isAnew)
        return
      }
    }
    Issue.record("no run was without a failure")
  }

  /// Three acts: one adds a measure, the next words it anew, the last is of the problem itself.
  private func chain(_ store: ReplicaStore) throws -> [Act] {
    let measure = try #require(FieldName("measure"))
    let problem = folder.problem
    let drafts: [(ActID) -> [Change]] = [
      { _ in [Change(entity: problem, field: measure, value: .text("一条措施"))] },
      { act in
        let made = EntityID.created(ActID(replica: act.replica, n: act.n - 1).edit(1))
        return [Change(entity: made, field: .wording, value: .text("改过"))]
      },
      { _ in [Change(entity: problem, field: .wording, value: .text("问题"))] },
    ]
    guard case .recorded(let acts) = try store.record(drafts, at: ReplicaShelfTests.time) else { return [] }
    return acts
  }

  private func made(_ outcome: ShelfRetry) -> [MadeAnew]? {
    guard case .made(let made) = outcome else { return nil }
    return made
  }

  fileprivate static let time = RecordTime(
    reading: ClockReading(wallMilliseconds: 9_000), milliseconds: 9_000)
}

extension ReplicaStore {
  /// Tries acts again, with what they say of each other put right as the client's rules do it.
  fileprivate func retry(_ ids: [ActID]) throws(StoreError) -> ShelfRetry {
    try retry(ids, at: ReplicaShelfTests.time) { acts, identities in
      let renamed = Dictionary(zip(acts.map(\.id), identities), uniquingKeysWith: { first, _ in first })
      return acts.map { act in
        act.edits.map { edit in
          guard case .created(let maker) = edit.entity, let new = renamed[maker.act] else { return edit.change }
          return Change(entity: .created(new.edit(maker.i)), field: edit.field, value: edit.value)
        }
      }
    }
  }
}
