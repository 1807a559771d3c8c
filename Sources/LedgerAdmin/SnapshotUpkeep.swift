package import EditModel
import Glibc
import LedgerStore

/// What keeps a data folder's sets fresh, proved and few. Called by the server now and then, and by commands.
package enum SnapshotUpkeep {
  /// Whether anything was written since the newest set was taken: a line of a ledger, a ledger, or an administrative act that
  /// is no snapshot's own. Contacts of devices do not count.
  package static func isNeeded(in folder: DataFolder) throws(AdminError) -> Bool {
    guard let newest = SnapshotSet.all(in: folder).first else { return true }
    let (listed, audit) = try storing { () throws(StoreError) in
      let seats = try SeatStore(path: folder.seats)
      let found = (try seats.ledgers().map(\.name), try seats.audit().map(\.text))
      try seats.close()
      return found
    }
    guard Set(listed) == Set(newest.ledgers.map(\.name)).union(newest.leftOut) else { return true }
    for ledger in newest.ledgers {
      let seq = try storing { () throws(StoreError) in
        let reader = try HistoryReader(path: folder.ledger(ledger.name))
        let seq = try reader.lastSeq()
        try reader.close()
        return seq
      }
      guard seq == ledger.seq else { return true }
    }
    guard let file = newest.files.first(where: { $0.ledger == nil }) else { return true }
    // `audit LINK NUMBER STAMP WHO WHAT…`
    let held = try SnapshotProof.seatLines(newest, file).compactMap { line -> String? in
      let words = line.split(separator: " ", maxSplits: 2)
      return words.count == 3 && words[0] == "audit" ? String(words[2]) : nil
    }
    return last(held) != last(audit)
  }

  /// The last act that is not of a snapshot's own; an audit line is `NUMBER STAMP WHO WHAT…`.
  private static func last(_ audit: [String]) -> String? {
    audit.last { line in
      let words = line.split(separator: " ", maxSplits: 4)
      guard words.count > 3, let action = AuditAction(rawValue: String(words[3])) else { return true }
      return action != .snapshot && action != .snapshotRemove
    }
  }

  /// Proves `set` and keeps what came of it. Throws, and keeps nothing, when that cannot be told: the disk refused, there is no
  /// room to rebuild it, or another process proves.
  package static func prove(
    _ set: SnapshotSet, in folder: DataFolder, at now: Stamp
  ) throws(AdminError) -> (record: ProofRecord, found: [SnapshotProving.Found]) {
    var (found, failure): ([SnapshotProving.Found], String?) = ([], nil)
    do throws(AdminError) {
      found = try SnapshotProving.prove(set, in: folder)
    } catch {
      guard error.isOfTheSet else { throw error }
      failure = "\(error)".split(separator: "\n").joined(separator: " ")
    }
    let record = ProofRecord(at: now, freeBytes: Disk.freeBytes(of: folder.snapshots), failure: failure)
    try record.write(set.name, in: folder)
    return (record, found)
  }

  /// The sets that need not be kept at `now`, the oldest first.
  package static func removable(_ retention: Retention, in folder: DataFolder, now: Stamp) -> [SnapshotSet] {
    let sets = SnapshotSet.all(in: folder)
    let names = Set(
      retention.removable(
        sets.map { set in
          Retention.Kept(
            name: set.name, takenAt: set.takenAt, ledgers: Set(set.ledgers.map(\.name)),
            isProved: ProofRecord.read(set.name, in: folder).map { $0.failure == nil } ?? false,
            isPinned: set.isPinned)
        }, now: now))
    return sets.filter { names.contains($0.name) }.reversed()
  }

  /// Removes `set` and what is known of its proof. It is out of the list at once; a kill leaves a folder with a dot in front,
  /// which the next removal takes.
  package static func remove(_ set: SnapshotSet, from folder: DataFolder) throws(AdminError) {
    try removeLeftOvers(in: folder)
    let hidden = "\(folder.snapshots)/\(SnapshotUpkeep.removing)\(set.name)"
    try Disk.move(set.path, to: hidden, in: folder.snapshots)
    try Disk.removeFolder(hidden)
    try Disk.remove("\(folder.proofs)/\(set.name)")
  }

  private static let removing = ".removing-"

  private static func removeLeftOvers(in folder: DataFolder) throws(AdminError) {
    for name in Disk.names(in: folder.snapshots) where name.hasPrefix(removing) {
      try Disk.removeFolder("\(folder.snapshots)/\(name)")
    }
  }
}

extension AdminError {
  /// Whether it says that a set is not right, and not that this machine could not look.
  fileprivate var isOfTheSet: Bool {
    switch self {
    case .damaged, .damagedSet, .store(.corrupt), .store(.seats), .store(.gap), .store(.unreadable): true
    default: false
    }
  }
}

extension SnapshotSet {
  /// The name of a file in a set's folder that says that the set is to be kept.
  package static let pinName = "keep"

  /// Whether somebody said that it is to be kept.
  package var isPinned: Bool { Disk.exists("\(path)/\(SnapshotSet.pinName)") }

  /// Says that it is to be kept, or that it need not be any more.
  package func setPinned(_ isPinned: Bool) throws(AdminError) {
    let pin = "\(path)/\(SnapshotSet.pinName)"
    if isPinned { try Disk.touch(pin) } else { try Disk.remove(pin) }
    try Disk.syncFolder(path)
  }
}
