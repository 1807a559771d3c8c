import EditModel
import Glibc
import LedgerRules
import LedgerStore
import LineProtocol
import NIOCore
import Testing

@testable import LedgerAdmin

@Suite struct SnapshotRestoringTests {
  @Test func fillsAnEmptyFolder() throws {
    let source = try DataFolderSample()
    let store = try source.ledger("a", acts: 30)
    try source.ledger("b", acts: 0, seed: 2)
    let grant = try source.device(of: "bangongshi", ledger: "a")
    let set = try source.take()
    let target = try DataFolderSample()
    rmdir(target.folder.ledgers)
    let report = try target.restore(set)
    let epoch = Epoch(generation: 2, id: 0xABCD)
    #expect(
      report
        == SnapshotRestoring.Report(
          ledgers: [
            .init(name: "a", before: .nothing, seq: store.lastSeq, epoch: epoch, heldThrough: nil),
            .init(name: "b", before: .nothing, seq: 0, epoch: epoch, heldThrough: nil),
          ], leftOut: [], replaced: nil, restoredSeats: true))
    #expect(
      try target.lines(of: target.folder.ledger("a")) == source.lines(of: source.folder.ledger("a"))
    )
    let restored = try ServerStore(path: target.folder.ledger("a"))
    #expect(restored.header.parents == [.init(epoch: store.header.epoch, forkSeq: store.lastSeq, linkedSeq: 0)])
    #expect(restored.header.created == DataFolderSample.now)
    #expect(try target.seatStore().authenticate(grant.replica, grant.secret)?.seat == grant.seat)
    #expect(
      Disk.names(in: target.folder.path) == ["ledgers", "seats.sqlite", "taizhangd.lock"].sorted())
  }

  /// A server that was started on the empty folder has made a list of nobody; it is not taken for the town's.
  @Test func seatsOfNobodyGiveWayToTheSets() throws {
    let source = try DataFolderSample()
    try source.ledger("a", acts: 3).close()
    let grant = try source.device(of: "bangongshi", ledger: "a")
    let set = try source.take()
    let target = try DataFolderSample()
    try target.ledger("b", acts: 2, seed: 4).close()
    let report = try target.restore(set)
    #expect(report.restoredSeats)
    #expect(try target.seatStore().authenticate(grant.replica, grant.secret)?.seat == grant.seat)
    #expect(try target.seatStore().ledgers().map(\.name) == ["a", "b"])
    #expect(Disk.exists(try #require(report.replaced) + "/seats.sqlite"))
  }

  /// A seats file that cannot be read lets nobody in: the set's takes its place, and it is kept.
  @Test func damagedSeatsGiveWayToTheSets() throws {
    let sample = try DataFolderSample()
    try sample.ledger("a", acts: 3).close()
    _ = try sample.device(of: "bangongshi", ledger: "a")
    let set = try sample.take()
    let file = try #require(fopen(sample.folder.seats, "r+"))
    #expect(fputs(String(repeating: "x", count: 3_000), file) >= 0)
    fclose(file)
    #expect(throws: AdminError.self) { try sample.restore(set, only: ["a"], overwrite: true) }
    let report = try sample.restore(set, overwrite: true)
    #expect(report.restoredSeats)
    #expect(Disk.exists("\(try #require(report.replaced))/seats.sqlite"))
    #expect(try sample.seatStore().devices().count == 1)
  }

  @Test func leavesNoLogThatItNeeds() throws {
    let sample = try DataFolderSample()
    try sample.ledger("a", acts: 10).close()
    let set = try sample.take()
    try sample.restore(set, overwrite: true)
    #expect(Disk.names(in: sample.folder.ledgers) == ["a.sqlite"])
  }

  @Test func refusesToOverwriteUnlessTold() throws {
    let sample = try DataFolderSample()
    try sample.ledger("a", acts: 5).close()
    let set = try sample.take()
    let before = try DataFolderSample.contents(sample.folder.path)
    #expect { try sample.restore(set) } throws: { error in
      guard case AdminError.wouldOverwrite(let names)? = error as? AdminError else { return false }
      return names == ["a"]
    }
    #expect(try DataFolderSample.contents(sample.folder.path) == before)
  }

  /// The live server was killed: what its log holds belongs to the old ledger and to it alone.
  @Test func letsNoLogOfACrashedServerIn() throws {
    let sample = try DataFolderSample()
    let store = try sample.ledger("a", acts: 20)
    let set = try sample.take()
    let held = store.lastSeq
    let later = DataFolderSample.edits(60).dropFirst(Int(held))
    try store.append(HistoryBatch(later))
    try #require(Disk.exists(sample.folder.ledger("a") + "-wal"))
    let crashed = try DataFolderSample()
    rmdir(crashed.folder.ledgers)
    try Disk.makeFolder(crashed.folder.ledgers)
    for name in ["a.sqlite", "a.sqlite-wal"] {
      try DataFolderSample.write(
        DataFolderSample.bytes("\(sample.folder.ledgers)/\(name)"),
        to: "\(crashed.folder.ledgers)/\(name)")
    }
    // Somebody sits here, so the list that stands is the one that counts; it lacks the ledger.
    try crashed.seatStore().addLedger("z", at: DataFolderSample.now)
    _ = try crashed.device(of: "dangzheng", ledger: "z")
    let report = try crashed.restore(set, overwrite: true)
    #expect(try crashed.lines(of: crashed.folder.ledger("a")).count == Int(held))
    let kept = try #require(report.replaced) + "/ledgers/a.sqlite"
    #expect(try crashed.lines(of: kept).count == Int(held) + later.count)
    #expect(
      report.ledgers.map(\.before) == [.ledger(seq: store.lastSeq, epoch: store.header.epoch)])
    #expect(report.ledgers.map(\.isNewlyListed) == [true])
    let last = try #require(try crashed.seatStore().audit().last)
    #expect(last.who == "user:root" && last.what == "ledger-add a")
    #expect(try crashed.seatStore().ledgers().map(\.name) == ["a", "z"])
  }

  @Test func letsNoLogOfDestroyedFilesIn() throws {
    let sample = try DataFolderSample()
    let store = try sample.ledger("a", acts: 20)
    let grant = try sample.device(of: "bangongshi", ledger: "a")
    let set = try sample.take()
    try store.append(HistoryBatch(DataFolderSample.edits(60).dropFirst(Int(store.lastSeq))))
    // Somebody deletes the databases and leaves the logs.
    for path in [sample.folder.ledger("a"), sample.folder.seats] {
      let log = try DataFolderSample.bytes(sample.folder.ledger("a") + "-wal")
      unlink(path)
      try DataFolderSample.write(log, to: path + "-wal")
    }
    let report = try sample.restore(set)
    #expect(report.restoredSeats)
    #expect(try sample.lines(of: sample.folder.ledger("a")).count == Int(set.ledgers[0].seq))
    #expect(try sample.seatStore().authenticate(grant.replica, grant.secret) != nil)
    let kept = try #require(report.replaced)
    #expect(Disk.exists(kept + "/seats.sqlite-wal"))
    #expect(Disk.exists(kept + "/ledgers/a.sqlite-wal"))
  }

  @Test func replacesALedgerThatCannotBeRead() throws {
    let sample = try DataFolderSample()
    try sample.ledger("a", acts: 5).close()
    let set = try sample.take()
    try DataFolderSample.write([1, 2, 3], to: sample.folder.ledger("a"))
    let report = try sample.restore(set, overwrite: true)
    #expect(report.ledgers.map(\.before) == [.unreadable])
    #expect(
      try DataFolderSample.bytes(try #require(report.replaced) + "/ledgers/a.sqlite") == [1, 2, 3])
  }

  @Test func leavesOtherLedgersAndStandingSeatsAsTheyAre() throws {
    let sample = try DataFolderSample()
    try sample.ledger("a", acts: 5).close()
    let set = try sample.take()
    let other = try sample.ledger("b", acts: 9, seed: 3)
    let grant = try sample.device(of: "dangzheng", ledger: "b")
    // Its log stands beside it, as after a kill.
    let lines = try sample.lines(of: sample.folder.ledger("b"))
    let inode = try SnapshotRestoringTests.inode(sample.folder.ledger("b"))
    let report = try sample.restore(set, overwrite: true)
    #expect(!report.restoredSeats)
    #expect(try sample.lines(of: sample.folder.ledger("b")) == lines)
    #expect(try SnapshotRestoringTests.inode(sample.folder.ledger("b")) == inode)
    #expect(try sample.seatStore().authenticate(grant.replica, grant.secret) != nil)
    // One name for one database.
    #expect(!Disk.exists(try #require(report.replaced) + "/ledgers/b.sqlite"))
    #expect(!Disk.exists(try #require(report.replaced) + "/ledgers/b.sqlite-wal"))
    try other.append(HistoryBatch(DataFolderSample.edits(40, seed: 3).dropFirst(lines.count)))
    #expect(try sample.lines(of: sample.folder.ledger("b")).count > lines.count)
  }

  /// What a set lacks is not lost by restoring it: it stays where it is, broken or not, and is told.
  @Test func aLedgerThatWasLeftOutStaysAsItIs() throws {
    let sample = try DataFolderSample()
    try sample.ledger("a", acts: 5).close()
    try sample.ledger("b", acts: 5, seed: 2).close()
    try DataFolderSample.write([1, 2, 3], to: sample.folder.ledger("b"))
    let set = try sample.take(leavingOut: ["b"])
    let report = try sample.restore(set, overwrite: true)
    #expect(report.leftOut == [.init(name: "b", stands: true)])
    #expect(try DataFolderSample.bytes(sample.folder.ledger("b")) == [1, 2, 3])
    let target = try DataFolderSample()
    #expect(try target.restore(set).leftOut == [.init(name: "b", stands: false)])
    // It is still the town's: its devices are known, and it comes back with a set that holds it.
    #expect(try target.seatStore().ledgers().map(\.name) == ["a", "b"])
  }

  @Test func answersPriorActsAsBefore() throws {
    let sample = try DataFolderSample()
    let store = try sample.ledger("a", acts: 12)
    let replica = try #require(ReplicaID("sh7v3dact"))
    let edits = DataFolderSample.edits(12)
    let refused = ShelvedRow(
      id: ActID(replica: replica, n: 3), digest: [UInt8](0..<16),
      answer: "shelve stage-needs opinion")
    try store.append(HistoryBatch(shelved: [refused]))
    let ids = Set(edits.map(\.edit.id.act)).union([refused.id])
    let decisions = try ids.map { try store.prior($0) }
    let last = try store.load { _ in }.lastByReplica
    try store.close()
    let set = try sample.take()
    try sample.restore(set, overwrite: true)
    let restored = try ServerStore(path: sample.folder.ledger("a"))
    #expect(try ids.map { try restored.prior($0) } == decisions)
    #expect(!decisions.contains(nil))
    #expect(try restored.load { _ in }.lastByReplica == last)
  }

  @Test func generationsOnlyGrow() throws {
    let sample = try DataFolderSample()
    try sample.ledger("a", acts: 5).close()
    let set = try sample.take()
    for round in 2...4 as ClosedRange<UInt32> {
      let report = try sample.restore(set, overwrite: true, at: UInt64(round))
      #expect(report.ledgers.map(\.epoch.generation) == [round])
    }
    #expect(Disk.names(in: sample.folder.replaced).count == 3)
    // A set of a restored ledger carries where it came from.
    let store = try ServerStore(path: sample.folder.ledger("a"))
    try store.close()
    let again = try sample.take(at: 9)
    try sample.restore(again, overwrite: true, at: 10)
    let twice = try ServerStore(path: sample.folder.ledger("a")).header
    #expect(twice.parents.map(\.epoch.generation) == [1, 4])
    #expect(twice.epoch.generation == 5)
  }

  @Test(arguments: ["a.ledger.gz", "seats.gz", "set"])
  func refusesADamagedSetBeforeAnythingIsTouched(name: String) throws {
    let sample = try DataFolderSample()
    try sample.ledger("a", acts: 5).close()
    let set = try sample.take()
    var bytes = try DataFolderSample.bytes("\(set.path)/\(name)")
    bytes[bytes.count / 2] ^= 4
    try DataFolderSample.write(bytes, to: "\(set.path)/\(name)")
    let before = try DataFolderSample.contents(sample.folder.path)
    #expect(throws: AdminError.self) {
      try sample.restore(SnapshotSet(reading: set.path), overwrite: true)
    }
    #expect(try DataFolderSample.contents(sample.folder.path) == before)
  }

  @Test func refusesWhileAServerRuns() throws {
    let sample = try DataFolderSample()
    try sample.ledger("a", acts: 5).close()
    let set = try sample.take()
    let lock = try FolderLock(sample.folder)
    #expect { try sample.restore(set, overwrite: true) } throws: { error in
      if case AdminError.inUse? = error as? AdminError { true } else { false }
    }
    withExtendedLifetime(lock) {}
  }

  // MARK: What a kill leaves

  /// Killed while building: nothing of it was ever live.
  @Test func removesWhatAKilledBuildLeft() throws {
    let sample = try DataFolderSample()
    try sample.ledger("a", acts: 5).close()
    let set = try sample.take()
    try Disk.makeFolder(sample.folder.restoring)
    try Disk.touch(sample.folder.restoring + "/restoring")
    try DataFolderSample.write([1], to: sample.folder.restoring + "/a.sqlite")
    let report = try sample.restore(set, overwrite: true)
    #expect(!Disk.exists(sample.folder.restoring))
    #expect(
      Disk.names(in: sample.folder.replaced) == [
        try #require(report.replaced).split(separator: "/").last.map(String.init)
      ])
    #expect(try sample.lines(of: sample.folder.ledger("a")).count == Int(set.ledgers[0].seq))
  }

  /// Killed between the exchange and the keeping: what is in `restoring/` was live, and is kept.
  @Test func keepsWhatAKillBehindTheExchangeLeft() throws {
    let sample = try DataFolderSample()
    let first = try sample.ledger("a", acts: 5)
    let set = try sample.take()
    try first.append(HistoryBatch(DataFolderSample.edits(20).dropFirst(Int(first.lastSeq))))
    try first.close()
    try sample.ledger("b", acts: 3, seed: 2).close()
    let exchange = FolderExchange(sample.folder, kept: sample.folder.replaced + "/x")
    try exchange.begin()
    try ServerStore.create(
      path: sample.folder.restoring + "/a.sqlite",
      header: LedgerHeader(
        name: "a", epoch: Epoch(generation: 2, id: 1), created: DataFolderSample.now))
    try exchange.linkOthers(than: ["a"])
    try Disk.exchange(sample.folder.restoring, sample.folder.ledgers, in: sample.folder.path)
    // Here it is killed; somebody restores again.
    let report = try sample.restore(set, overwrite: true)
    #expect(report.ledgers.map(\.before) == [.ledger(seq: 0, epoch: Epoch(generation: 2, id: 1))])
    let kept = try #require(report.replaced) + "-interrupted/ledgers"
    #expect(Disk.names(in: kept) == ["a.sqlite"])
    #expect(try sample.lines(of: kept + "/a.sqlite").count == Int(first.lastSeq))
    #expect(Disk.names(in: sample.folder.ledgers) == ["a.sqlite", "b.sqlite"])
  }

  private static func inode(_ path: String) throws -> UInt {
    var facts = stat()
    try #require(stat(path, &facts) == 0)
    return UInt(facts.st_ino)
  }
}
