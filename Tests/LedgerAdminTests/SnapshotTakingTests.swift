import EditModel
import Glibc
import LedgerStore
import LineProtocol
import NIOCore
import SnapshotFile
import Testing

@testable import LedgerAdmin

@Suite struct SnapshotTakingTests {
  /// A writer appends without a pause while sets are taken: each set is the history up to its own seq, to the byte.
  @Test func isConsistentAtOneSeqWhileEditsGoOn() async throws {
    let sample = try DataFolderSample()
    let edits = DataFolderSample.edits(600)
    let seats = try sample.seatStore()
    try seats.addLedger("a", at: DataFolderSample.now)
    try seats.close()
    let path = sample.folder.ledger("a")
    try ServerStore.create(
      path: path,
      header: LedgerHeader(
        name: "a", epoch: Epoch(generation: 1, id: 1), created: DataFolderSample.now))
    let sets = try await withThrowingTaskGroup(of: [SnapshotSet].self) { group in
      group.addTask {
        let store = try ServerStore(path: path)
        for edit in edits { try store.append(HistoryBatch([edit])) }
        try store.close()
        return []
      }
      group.addTask { try (1...6).map { try sample.take(at: $0, isServed: true) } }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(sets.count == 6)
    let all = edits.map { EditLine.text($0) }
    for set in sets {
      let file = try #require(set.file(of: "a"))
      #expect(
        try SnapshotTakingTests.lines(set, file) == Array(all.prefix(Int(file.ledger?.seq ?? 0))))
    }
    #expect(sets.map { $0.ledgers[0].seq } == sets.map { $0.ledgers[0].seq }.sorted())
  }

  /// A killed server's log, and another file put in the place of the ledger's: a set of the two would be nobody's.
  @Test func believesNoLogThatIsAnothers() throws {
    let (sample, elsewhere) = (try DataFolderSample(), try DataFolderSample())
    let killed = try sample.ledger("a", acts: 40)
    try elsewhere.ledger("a", acts: 300, seed: 2).close()
    #expect(rename(elsewhere.folder.ledger("a"), sample.folder.ledger("a")) == 0)
    let error = #expect(throws: AdminError.self) { try sample.take() }
    guard case .notTaken(let failures) = error, case .store(.foreignLog) = failures.first?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(SnapshotSet.all(in: sample.folder).isEmpty)
    withExtendedLifetime(killed) {}
  }

  @Test func holdsEveryLedgerAndRefusal() throws {
    let sample = try DataFolderSample()
    let store = try sample.ledger("a", acts: 4)
    try sample.ledger("b", acts: 0, seed: 2)
    let replica = try #require(ReplicaID("sh7v3dact"))
    let row = ShelvedRow(
      id: ActID(replica: replica, n: 3), digest: [UInt8](repeating: 7, count: 16),
      answer: "shelve absent p1")
    try store.append(HistoryBatch(shelved: [row]))
    let set = try sample.take()
    var found: [KeptRefusal] = []
    let header = try LedgerFile.read(set, try #require(set.file(of: "a"))) {
      (entry) throws(AdminError) in
      if case .refusal(let refusal) = entry { found.append(refusal) }
    }
    #expect(found == [KeptRefusal(act: row.id, digest: row.digest, answer: row.answer)])
    #expect(header.created == DataFolderSample.now)
    #expect(set.ledgers == [.init(name: "a", seq: store.lastSeq), .init(name: "b", seq: 0)])
  }

  @Test func refusesWhenAListedLedgerIsGone() throws {
    let sample = try DataFolderSample()
    let seats = try sample.seatStore()
    try seats.addLedger("lost", at: DataFolderSample.now)
    try seats.close()
    #expect(throws: AdminError.self) { try sample.take() }
    #expect(SnapshotSet.all(in: sample.folder).isEmpty)
    #expect(sample.folder.leftOvers.isEmpty)
  }

  /// One refusal names every ledger that is in the way, says that the others were not saved, and gives the way.
  @Test func saysOfEveryLedgerThatCannotBeTakenHowToGoOn() throws {
    let sample = try DataFolderSample()
    try SnapshotTakingTests.breaking(sample)
    #expect { try sample.take() } throws: { error in
      guard case .notTaken(let failures)? = error as? AdminError else { return false }
      let text = (error as? AdminError)?.description ?? ""
      return failures.map(\.ledger) == ["broken", "copy of a", "lost", "misnamed"]
        && text.contains("nothing of the other ledgers was saved either")
        && text.contains("move copy of a.sqlite out of the folder ledgers")
        && text.contains("taizhangd snapshot --leave-out broken --leave-out lost --leave-out misnamed")
    }
    #expect(SnapshotSet.all(in: sample.folder).isEmpty)
    #expect(sample.folder.leftOvers.isEmpty)
  }

  @Test func takesTheOthersAndSaysWhatIsLeftOut() throws {
    let sample = try DataFolderSample()
    try SnapshotTakingTests.breaking(sample)
    unlink(sample.folder.ledgers + "/copy of a.sqlite")
    let set = try sample.take(leavingOut: ["misnamed", "broken", "lost"])
    #expect(set.ledgers.map(\.name) == ["a"])
    #expect(set.leftOut == ["broken", "lost", "misnamed"])
    #expect(try SnapshotSet(reading: set.path) == set)
    try SnapshotProof.verify(set)
  }

  @Test func leavesOutNoLedgerThatIsNotThereAndNotAll() throws {
    let sample = try DataFolderSample()
    try sample.ledger("a", acts: 1).close()
    #expect { try sample.take(leavingOut: ["b"]) } throws: { error in
      if case .noLedgerToLeaveOut(["b"])? = error as? AdminError { true } else { false }
    }
    #expect { try sample.take(leavingOut: ["a"]) } throws: { error in
      if case .nothingLeft? = error as? AdminError { true } else { false }
    }
    #expect(SnapshotSet.all(in: sample.folder).isEmpty)
  }

  /// What was changed from outside is found when the set is read back: the ledger is told, not a set that nobody has.
  @Test func aLineThatIsNoneIsTheLedgersFault() throws {
    let sample = try DataFolderSample()
    let store = try sample.ledger("a", acts: 0)
    try store.append(HistoryBatch(rows: [HistoryRow(seq: 1, line: ByteBuffer(string: "1 no line"))]))
    try store.close()
    #expect { try sample.take() } throws: { error in
      if case .notTaken(let failures)? = error as? AdminError { failures.map(\.ledger) == ["a"] } else { false }
    }
  }

  /// A ledger that can be taken, and four that cannot.
  private static func breaking(_ sample: DataFolderSample) throws {
    try sample.ledger("a", acts: 3).close()
    for name in ["broken", "lost", "misnamed"] as [ExactString] { try sample.ledger(name, acts: 1, seed: 2).close() }
    let whole = try DataFolderSample.bytes(sample.folder.ledger("a"))
    try DataFolderSample.write([1, 2, 3], to: sample.folder.ledger("broken"))
    unlink(sample.folder.ledger("lost"))
    try DataFolderSample.write(whole, to: sample.folder.ledger("misnamed"))
    try DataFolderSample.write(whole, to: sample.folder.ledgers + "/copy of a.sqlite")
  }

  @Test func refusesAFolderWithoutALedger() throws {
    let sample = try DataFolderSample()
    #expect(throws: AdminError.self) { try sample.take() }
    #expect(!Disk.exists(sample.folder.snapshots))
  }

  @Test func oneIsTakenAtATime() throws {
    let sample = try DataFolderSample()
    try sample.ledger("a", acts: 1)
    try Disk.makeFolder(sample.folder.snapshots)
    let lock = try FolderLock(file: sample.folder.snapshotLock, of: sample.folder.snapshots)
    #expect(throws: AdminError.self) { try sample.take() }
    withExtendedLifetime(lock) {}
  }

  static func lines(_ set: SnapshotSet, _ file: SnapshotSet.File) throws -> [String] {
    var lines: [String] = []
    _ = try LedgerFile.read(set, file) { (entry) throws(AdminError) in
      if case .line(let line) = entry { lines.append(String(decoding: line.text, as: UTF8.self)) }
    }
    return lines
  }
}
