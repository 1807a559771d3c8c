import EditModel
import Glibc
import LineProtocol

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

/// The snapshots that lie in the server's own folder.
///
/// Each set is a folder with a text `contents`, one line for every ledger: `LEDGER SEQ STAMP BYTES`. A set without it is
/// not finished and is not listed.
struct SnapshotShelf: Sendable {
  let folder: DataFolder

  /// The most sets that are listed, the newest first.
  static let limitSets = 32

  /// The newest snapshot of `ledger`, nil when there is none.
  func newest(of ledger: ExactString) -> SnapshotEntry? { all(of: ledger).first }

  /// The snapshots of `ledger`, the newest first.
  func all(of ledger: ExactString) -> [SnapshotEntry] {
    let sets = PlainFile.names(in: folder.snapshotsPath)
    let found = sets.compactMap { set -> SnapshotEntry? in
      let contents = PlainFile.text(of: "\(folder.snapshotsPath)/\(set)/contents") ?? ""
      return contents.split(separator: "\n").lazy.compactMap { entry(String($0), set, ledger) }.first
    }
    return Array(found.sorted { $0.at > $1.at }.prefix(SnapshotShelf.limitSets))
  }

  private func entry(_ line: String, _ set: String, _ ledger: ExactString) -> SnapshotEntry? {
    let words = line.split(separator: " ").map(String.init)
    guard words.count == 4, ExactString(words[0]) == ledger, let seq = Decimal.number(words[1]),
      let at = Stamp(words[2]), let size = Decimal.number(words[3])
    else { return nil }
    return SnapshotEntry(set: set, seq: seq, at: at, sizeBytes: size)
  }
}
