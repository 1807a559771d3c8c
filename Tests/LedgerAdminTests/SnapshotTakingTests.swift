import EditModel
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
      group.addTask { try (1...6).map { try sample.take(at: $0) } }
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
      if case .line(let text, _) = entry { lines.append(text) }
    }
    return lines
  }
}
