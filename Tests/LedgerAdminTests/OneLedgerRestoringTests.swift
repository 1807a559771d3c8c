import EditModel
import Glibc
import LedgerStore
import LineProtocol
import Testing

@testable import LedgerAdmin

/// One ledger of a set, without the others and the seats.
@Suite struct OneLedgerRestoringTests {
  /// Two ledgers that went on after the set was taken, their logs beside them as after a kill.
  private struct Town {
    let sample: DataFolderSample
    let set: SnapshotSet
    let writers: [ServerStore]
    let late: DeviceGrant

    init() throws {
      sample = try DataFolderSample()
      writers = [try sample.ledger("a", acts: 5), try sample.ledger("b", acts: 5, seed: 2)]
      set = try sample.take()
      for (store, seed) in zip(writers, [1, 2] as [UInt64]) {
        try store.append(HistoryBatch(DataFolderSample.edits(20, seed: seed).dropFirst(Int(store.lastSeq))))
        try #require(Disk.exists(store.path + "-wal"))
      }
      late = try sample.device(of: "dangzheng", ledger: "b")
    }
  }

  @Test func leavesTheOthersAndTheSeatsAlone() throws {
    let town = try Town()
    let folder = town.sample.folder
    let others = try DataFolderSample.contents(folder.ledgers).filter { $0.key.hasPrefix("b.") }
    let seats = try DataFolderSample.bytes(folder.seats)
    let before = try town.sample.lines(of: folder.ledger("a"))
    let report = try town.sample.restore(town.set, only: ["a"], overwrite: true)
    #expect(!Disk.exists(folder.ledger("a") + "-wal"), "a log of the old file would be read into the new one")
    #expect(report.ledgers.map(\.name) == ["a"])
    #expect(report.ledgers.map(\.epoch.generation) == [2])
    #expect(!report.restoredSeats)
    #expect(try town.sample.lines(of: folder.ledger("a")).count == Int(try #require(town.set.ledgers.first).seq))
    #expect(try DataFolderSample.contents(folder.ledgers).filter { $0.key.hasPrefix("b.") } == others)
    #expect(try DataFolderSample.bytes(folder.seats) == seats)
    #expect(try ServerStore(path: folder.ledger("b")).header == town.writers[1].header)
    let kept = try #require(report.replaced) + "/ledgers"
    #expect(try town.sample.lines(of: kept + "/a.sqlite") == before)
    #expect(!Disk.exists(kept + "/b.sqlite"))
    #expect(try town.sample.seatStore().authenticate(town.late.replica, town.late.secret) != nil)
  }

  @Test func refusesToOverwriteUnlessTold() throws {
    let town = try Town()
    let before = try DataFolderSample.contents(town.sample.folder.path)
    #expect { try town.sample.restore(town.set, only: ["a"]) } throws: { error in
      if case .wouldOverwrite(["a"])? = error as? AdminError { true } else { false }
    }
    #expect(try DataFolderSample.contents(town.sample.folder.path) == before)
  }

  /// A ledger that is gone comes back beside the others that stand, without leave to overwrite anything.
  @Test func bringsALostLedgerBackIntoTheList() throws {
    let town = try Town()
    for suffix in SQLiteFiles.suffixes { unlink(town.sample.folder.ledger("a") + suffix) }
    let report = try town.sample.restore(town.set, only: ["a"])
    #expect(report.ledgers.map(\.before) == [.nothing])
    #expect(report.ledgers.map(\.isNewlyListed) == [false])
    #expect(report.replaced == nil)
  }

  @Test func refusesWhatTheSetDoesNotHold() throws {
    let town = try Town()
    let before = try DataFolderSample.contents(town.sample.folder.path)
    #expect { try town.sample.restore(town.set, only: ["a", "c"], overwrite: true) } throws: { error in
      if case .notInSet(_, ["c"])? = error as? AdminError { true } else { false }
    }
    #expect(try DataFolderSample.contents(town.sample.folder.path) == before)
  }

  @Test func needsSeatsThatStand() throws {
    let town = try Town()
    let target = try DataFolderSample()
    #expect { try target.restore(town.set, only: ["a"]) } throws: { error in
      if case .noSeats? = error as? AdminError { true } else { false }
    }
    #expect(Disk.names(in: target.folder.path) == ["ledgers", "taizhangd.lock"])
    try DataFolderSample.write([1, 2, 3], to: target.folder.seats)
    #expect(throws: AdminError.self) { try target.restore(town.set, only: ["a"]) }
    #expect(Disk.names(in: target.folder.ledgers).isEmpty)
  }

  /// What is restored is proved before anything is touched; what is damaged beside it is no hindrance.
  @Test(arguments: [("a.ledger.gz", false), ("b.ledger.gz", true), ("seats.gz", true)])
  func provesWhatItRestores(name: String, isTaken: Bool) throws {
    let town = try Town()
    var bytes = try DataFolderSample.bytes("\(town.set.path)/\(name)")
    bytes[bytes.count / 2] ^= 4
    try DataFolderSample.write(bytes, to: "\(town.set.path)/\(name)")
    let before = try DataFolderSample.contents(town.sample.folder.path)
    if isTaken {
      #expect(try town.sample.restore(town.set, only: ["a"], overwrite: true).ledgers.count == 1)
    } else {
      #expect(throws: AdminError.self) { try town.sample.restore(town.set, only: ["a"], overwrite: true) }
      #expect(try DataFolderSample.contents(town.sample.folder.path) == before)
    }
  }
}
