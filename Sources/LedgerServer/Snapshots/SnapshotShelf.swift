import EditModel
import LedgerAdmin

/// A snapshot of a ledger, as `snap` lists it.
struct SnapshotEntry: Hashable, Sendable {
  /// The set that it belongs to.
  let set: String
  /// The last line that it holds.
  let seq: UInt64
  /// When it was taken, on the server's time line.
  let at: Stamp
  /// How long its file is, in bytes.
  let sizeBytes: UInt64

  /// The words of the row.
  var text: String { "set=\(set) seq=\(seq) at=\(at) bytes=\(sizeBytes)" }
}

/// The snapshots that lie in the server's own folder; a set is listed once it is whole.
struct SnapshotShelf: Sendable {
  let folder: DataFolder

  /// The most sets that are listed, the newest first.
  static let limitSets = 32

  /// The newest snapshot of `ledger`, nil when there is none.
  func newest(of ledger: ExactString) -> SnapshotEntry? { all(of: ledger).first }

  /// The snapshots of `ledger`, the newest first.
  func all(of ledger: ExactString) -> [SnapshotEntry] {
    let sets = SnapshotSet.all(in: folder)
    let found = sets.lazy.compactMap { set in
      set.file(of: ledger).flatMap { file in
        file.ledger.map {
          SnapshotEntry(set: set.name, seq: $0.seq, at: set.takenAt, sizeBytes: file.bytes)
        }
      }
    }
    return Array(found.prefix(SnapshotShelf.limitSets))
  }
}
