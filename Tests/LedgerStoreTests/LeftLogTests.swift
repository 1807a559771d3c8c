import Foundation
import Testing

@testable import LedgerStore

/// A file that is put in the place of a killed server's ledger meets the log that is left there.
@Suite struct LeftLogTests {
  /// A ledger as a kill leaves it: part of its lines in the file, the rest in the log.
  private struct Killed {
    let sample: LedgerSample
    let store: ServerStore
    let path: String

    init() throws {
      sample = try LedgerSample(acts: 300)
      store = try ServerStore(path: sample.path)
      let half = sample.edits.count / 2
      for edit in sample.edits.prefix(half) { try store.append(HistoryBatch([edit])) }
      try store.restartLog()
      for edit in sample.edits.dropFirst(half) { try store.append(HistoryBatch([edit])) }
      path = sample.folder.path + "/killed.sqlite"
      for suffix in ["", "-wal"] {
        try FileManager.default.copyItem(atPath: sample.path + suffix, toPath: path + suffix)
      }
    }

    /// Puts another file in the ledger's place and leaves the log.
    func replace(by other: String) throws {
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.copyItem(atPath: other, toPath: path)
    }
  }

  @Test func itsOwnLogIsReadIn() throws {
    let killed = try Killed()
    let opened = try ServerStore(path: killed.path)
    #expect(opened.lastSeq == killed.store.lastSeq)
    try opened.close()
  }

  /// A copy of the same ledger, of an earlier day.
  @Test(arguments: [0, 1, 10, 50, 100, 140]) func anEarlierCopyIsToldOrWhole(lines: Int) throws {
    let killed = try Killed()
    try expectNoMixture(killed, killed.sample.edits.prefix(lines).map { LedgerSample.line($0) }) { store in
      for edit in killed.sample.edits.prefix(lines) { try store.append(HistoryBatch([edit])) }
    }
  }

  /// Another town's file, under this one's name and epoch, which is the worst there can be.
  @Test(arguments: [0, 1, 10, 50, 100, 150, 200, 250, 300, 600]) func anotherHistoryIsToldOrWhole(acts: Int) throws {
    let killed = try Killed()
    let other = try LedgerSample(seed: 2, acts: acts)
    try expectNoMixture(killed, other.edits.map { LedgerSample.line($0) }) { store in
      for edit in other.edits { try store.append(HistoryBatch([edit])) }
    }
  }

  @Test func whatIsRefusedIsLeftAsItIs() throws {
    let killed = try Killed()
    let other = try LedgerSample(seed: 2, acts: 400)
    let store = try ServerStore(path: other.path)
    for edit in other.edits { try store.append(HistoryBatch([edit])) }
    try store.close()
    try killed.replace(by: other.path)
    let before = try ["", "-wal"].map { try Data(contentsOf: URL(filePath: killed.path + $0)) }
    #expect(throws: StoreError.foreignLog(file: killed.path)) { try ServerStore(path: killed.path) }
    #expect(try ["", "-wal"].map { try Data(contentsOf: URL(filePath: killed.path + $0)) } == before)
  }

  /// Makes a file with `fill`, whose lines are `lines`, and puts it in the ledger's place: it is refused, or what is
  /// opened is the one history or the other, whole.
  private func expectNoMixture(
    _ killed: Killed, _ lines: [String], _ fill: (ServerStore) throws -> Void
  ) throws {
    let path = killed.sample.folder.path + "/other.sqlite"
    try ServerStore.create(path: path, header: LedgerSample.header)
    let other = try ServerStore(path: path)
    try fill(other)
    try other.close()
    try killed.replace(by: path)
    do throws(StoreError) {
      let opened = try ServerStore(path: killed.path)
      let reader = try opened.reader()
      let found = try reader.lines(after: 0, through: .max, limitBytes: .max).map(\.text)
      #expect(found == lines || found == killed.sample.edits.map { LedgerSample.line($0) })
    } catch {
      #expect(error == .foreignLog(file: killed.path) || error.fault?.code == 11, "\(error)")
    }
  }
}
