import EditModel
import GRDB
import LedgerStore
import LedgerTestKit
import LineProtocol
import SnapshotFile
import Testing

@testable import LedgerAdmin

/// The links of a ledger's lines go with it into a snapshot and out of it.
@Suite struct LinkedSnapshotTests {
  @Test func aHeadThatWasWrittenDownProvesTheRestoredLedger() throws {
    let source = try DataFolderSample()
    let store = try source.ledger("a", acts: 700)
    let early = try link(store, through: 300)
    let late = try link(store, through: store.lastSeq - 5)
    let epoch = store.header.epoch
    try store.close()
    let set = try source.take()
    let target = try DataFolderSample()
    try target.restore(set)
    let restored = try ServerStore(path: target.folder.ledger("a"))
    #expect(restored.chained == late)
    #expect(restored.header.parents.map(\.linkedSeq) == [late.seq])
    // What was not linked yet is linked by whoever serves it next, otherwise than there.
    let next = try link(restored, through: restored.lastSeq)
    try restored.close()
    let heads = [early, late].map { LedgerHead(epoch: epoch, chain: $0) }
    let forged = LedgerHead(epoch: epoch, chain: ChainHead(seq: early.seq, link: late.link))
    let behind = LedgerHead(epoch: epoch, chain: ChainHead(seq: late.seq + 1, link: late.link))
    let report = try LedgerProof.check("a", in: target.folder, against: heads, isServed: false)
    #expect(report.check.isWhole && report.check.head == next && report.check.head.seq == report.check.lineCount)
    let other = try LedgerProof.check("a", in: target.folder, against: [forged], isServed: false)
    #expect(other.check.flaws == [.otherHead(forged.chain)])
    // Of a line whose link the restored ledger has from nobody, nothing can be told.
    #expect(report.isCompared(heads[1]) && !report.isCompared(behind))
    #expect(try LedgerProof.check("a", in: target.folder, against: [behind], isServed: false).check.isWhole)
    // And so again behind a second restore.
    let again = try DataFolderSample()
    try again.restore(try target.take(at: 120_000))
    let twice = try LedgerProof.check("a", in: again.folder, against: heads, isServed: false)
    #expect(twice.check.isWhole && heads.allSatisfy(twice.isCompared))
    #expect(twice.check.head == next)
  }

  /// A line that was changed behind the server's back is in the set as it stands, and the set is whole; that its links do not
  /// fit is told, and those before it are kept.
  @Test(arguments: [true, false]) func aTamperedLedgerIsTakenAndTold(isLine: Bool) throws {
    let sample = try DataFolderSample()
    let store = try sample.ledger("a", acts: 700)
    let first = try link(store, through: 512)
    try link(store, through: store.lastSeq)
    try sample.ledger("b", acts: 3).close()
    try store.close()
    try DatabaseQueue(path: sample.folder.ledger("a")).write { db in
      if isLine {
        // A letter behind a line of the second row of links.
        let run = try #require(
          try Row.fetchOne(
            db, sql: "SELECT seq, CAST(lines AS TEXT) FROM history WHERE seq >= 600 ORDER BY seq LIMIT 1"))
        let (seq, lines) = (run[0] as Int64, run[1] as String)
        let line = try #require(
          lines.split(separator: "\n").first { EditLine.accepted($0.dropFirst(2) + "x").map { $0.seq > 512 } ?? false })
        try db.execute(
          sql: "UPDATE history SET lines = CAST(? AS BLOB) WHERE seq = ?",
          arguments: [lines.replacing(line, with: line + "x"), seq])
      } else {
        try db.execute(sql: "UPDATE chain SET link = zeroblob(32) WHERE seq = 1024")
      }
    }
    let taken = try SnapshotTaking.take(of: sample.folder, isServed: false, at: DataFolderSample.now)
    #expect(taken.brokenLinks == [.init(ledger: "a", behind: first)])
    let target = try DataFolderSample()
    try target.restore(taken.set)
    #expect(try target.lines(of: target.folder.ledger("a")) == sample.lines(of: sample.folder.ledger("a")))
    let restored = try ServerStore(path: target.folder.ledger("a"))
    #expect(restored.chained == first)
    try restored.close()
  }

  /// Lines that were taken from the end, with their links left, keep no set from being taken; a line that is there twice names the
  /// ledger that is in the way.
  @Test(arguments: [true, false]) func aLedgerWithoutItsEndIsTaken(isRemoved: Bool) throws {
    let sample = try DataFolderSample()
    let store = try sample.ledger("a", acts: 700)
    try link(store, through: store.lastSeq)
    try store.close()
    try DatabaseQueue(path: sample.folder.ledger("a")).write { db in
      let last = "seq = (SELECT max(seq) FROM history)"
      if isRemoved {
        try db.execute(sql: "DELETE FROM history WHERE \(last)")
      } else {
        let lines = try #require(try String.fetchOne(db, sql: "SELECT CAST(lines AS TEXT) FROM history WHERE \(last)"))
        let line = try #require(lines.split(separator: "\n").first)
        try db.execute(
          sql: "UPDATE history SET lines = CAST(? AS BLOB) WHERE \(last)", arguments: [line + "\n" + lines])
      }
    }
    func take() throws -> TakenSet {
      try SnapshotTaking.take(of: sample.folder, isServed: false, at: DataFolderSample.now)
    }
    guard isRemoved else {
      let refused = #expect(throws: AdminError.self) { try take() }
      guard case .notTaken(let failures) = refused else { return }
      #expect(failures.map(\.ledger) == ["a"])
      return
    }
    let taken = try take()
    let seq = try #require(taken.set.ledgers.first).seq
    let broken = try #require(taken.brokenLinks.first)
    #expect(broken.ledger == "a" && broken.behind.seq <= seq && broken.behind.seq > 0)
  }

  /// Such a ledger's fork is below that of the restore before; its set is read all the same.
  @Test func aRestoredLedgerWithoutItsEndIsTakenAndRestoredAgain() throws {
    let source = try DataFolderSample()
    let store = try source.ledger("a", acts: 700)
    let whole = store.lastSeq
    try store.close()
    let damaged = try DataFolderSample()
    try damaged.restore(try source.take())
    try DatabaseQueue(path: damaged.folder.ledger("a")).write { db in
      try db.execute(sql: "DELETE FROM history WHERE seq = (SELECT max(seq) FROM history)")
    }
    let set = try damaged.take(at: 120_000)
    let left = try #require(set.ledgers.first).seq
    let target = try DataFolderSample()
    try target.restore(set)
    let restored = try ServerStore(path: target.folder.ledger("a"))
    #expect(left < whole && restored.header.parents.map(\.forkSeq) == [whole, left])
    try restored.close()
  }

  /// A set of format 1, as an earlier program took it: restored as ever, and linked from its first line by whoever serves it.
  @Test func aSetOfFormat1IsRestored() throws {
    let set = try SnapshotSet(reading: "\(ProjectFile.root)/protocol/recordings/snapshot-1")
    try SnapshotProof.verify(set)
    let target = try DataFolderSample()
    let report = try target.restore(set)
    #expect(report.ledgers.map(\.seq) == [6] && report.restoredSeats)
    let restored = try ServerStore(path: target.folder.ledger("tucheng-2023"))
    #expect(restored.lastSeq == 6 && restored.chained == .start)
    #expect(restored.header.parents.map(\.linkedSeq) == [0])
    try restored.close()
    #expect(try target.lines(of: target.folder.ledger("tucheng-2023")).last?.hasSuffix("lead_unit 党政办") == true)
  }

  /// A set whose cells are not those to which its history folds, though each is a line of it.
  @Test func cellsOfAnotherHistoryAreFound() throws {
    let sample = try DataFolderSample()
    try sample.ledger("a", acts: 5).close()
    let set = try sample.take()
    let file = try #require(set.file(of: "a"))
    let forged = sample.path + "/forged"
    try Disk.makeFolder(forged)
    let cut = try withoutACell(set, file, in: forged)
    let seats = try #require(set.files.last)
    try DataFolderSample.write(DataFolderSample.bytes("\(set.path)/\(seats.name)"), to: "\(forged)/\(seats.name)")
    let list = SnapshotSet(path: forged, takenAt: set.takenAt, files: [cut, seats])
    try DataFolderSample.write(Array(list.listText.utf8), to: "\(forged)/set")
    let found = #expect(throws: AdminError.self) { try SnapshotProof.verify(SnapshotSet(reading: forged)) }
    guard case .damagedSet(_, let reason) = found else { return }
    #expect(reason == "the cells of a.ledger.gz are not those of its history")
  }

  /// Writes the ledger's file of a set anew, without its last cell.
  private func withoutACell(_ set: SnapshotSet, _ file: SnapshotSet.File, in folder: String) throws -> SnapshotSet.File
  {
    var entries: [SnapshotEntry] = []
    let header = try LedgerFile.read(set, file) { (entry) throws(AdminError) in entries.append(entry) }
    var writer = SnapshotWriter(header)
    let last = entries.lastIndex { if case .cell = $0 { true } else { false } }
    for (index, entry) in entries.enumerated() where index != last {
      switch entry {
      case .cell(let edit): Array(EditLine.text(edit).utf8).withUnsafeBytes { writer.add(cell: $0) }
      case .line(let line): line.text.withUnsafeBytes { writer.add(line: $0, salt: nil) }
      case .header, .refusal, .end: break
      }
    }
    try writer.finish()
    let output = try SetFileWriter(file.name, in: folder)
    var packing = BlockPacking(into: output, named: file.name, width: 2)
    try packing.take(writer.takeBlocks())
    try packing.finish()
    writer.index(packing.index)
    try packing.take(writer.takeBlocks())
    try packing.finish()
    return try output.finish(ledger: file.ledger)
  }

  /// Links the lines up to `last`; answers the head.
  @discardableResult
  private func link(_ store: ServerStore, through last: UInt64) throws -> ChainHead {
    let reader = try HistoryReader(path: store.path)
    var generator = SplitMix64(seed: last)
    let links = try reader.linked(after: store.chained, through: last, limitLines: .max, using: &generator)
    try reader.close()
    try store.link(links)
    return links.head
  }
}
