import EditModel
import LedgerRules
import LedgerStore
import LineProtocol
import Testing

@Suite struct ReplicaStoreTests {
  private let folder = ReplicaFolder()

  @Test func recordsAndShowsAnOwnEditOverTheConfirmedOne() throws {
    let store = try folder.created()
    try folder.seed(store)
    let act = try folder.record(store, "待补合同")
    let snapshot = try store.snapshot()
    #expect(snapshot.shown.shownEdit(folder.problem, folder.field) == act.edits[0])
    #expect(snapshot.confirmed.shownEdit(folder.problem, folder.field)?.value.text == "原文")
    #expect(act.edits[0].base == EditID("h4m7xk2v.1/2"))
    #expect(try store.outbox().acts.map(\.phase) == [.pending])
  }

  @Test func shownIsTheOwnPendingEditWhateverItsStamp() throws {
    let store = try folder.created()
    try folder.seed(store, at: 9_000_000)
    _ = try folder.record(store, "一", at: 10)
    let last = try folder.record(store, "二", at: 5)
    #expect(try store.snapshot().shown.shownEdit(folder.problem, folder.field) == last.edits[0])
  }

  @Test func anActLeavesTheOverlayWhenTheStreamIsPastIt() throws {
    let store = try folder.created()
    try folder.seed(store)
    let act = try folder.record(store, "待补合同")
    try store.markSent([1])
    try store.acknowledge([(1, 3)])
    #expect(try store.snapshot().overlay.map(\.phase) == [.acknowledged(firstSeq: 3)])
    _ = try store.apply(try folder.accepted(3, act), reached: nil)
    #expect(try store.snapshot().overlay.count == 1)
    let applied = try store.apply([], reached: (3, "g1.e5f2a90c41d7b366.3"))
    #expect(!applied.foundStranger)
    #expect(try store.snapshot().overlay.isEmpty)
    #expect(try store.snapshot().confirmed.shownEdit(folder.problem, folder.field) == act.edits[0])
    #expect(try store.phase(of: act.id) == .confirmed)
  }

  @Test func anActWhoseAnswerWasLostLeavesWithItsLine() throws {
    let store = try folder.created()
    try folder.seed(store)
    let act = try folder.record(store, "待补合同")
    try store.markSent([1])
    _ = try store.apply(try folder.accepted(3, act), reached: (3, "c"))
    #expect(try store.snapshot().overlay.isEmpty)
    #expect(try store.outbox().acts.isEmpty)
  }

  @Test func aRefusedActStandsOnTheShelfBesideWhatIsShown() throws {
    let store = try folder.created()
    try folder.seed(store)
    let act = try folder.record(store, "待补合同")
    try store.markSent([1])
    try store.shelve(1, answer: WireError(.stageMoved, ["working", "-"]))
    let snapshot = try store.snapshot()
    #expect(snapshot.shelf.map(\.act) == [act])
    #expect(snapshot.shelf.first?.refusal?.code == "stage-moved")
    #expect(snapshot.shelf.first?.refusal?.arguments == ["working", "-"])
    #expect(snapshot.shown.shownEdit(folder.problem, folder.field)?.value.text == "原文")
    #expect(try store.outbox().acts.isEmpty)
  }

  @Test func aLineCountsOnce() throws {
    let store = try folder.created()
    try folder.seed(store)
    let hash = try store.stateHash()
    try folder.seed(store)
    #expect(try store.stateHash() == hash)
    #expect(try store.counts().lines == 2)
  }

  @Test func anotherLineUnderOneSeqIsAnError() throws {
    let store = try folder.created()
    try folder.seed(store)
    let other = try folder.accepted(2, try folder.act("x", n: 5, replica: "h4m7xk2v"))
    #expect(throws: StoreError.self) { try store.apply(other, reached: nil) }
    #expect(try store.counts().lines == 2)
  }

  @Test func knowsALineOfItsOwnIDThatItDidNotWrite() throws {
    let store = try folder.created()
    try folder.seed(store)
    let stranger = try folder.accepted(3, try folder.act("别处写的", n: 1, replica: "q2w8rt5n"))
    #expect(try store.apply(stranger, reached: nil).foundStranger)
    #expect(try store.header().needsNewID)
  }

  /// Both copies of a folder note something, and withdraw it: the numbers and the words of the withdrawals are the same, what
  /// is withdrawn is not.
  @Test(arguments: [true, false]) func whatAnotherCopySaidOfItsOwnThingIsNotDoneToOurs(isShared: Bool) throws {
    let store = try folder.created()
    try folder.seed(store)
    let own = try noteAndWithdrawal(store)
    let lines = try folder.accepted(3, isShared ? own[0] : othersNote(own[0].id)) + folder.accepted(4, own[1])
    let applied = try store.apply(lines, reached: (4, "g1.e5f2a90c41d7b366.4"))
    #expect(applied.foundStranger != isShared)
    #expect(try store.outbox().acts.map(\.act.id.n) == (isShared ? [] : [1, 2]))
  }

  /// A note, and its withdrawal.
  private func noteAndWithdrawal(_ store: ReplicaStore) throws -> [Act] {
    let (note, withdrawn) = (try #require(FieldName("note")), try #require(FieldName("withdrawn")))
    let said = try folder.record(store, Change(entity: folder.problem, field: note, value: .text("已到户")))
    let thing = EntityID.created(said.id.edit(1))
    return [said, try folder.record(store, Change(entity: thing, field: withdrawn, value: .text("yes")))]
  }

  /// Another copy's note under the number of ours.
  private func othersNote(_ id: ActID) throws -> Act {
    let note = try #require(FieldName("note"))
    return try Act(
      id: id, changes: [(Change(entity: folder.problem, field: note, value: .text("别处写的")), nil)],
      stamp: Stamp(milliseconds: 2_000), shift: .none)
  }

  /// Takes the id `zzzzzzzz`; answers the numbers of the acts that were issued anew.
  private func renewed(_ store: ReplicaStore) throws -> [UInt64] {
    var given: [UInt64] = []
    try store.adopt(try #require(ReplicaID("zzzzzzzz")), secret: folder.secret) { acts in
      given = acts.map(\.id.n)
      return []
    }
    return given
  }

  @Test func aStopBetweenMarkingTwoAsForkedLeavesNoneBehind() throws {
    let store = try folder.created()
    try folder.seed(store)
    _ = try noteAndWithdrawal(store)
    try store.markSent([1, 2])
    try store.markForked(1)
    #expect(try renewed(store) == [1, 2])
  }

  /// The line of act 2 came while that of act 1 was not here, which it is about.
  @Test func whatCameBackBeforeItsMakerIsNotIssuedAnew() throws {
    let store = try folder.created()
    try folder.seed(store)
    let own = try noteAndWithdrawal(store)
    _ = try store.apply(try folder.accepted(4, own[1]), reached: (4, "g1.e5f2a90c41d7b366.4"))
    #expect(try store.outbox().acts.map(\.act.id.n) == [1, 2])
    _ = try store.apply(try folder.accepted(3, own[0]), reached: nil)
    #expect(try renewed(store) == [])
  }

  @Test func whatIsAboutAnActThatCannotBePutAgainGoesToTheShelfWithIt() throws {
    let store = try folder.created()
    try folder.seed(store)
    _ = try noteAndWithdrawal(store)
    _ = try folder.record(store, "一")
    try store.markSent([1])
    try store.shelve(1, answer: WireError(.forked))
    #expect(try store.outbox().acts.map(\.act.id.n) == [3])
    #expect(try store.snapshot().shelf.map(\.act.id.n) == [1, 2])
    // Refused for what it says, it takes nothing along: the server judges what is about it.
    let other = try folder.record(
      store, Change(entity: folder.problem, field: try #require(FieldName("note")), value: .text("已到户")))
    let change = Change(
      entity: .created(other.id.edit(1)), field: try #require(FieldName("withdrawn")), value: .text("yes"))
    _ = try folder.record(store, change)
    try store.shelve(other.id.n, answer: WireError(.forbidden))
    #expect(try store.outbox().acts.map(\.act.id.n) == [3, 5])
  }

  /// Another copy's note stands under the number of ours, which waits, and so does its withdrawal. The ledger goes back: both
  /// are for that copy to put again.
  @Test func whatIsAboutAnotherCopysThingIsNotPutAgain() throws {
    let store = try folder.created()
    try folder.seed(store)
    let own = try noteAndWithdrawal(store)
    let lines = try folder.accepted(3, othersNote(own[0].id)) + folder.accepted(4, own[1])
    let later = try Act(
      id: ActID(replica: folder.replica, n: 7),
      changes: [(Change(entity: .created(own[0].id.edit(1)), field: .withdrawn, value: .cleared), nil)],
      stamp: Stamp(milliseconds: 2_100), shift: .none)
    _ = try store.apply(lines + folder.accepted(5, later), reached: (5, "g1.e5f2a90c41d7b366.5"))
    try store.rewind(to: 2, epoch: try #require(Epoch("g2.e5f2a90c41d7b366")))
    #expect(try store.outbox().acts.map(\.act.id.n) == [1, 2])
    #expect(Set(try store.surplus().map(\.edit.id.n)) == [1, 2, 7])
  }

  /// What an own act was built on is what this folder wrote, whatever another copy put under that number.
  @Test func anOwnEditIsFoundBeforeTheLineOfAnother() throws {
    let store = try folder.created()
    try folder.seed(store)
    let own = try folder.record(store, "一")
    let others = try folder.act("别处", n: 1, replica: folder.replica.description)
    _ = try store.apply(folder.accepted(3, others), reached: (3, "g1.e5f2a90c41d7b366.3"))
    #expect(try store.edit(own.edits[0].id) == own.edits[0])
  }

  @Test func takesANewIDWithEverythingUndecided() throws {
    let store = try folder.created()
    try folder.seed(store)
    _ = try folder.record(store, "一")
    _ = try folder.record(store, "二")
    try store.markSent([1])
    try store.acknowledge([(1, 3)])
    let new = try #require(ReplicaID("zzzzzzzz"))
    try store.adopt(new, secret: folder.secret) { acts in
      acts.compactMap { act in
        try? Act(
          id: ActID(replica: new, n: 1), changes: act.edits.map { ($0.change, $0.base) },
          stamp: act.edits[0].stamp,
          shift: .none)
      }
    }
    let outbox = try store.outbox()
    #expect(outbox.acts.map(\.act.id) == [ActID(replica: new, n: 1)])
    #expect(outbox.counter == 1)
    #expect(try store.header().replica == new)
    #expect(try store.notices() == [.folderCopied(old: folder.replica, new: new)])
    // The acknowledged one keeps its identity; the next own one comes behind both.
    #expect(try store.snapshot().overlay.map(\.act.id.n) == [1, 1])
    let next = try folder.record(store, "三")
    #expect(next.id == ActID(replica: new, n: 2))
    #expect(try store.undoCandidate()?.edits.first?.id.act == next.id)
  }

  /// Of what stands confirmed under an id that the folder had before, that counts as its own which it gave out and did not
  /// issue anew: another copy went on under that id.
  @Test func undoReachesBackToTheIdBefore() throws {
    let store = try folder.created()
    try folder.seed(store)
    let shared = try folder.record(store, "一")
    let own = try folder.record(store, "二")
    let new = try #require(ReplicaID("zzzzzzzz"))
    try store.markSent([1])
    try store.acknowledge([(1, 3)])
    try store.adopt(new, secret: folder.secret) { acts in
      acts.compactMap { act in
        try? Act(
          id: ActID(replica: new, n: 1), changes: act.edits.map { ($0.change, $0.base) },
          stamp: act.edits[0].stamp, shift: .none)
      }
    }
    // The other copy's acts 2, of another text, and 3, which this folder never made.
    let others = try [2, 3].map { try folder.act("别处\($0)", n: $0, replica: folder.replica.description) }
    let lines = try folder.accepted(3, shared) + folder.accepted(4, others[0]) + folder.accepted(5, others[1])
    _ = try store.apply(lines, reached: (5, "g1.e5f2a90c41d7b366.5"))
    let first = try #require(try store.undoCandidate())
    #expect(first.edits.first?.id == EditID(replica: new, n: 1, i: 1) && first.edits[0].value == own.edits[0].value)
    _ = try folder.record(store, "一", undoing: ActID(replica: new, n: 1))
    #expect(try store.undoCandidate()?.edits == shared.edits)
    _ = try folder.record(store, "原文", undoing: shared.id)
    #expect(try store.undoCandidate() == nil)
  }

  /// Before the new id is there, another copy's act may stand in the lines under the number of one that waits here.
  @Test func undoIsOfTheOwnActWhereAnotherStandsUnderItsNumber() throws {
    let store = try folder.created()
    try folder.seed(store)
    let own = try folder.record(store, "一")
    let others = try folder.act("别处", n: 1, replica: folder.replica.description)
    _ = try store.apply(folder.accepted(3, others), reached: (3, "g1.e5f2a90c41d7b366.3"))
    #expect(try store.undoCandidate()?.edits == own.edits)
  }

  /// What was noted of an act is true of it under its new identity, and survives the process.
  @Test func anUndoIsKnownAfterARenewalAndAReopening() throws {
    let store = try folder.created()
    try folder.seed(store)
    let first = try folder.record(store, "一")
    let second = try folder.record(store, "二")
    let undo = try folder.record(store, "一", undoing: second.id)
    #expect(try store.undoCandidate()?.edits == first.edits)
    #expect(try store.origin(of: undo.edits[0]) == first.edits[0].id)
    let new = try #require(ReplicaID("zzzzzzzz"))
    try store.adopt(new, secret: folder.secret) { acts in
      acts.compactMap { act in
        try? Act(
          id: ActID(replica: new, n: act.id.n), changes: act.edits.map { ($0.change, nil) },
          stamp: act.edits[0].stamp, shift: .none)
      }
    }
    try store.close()
    let again = try folder.opened()
    #expect(try again.undoCandidate()?.edits.first?.id == EditID(replica: new, n: 1, i: 1))
    // An undo that the server refuses took nothing back: the act that it was about is the next again.
    try again.shelve(3, answer: WireError(.forbidden))
    #expect(try again.undoCandidate()?.edits.first?.id == EditID(replica: new, n: 2, i: 1))
  }

  @Test func aRefusedActThatSpeaksOfARenewedOneIsRenewedWithIt() throws {
    let store = try folder.created()
    try folder.seed(store)
    _ = try folder.record(store, "一")
    _ = try folder.record(store, "二")
    _ = try folder.record(store, "三")
    try store.markSent([1, 2, 3])
    try store.shelve(1, answer: WireError(.forbidden))
    try store.markForked(2)
    try store.shelve(3, answer: WireError(.absent))
    var given: [UInt64] = []
    try store.adopt(try #require(ReplicaID("zzzzzzzz")), secret: folder.secret) { acts in
      given = acts.map(\.id.n)
      return []
    }
    #expect(given == [2, 3])
    #expect(try store.snapshot().shelf.map(\.act.id.n) == [1])
  }

  @Test func onlyItsOwnDeviceFileReadmitsAReplica() throws {
    let store = try folder.created()
    let secret = try #require(Secret("zzzzzzzzzzzzzzzzzzzzzzzzzz"))
    let moved = DeviceFile(server: "127.0.0.1:9", ledger: "tucheng-2023", replica: folder.replica, secret: secret)
    #expect(try store.readmit(moved))
    #expect(try store.header().server == "127.0.0.1:9")
    #expect(try store.header().secret.digits == secret.digits)
    let other = DeviceFile(
      server: "127.0.0.1:8", ledger: "tucheng-2023", replica: try #require(ReplicaID("zzzzzzzz")), secret: secret)
    #expect(try !store.readmit(other))
    #expect(try store.header().server == "127.0.0.1:9")
  }

  @Test func goingBackPutsOwnWorkAgainAndKeepsOthersAside() throws {
    let store = try folder.created()
    try folder.seed(store)
    let own = try folder.record(store, "自己的")
    try store.markSent([1])
    _ = try store.apply(try folder.accepted(3, own), reached: nil)
    let other = try folder.act("别人的", n: 2, replica: "h4m7xk2v")
    _ = try store.apply(try folder.accepted(4, other), reached: (4, "g1.e5f2a90c41d7b366.4"))
    try store.rewind(to: 2, epoch: try #require(Epoch("g2.00000000000000aa")))
    #expect(try store.outbox().acts.map(\.act) == [own])
    #expect(try store.outbox().acts.map(\.wasAccepted) == [true])
    #expect(try store.surplus().map(\.edit) == other.edits)
    #expect(
      try store.snapshot().confirmed.shownEdit(folder.problem, folder.field)?.value.text == "原文")
    #expect(try store.notices() == [.historyWentBack(seq: 2)])
    // Sent again by the server, it is no longer surplus.
    _ = try store.apply(try folder.accepted(3, other), reached: nil)
    #expect(try store.surplus().isEmpty)
  }

  /// Of two copies of a folder each has written something under one number, and the other's is at the town when the town's
  /// ledger goes back, before this copy has an id of its own.
  /// Also where the other copy wrote the same a minute later.
  @Test(arguments: [false, true]) func goingBackLeavesWhatACopyOfTheFolderHasNotSent(saysTheSame: Bool) throws {
    let store = try folder.created()
    try folder.seed(store)
    let own = try folder.record(store, "自己的")
    let copys =
      saysTheSame
      ? own.restamped(Stamp(milliseconds: 63_000), shift: .none)
      : try folder.act("另一份的", n: 1, replica: folder.replica.description)
    let applied = try store.apply(try folder.accepted(3, copys), reached: (3, "g1.e5f2a90c41d7b366.3"))
    #expect(applied.foundStranger)
    try store.restart(epoch: try #require(Epoch("g2.00000000000000aa")))
    #expect(try store.outbox().acts.map(\.act) == [own])
    #expect(try store.outbox().acts.map(\.wasAccepted) == [false])
    #expect(try store.outbox().acts.map(\.act.edits[0].stamp) == own.edits.map(\.stamp))
    #expect(try store.surplus().map(\.edit).suffix(copys.edits.count) == copys.edits[...])
    #expect(try store.header().needsNewID)
  }

  /// Also where it says the same a minute later.
  @Test(arguments: ["另一份的", "别人的"]) func anotherActUnderItsNumberIsNotWhatStandsAside(said: String) throws {
    let store = try folder.created()
    try folder.seed(store)
    let other = try folder.act("别人的", n: 2, replica: "h4m7xk2v")
    _ = try store.apply(try folder.accepted(3, other), reached: (3, "g1.e5f2a90c41d7b366.3"))
    try store.rewind(to: 2, epoch: try #require(Epoch("g2.00000000000000aa")))
    let copys = try folder.act(said, n: 2, replica: "h4m7xk2v", at: 62_000)
    _ = try store.apply(try folder.accepted(3, copys), reached: (3, "g2.00000000000000aa.3"))
    #expect(try store.surplus().map(\.edit) == other.edits)
    // The ledger goes back again: both stand aside, each once.
    try store.rewind(to: 2, epoch: try #require(Epoch("g3.00000000000000aa")))
    #expect(try Set(store.surplus().map(\.edit)) == Set(other.edits + copys.edits))
    _ = try store.apply(try folder.accepted(4, copys), reached: (4, "g3.00000000000000aa.4"))
    try store.rewind(to: 2, epoch: try #require(Epoch("g4.00000000000000aa")))
    #expect(try Set(store.surplus().map(\.edit)) == Set(other.edits + copys.edits))
    #expect(try store.surplus().count == other.edits.count + copys.edits.count)
  }

  /// A line of the own id that says what was written here, but not when it was, is another copy's; the own act waits on.
  @Test(arguments: [(3_000, false), (4_999, false), (5_000, true), (63_000, true)])
  func theSameWordsOfAnotherMomentAreAStrangers(milliseconds: UInt64, isStranger: Bool) throws {
    let store = try folder.created()
    try folder.seed(store)
    let line = try folder.record(store, "已到村里", at: 3_000)
      .restamped(Stamp(milliseconds: milliseconds), shift: .none)
    try store.markSent([1])
    let applied = try store.apply(try folder.accepted(3, line), reached: (3, "g1.e5f2a90c41d7b366.3"))
    #expect(applied.foundStranger == isStranger)
    #expect(try store.outbox().acts.count == (isStranger ? 1 : 0))
  }

  /// The same of a line that went out of the seat's sight.
  @Test(arguments: [(3_000, false), (63_000, true)])
  func theSameWordsOfAnotherMomentAreNotWhatWentOutOfSight(milliseconds: UInt64, isStranger: Bool) throws {
    let store = try folder.created()
    try folder.seed(store)
    let own = try folder.record(store, "已到村里", at: 3_000)
    try store.markSent([1])
    _ = try store.apply(try folder.accepted(3, own), reached: (3, "g1.e5f2a90c41d7b366.3"))
    try store.withdraw(folder.problem)
    let line = own.restamped(Stamp(milliseconds: milliseconds), shift: .none)
    #expect(try store.apply(try folder.accepted(4, line), reached: nil).foundStranger == isStranger)
  }

  /// An act of an id that the replica had before cannot be put again, so it is not shown as if it were on its way for ever. Nor
  /// is it lost where its line was here, went out of the seat's sight, and was then lost by the server.
  @Test(arguments: [false, true])
  func whatWasAcceptedUnderAnEarlierIDStandsAsideAfterARestore(wasSeen: Bool) throws {
    let store = try folder.created()
    try folder.seed(store)
    try store.noteSeat(seat: "bangongshi", role: Role.roundOwner.rawValue, place: nil)
    let own = try folder.record(store, "看不见的")
    try store.markSent([1])
    try store.acknowledge([(1, 3)])
    _ = try store.apply(wasSeen ? try folder.accepted(3, own) : [], reached: (3, "g1.e5f2a90c41d7b366.3"))
    try store.adopt(try #require(ReplicaID("zzzzzzzz")), secret: folder.secret) { _ in [] }
    // The same history seen through other eyes has it still.
    try store.restart(epoch: try #require(Epoch("g1.e5f2a90c41d7b366")), keepsOthers: false)
    _ = try store.apply([], reached: (3, "g1.e5f2a90c41d7b366.3"))
    #expect(try store.snapshot().overlay.isEmpty)
    #expect(try store.surplus().isEmpty)
    try store.rewind(to: 2, epoch: try #require(Epoch("g2.00000000000000aa")))
    #expect(try store.snapshot().overlay.isEmpty)
    #expect(try store.surplus().map(\.edit) == own.edits)
  }

  @Test func anotherHistoryPutsEverythingOwnAgain() throws {
    let store = try folder.created()
    try folder.seed(store)
    let own = try folder.record(store, "自己的")
    try store.markSent([1])
    _ = try store.apply(try folder.accepted(3, own), reached: (3, "g1.e5f2a90c41d7b366.3"))
    try store.restart(epoch: try #require(Epoch("g1.00000000000000aa")))
    #expect(try store.outbox().acts.map(\.act) == [own])
    #expect(try store.header().cursor == nil)
    #expect(try store.counts().lines == 0)
    #expect(try store.surplus().count == 2)
  }

  @Test func placesWhatWasNeverSentAndSaysWhenItWasMade() throws {
    let store = try folder.created()
    let first = try folder.record(store, "已送", at: 1_000)
    let second = try folder.record(store, "未送", at: 2_000)
    try store.markSent([1])
    let revision = try store.revision()
    try store.place(.unsent) { acts, above in
      #expect(acts.map(\.act) == [second] && above == first.edits[0].stamp)
      #expect(acts.map(\.moment.reading) == [ClockReading(wallMilliseconds: 2_000)])
      return acts.map(\.act)
    }
    #expect(try store.revision() == revision, "nothing was changed, so nothing was written")
    try store.place(.from(1)) { acts, above in
      #expect(acts.map(\.act) == [first, second] && above == .zero)
      return acts.map(\.act)
    }
    try store.acknowledge([(n: 1, firstSeq: 3)])
    _ = try store.apply(try folder.accepted(3, first), reached: (3, "g1.e5f2a90c41d7b366.3"))
    try store.place(.unsent) { acts, above in
      #expect(acts.count == 1 && above == first.edits[0].stamp)
      return acts.map(\.act)
    }
  }

  @Test func putsTheClockBackWithItsActs() throws {
    let store = try folder.created()
    _ = try folder.record(store, "在未来", at: 90_000_000)
    try store.place(.from(1)) { acts, _ in
      acts.map { $0.act.restamped(Stamp(milliseconds: 50), shift: .none) }
    }
    #expect(try store.outbox().acts.map(\.act.edits[0].stamp.milliseconds) == [50])
    #expect(try folder.record(store, "后来", at: 60).edits[0].stamp.milliseconds == 60)
  }
}
