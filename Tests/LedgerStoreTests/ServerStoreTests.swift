import EditModel
import GRDB
import LedgerRules
import LineProtocol
import NIOCore
import Testing

@testable import LedgerStore

@Suite struct ServerStoreTests {
  @Test func whatIsAppendedIsThereAfterReopening() throws {
    let sample = try LedgerSample()
    let store = try ServerStore(path: sample.path)
    for act in sample.acts { try store.append(HistoryBatch(act)) }
    #expect(store.lastSeq == UInt64(sample.edits.count))
    try store.close()

    let again = try ServerStore(path: sample.path)
    #expect(again.header == LedgerSample.header)
    #expect(again.lastSeq == UInt64(sample.edits.count))
    let reader = try again.reader()
    let stored = try reader.lines(after: 0, through: again.lastSeq)
    #expect(stored.map(\.text) == sample.edits.map { EditLine.text($0) })
    #expect(stored.map(\.seq) == sample.edits.map(\.seq))
  }

  @Test func loadAnswersTheFactsOfTheWholeHistory() throws {
    let sample = try LedgerSample()
    let store = try ServerStore(path: sample.path)
    var state = LedgerState()
    let half = sample.edits.count / 2
    try store.append(HistoryBatch(sample.edits))
    try store.append(HistoryBatch(shelved: [LedgerSample.shelved(9).row]))
    try store.writeBehind(sample.edits.prefix(half), onto: &state)
    try store.close()

    let facts = try ServerStore(path: sample.path).loaded().facts
    #expect(facts.lastSeq == UInt64(sample.edits.count))
    #expect(facts.applied == UInt64(half))
    #expect(facts.greatestStamp == sample.edits.flatMap { [$0.receipt, $0.edit.stamp] }.max())
    var expected = Dictionary(sample.edits.map { ($0.edit.id.replica, $0.edit.id.n) }, uniquingKeysWith: max)
    expected[try LedgerSample.shelved(9).act.id.replica] = 9
    #expect(facts.lastByReplica == expected)
  }

  @Test(arguments: [2, 0]) func refusesABatchThatDoesNotFollow(first: UInt64) throws {
    let sample = try LedgerSample()
    let store = try ServerStore(path: sample.path)
    let row = HistoryRow(seq: first, line: ByteBuffer(string: "x"))
    #expect(throws: StoreError.gap(file: sample.path, expected: 1, found: first)) {
      try store.append(HistoryBatch(rows: [row]))
    }
    // Nothing was tried, so nothing is in doubt: the store goes on.
    try store.append(HistoryBatch(sample.edits))
    #expect(store.lastSeq == UInt64(sample.edits.count))
  }

  @Test func refusesDerivedRowsThatDoNotFollow() throws {
    let sample = try LedgerSample()
    let store = try ServerStore(path: sample.path)
    try store.append(HistoryBatch(sample.edits))
    var rows = DerivedRows(applied: 1)
    var state = LedgerState()
    rows.note(sample.edits[1], changed: state.apply(sample.edits[1]))
    #expect(throws: StoreError.gap(file: sample.path, expected: 1, found: 2)) {
      try store.writeBehind(DerivedTables(rows))
    }
  }

  @Test func aReaderSeesOnlyWhatIsCommitted() throws {
    let sample = try LedgerSample()
    let store = try ServerStore(path: sample.path)
    let reader = try store.reader()
    #expect(try reader.lastSeq() == 0)
    let file = try #require(store.connection)
    try store.append(HistoryBatch(sample.edits.prefix(1)))
    try file.run("test") { db in
      try db.execute(sql: "BEGIN; INSERT INTO history VALUES (2, 'x')")
      #expect(try reader.lastSeq() == 1)
      try db.execute(sql: "ROLLBACK")
    }
    #expect(try reader.lines(after: 0, through: .max).count == 1)
    #expect(throws: StoreError.self) {
      _ = try StoreFile.open(sample.path, schema: .ledger, purpose: .reading)
        .run("test") { try $0.execute(sql: "DELETE FROM history") }
    }
  }

  @Test func noStatementIsBusyAtClose() throws {
    let sample = try LedgerSample()
    let store = try ServerStore(path: sample.path)
    let reader = try store.reader()
    let checkpointer = try store.checkpointer()
    try store.append(HistoryBatch(sample.edits))
    var state = LedgerState()
    try store.writeBehind(sample.edits.prefix(7), onto: &state)
    _ = try store.loaded()
    _ = try store.prior(sample.edits[0].edit.id.act)
    // Each stops before its statement is done.
    _ = try reader.lines(after: 0, through: .max, limitBytes: 1)
    _ = try reader.history(of: sample.edits[0].edit.entity, through: 3)
    _ = try checkpointer.run()
    // SQLite refuses to close a connection with a statement that was not finalised; each of these would throw.
    try checkpointer.close()
    try reader.close()
    try store.close()
    try store.close()
    #expect(throws: StoreError.closed(file: sample.path)) { try store.setArchived(true) }
  }

  @Test func linesStopBehindTheLimit() throws {
    let sample = try LedgerSample()
    let store = try ServerStore(path: sample.path)
    try store.append(HistoryBatch(sample.edits))
    let reader = try store.reader()
    let first = try reader.lines(after: 0, through: .max, limitBytes: 1)
    #expect(first.map(\.seq) == [1])
    let size = first[0].line.readableBytes
    #expect(try reader.lines(after: 0, through: .max, limitBytes: size).map(\.seq) == [1])
    #expect(try reader.lines(after: 0, through: .max, limitBytes: size + 1).map(\.seq) == [1, 2])
    #expect(try reader.lines(after: 3, through: 5).map(\.seq) == [4, 5])
    #expect(try reader.lines([5, 2, 9999]).map(\.seq) == [5, 2])
  }

  @Test func aNewEpochRemembersWhereItLeftTheOld() throws {
    let sample = try LedgerSample()
    let store = try ServerStore(path: sample.path)
    let (one, two) = (LedgerSample.header.epoch, Epoch(generation: 2, id: .max))
    let three = Epoch(generation: 3, id: 3)
    try store.append(HistoryBatch(sample.edits.prefix(5)))
    try store.beginEpoch(two)
    try store.append(HistoryBatch(sample.edits.dropFirst(5).prefix(4)))
    try store.beginEpoch(three)
    let header = store.header
    try store.close()

    #expect(try ServerStore(path: sample.path).header == header)
    #expect(try HistoryReader(path: sample.path).header() == header)
    #expect(header.epoch == three)
    #expect(header.sharedSeq(with: one) == 5)
    #expect(header.sharedSeq(with: two) == 9)
    #expect(header.sharedSeq(with: Epoch(generation: 2, id: 1)) == nil)
  }

  /// Restoring a set of epoch 1, taken at 5, after one of epoch 2, taken at 9, shares only 5 with epoch 1.
  @Test func aForkBehindAnEarlierForkSharesTheLess() {
    let (one, two) = (Epoch(generation: 1, id: 1), Epoch(generation: 2, id: 2))
    let header = LedgerHeader(
      name: "l", epoch: Epoch(generation: 3, id: 3), created: .zero,
      parents: [.init(epoch: one, forkSeq: 9, linkedSeq: 7), .init(epoch: two, forkSeq: 5, linkedSeq: 5)])
    #expect(header.sharedSeq(with: one) == 5)
    #expect(header.sharedSeq(with: two) == 5)
  }

  @Test func aRestoredHeaderIsKeptWhole() throws {
    let sample = try LedgerSample()
    let header = LedgerHeader(
      name: "另一个", epoch: Epoch(generation: 7, id: 7), created: Stamp(rawValue: .max),
      parents: [.init(epoch: Epoch(generation: 1, id: .max), forkSeq: 12, linkedSeq: 11)], isArchived: true)
    let path = sample.folder.path + "/other.sqlite"
    try ServerStore.create(path: path, header: header)
    let store = try ServerStore(path: path)
    #expect(store.header == header)
    try store.setArchived(false)
    #expect(try HistoryReader(path: path).header().isArchived == false)
  }

  /// Whoever looks at the length to see whether the log is to be copied back must not find the old length for ever.
  @Test func theLogsLengthCountsFromCommitToRestart() throws {
    let sample = try LedgerSample()
    let store = try ServerStore(path: sample.path)
    #expect(store.logBytes == 0)
    for act in sample.acts.prefix(20) { try store.append(HistoryBatch(act)) }
    let full = store.logBytes
    #expect(full >= 20 * 4_096)
    #expect(try store.checkpointer().run().logBytes == full)
    try store.restartLog()
    #expect(store.logBytes == 0)
    try store.append(HistoryBatch(sample.acts[20]))
    #expect((1..<full).contains(store.logBytes))
  }

  @Test func theLogIsCopiedBackAndStartsOver() throws {
    let sample = try LedgerSample(acts: 200)
    let store = try ServerStore(path: sample.path)
    let checkpointer = try store.checkpointer()
    for act in sample.acts.prefix(150) { try store.append(HistoryBatch(act)) }
    let full = try checkpointer.run()
    #expect(full.logBytes > 0)
    #expect(full.copiedBytes == full.logBytes)
    try store.restartLog()
    for act in sample.acts.dropFirst(150) { try store.append(HistoryBatch(act)) }
    let second = try checkpointer.run()
    #expect(second.logBytes > 0 && second.logBytes < full.logBytes)
    #expect(try store.reader().lines(after: 0, through: .max).count == sample.edits.count)
  }
}

@Suite struct PriorDecisionTests {
  @Test(arguments: [0, 17, 1000]) func everyDecisionIsFound(writtenBehind: Int) throws {
    let sample = try LedgerSample()
    let store = try ServerStore(path: sample.path)
    try store.append(HistoryBatch(sample.edits))
    var state = LedgerState()
    try store.writeBehind(sample.edits.prefix(writtenBehind), onto: &state)
    for edits in sample.acts {
      let prior = try #require(try store.prior(edits[0].edit.id.act))
      #expect(prior == .accepted(firstSeq: edits[0].seq, edits: edits))
      let act = try Act(edits: edits.map(\.edit))
      #expect(prior.isCopy(act))
      let first = act.edits[0]
      let moved = Stamp(milliseconds: first.stamp.milliseconds + 7_000)
      #expect(prior.isCopy(act.restamped(moved, shift: Shift(seconds: first.shift.seconds + 7))))
      #expect(!prior.isCopy(act.restamped(moved, shift: first.shift)))
    }
    let last = try #require(sample.edits.last).edit.id
    #expect(try store.prior(ActID(replica: last.replica, n: 99_999)) == nil)
  }

  @Test func anotherContentIsNoCopy() throws {
    let sample = try LedgerSample()
    let store = try ServerStore(path: sample.path)
    try store.append(HistoryBatch(sample.edits))
    let edits = sample.acts[0]
    let prior = try #require(try store.prior(edits[0].edit.id.act))
    let change = Change(entity: edits[0].edit.entity, field: edits[0].edit.field, value: .text("另一个值"))
    let other = try Act(id: edits[0].edit.id.act, changes: [(change: change, base: nil)], stamp: .zero, shift: .none)
    #expect(!prior.isCopy(other))
  }

  @Test func aRefusalIsKeptWithItsAnswer() throws {
    let sample = try LedgerSample()
    let (act, row) = try LedgerSample.shelved(3)
    let store = try ServerStore(path: sample.path)
    var batch = HistoryBatch(sample.edits.prefix(4))
    batch.shelved = [row]
    try store.append(batch)
    try store.close()

    let again = try ServerStore(path: sample.path)
    let prior = try #require(try again.prior(act.id))
    #expect(prior == .shelved(row))
    #expect(prior.isCopy(act.restamped(Stamp(milliseconds: 1), shift: .none)))
    let forked = try Act(edits: LedgerSample.shelved(4).act.edits)
    #expect(!prior.isCopy(forked))
    let reader = try again.reader()
    #expect(try reader.shelved(through: 3).isEmpty)
    #expect(try reader.shelved(through: 4) == [row])
  }
}
