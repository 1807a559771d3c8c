package import EditModel
import LedgerStore
package import LineProtocol
import SnapshotFile

/// A set that was taken.
package struct TakenSet: Hashable, Sendable {
  /// The set.
  package let set: SnapshotSet
  /// The ledgers whose lines are not those that were linked: they are in the set as they stand, with salts up to there only.
  package let brokenLinks: [BrokenLinks]

  /// A ledger whose links do not fit its lines.
  package struct BrokenLinks: Hashable, Sendable {
    /// The ledger.
    package let ledger: ExactString
    /// How far they fit.
    package let behind: ChainHead
  }
}

/// Takes a set from a data folder, also of a running server: each ledger is read through a connection of its own, at
/// the seq that was its last when its turn came, while edits go on above it.
package enum SnapshotTaking {
  /// Takes a set at `takenAt`, reads it back and proves it, and only then gives it its name. Returns the set.
  ///
  /// Where no server runs every core packs, else one. Memory: the cells of one ledger, a block for each of these cores, and the
  /// seats. What is left of a set that failed (a folder whose name begins with a
  /// dot) is removed by the next. Every ledger is taken or none, but for those that are named to be left out, which the
  /// set says. Throws `snapshotGoesOn` while another is taken, `noLedger` when the folder lists and holds none,
  /// `notTaken` with every ledger that cannot be taken. `isServed` says whether a server runs on the folder; where none
  /// does, a log that a killed one left beside a ledger is looked at before it is believed.
  package static func take(
    of folder: DataFolder, leavingOut leftOut: [ExactString] = [], isServed: Bool, at takenAt: Stamp
  ) throws(AdminError) -> TakenSet {
    // Without seats nothing is listed either: a folder that is new, or not a server's.
    guard Disk.exists(folder.seats) || !databases(of: folder).isEmpty else { throw .noLedger(path: folder.path) }
    try Disk.makeFolder(folder.snapshots)
    let lock = try takeLock(of: folder)
    defer { withExtendedLifetime(lock) {} }
    let partial = folder.partialSnapshot
    try Disk.removeFolder(partial)
    do throws(AdminError) {
      let wanted = Wanted(leftOut: Set(leftOut), checksLogs: !isServed)
      return try take(wanted, of: folder, into: partial, at: takenAt)
    } catch {
      // What cannot be removed either is removed by the next; the first failure is the one to tell.
      try? Disk.removeFolder(partial)
      throw error
    }
  }

  /// What of a folder is to be taken, and how.
  private struct Wanted {
    let leftOut: Set<ExactString>
    let checksLogs: Bool
  }

  private static func take(
    _ wanted: Wanted, of folder: DataFolder, into partial: String, at takenAt: Stamp
  ) throws(AdminError) -> TakenSet {
    try Disk.makeFolder(partial)
    let broken = try write(wanted, of: folder, into: partial, at: takenAt)
    try Disk.syncFolder(partial)
    let set = try SnapshotSet(reading: partial)
    try prove(set)
    let path = "\(folder.snapshots)/\(SetName.text(takenAt))"
    try Disk.move(partial, to: path, in: folder.snapshots)
    return TakenSet(
      set: SnapshotSet(path: path, takenAt: takenAt, leftOut: set.leftOut, files: set.files), brokenLinks: broken)
  }

  /// Reads the set back. A ledger in which a line is none is found here: it is the ledger that is to be told, since
  /// nobody ever had the set.
  private static func prove(_ set: SnapshotSet) throws(AdminError) {
    do throws(AdminError) {
      try SnapshotProof.verify(set)
    } catch {
      guard case .damaged(let name, _) = error, let ledger = set.files.first(where: { $0.name == name })?.ledger
      else { throw error }
      throw .notTaken([NotTaken(ledger: ledger.name.string, reason: error)])
    }
  }

  private static func takeLock(of folder: DataFolder) throws(AdminError) -> FolderLock {
    do throws(AdminError) {
      return try FolderLock(file: folder.snapshotLock, of: folder.snapshots)
    } catch {
      if case .inUse(let path) = error { throw .snapshotGoesOn(path: path) }
      throw error
    }
  }

  /// Writes every file, the list last; answers the ledgers whose links do not fit. The seats are read first: every ledger that they name is then there to be taken.
  private static func write(
    _ wanted: Wanted, of folder: DataFolder, into partial: String, at takenAt: Stamp
  ) throws(AdminError) -> [TakenSet.BrokenLinks] {
    let seats = try storing { () throws(StoreError) in
      let store = try SeatStore(path: folder.seats)
      let facts = (listed: try store.ledgers().map { folder.ledger($0.name) }, lines: try store.seatLines())
      try store.close()
      return facts
    }
    let all = Set(seats.listed).union(databases(of: folder))
    guard !all.isEmpty else { throw .noLedger(path: folder.path) }
    let unknown = wanted.leftOut.filter { !all.contains(folder.ledger($0)) }
    guard unknown.isEmpty else { throw .noLedgerToLeaveOut(ledgers: unknown.map(\.string).sorted()) }
    let paths = all.subtracting(wanted.leftOut.map(folder.ledger)).sorted()
    guard !paths.isEmpty else { throw .nothingLeft(path: folder.path) }
    var (files, broken) = try ledgers(paths, checksLogs: wanted.checksLogs, into: partial, at: takenAt)
    let file = try SetFileWriter(SnapshotSet.seatsName, in: partial)
    let bytes = try coding(SnapshotSet.seatsName) { () throws(SnapshotError) in
      try SeatsFile.bytes(seats.lines)
    }
    try file.write(bytes)
    files.append(try file.finish(ledger: nil))
    let set = SnapshotSet(path: partial, takenAt: takenAt, leftOut: wanted.leftOut.sorted(), files: files)
    let list = try DiskWriter(creating: "\(partial)/\(SnapshotSet.listName)")
    try list.write(Array(set.listText.utf8))
    try list.finish()
    return broken
  }

  /// The ledgers' databases.
  private static func databases(of folder: DataFolder) -> [String] {
    Disk.names(in: folder.ledgers).filter { $0.hasSuffix(".sqlite") }.map { "\(folder.ledgers)/\($0)" }
  }

  /// Writes the ledgers whose databases are `paths`; looks at all of them before it throws, so that one refusal names
  /// every ledger that is in the way.
  private static func ledgers(
    _ paths: [String], checksLogs: Bool, into folder: String, at takenAt: Stamp
  ) throws(AdminError) -> (files: [SnapshotSet.File], broken: [TakenSet.BrokenLinks]) {
    var files: [SnapshotSet.File] = []
    var broken: [TakenSet.BrokenLinks] = []
    var failures: [NotTaken] = []
    for path in paths {
      do throws(AdminError) {
        if checksLogs { try storing { () throws(StoreError) in try ServerStore.checkLog(path: path) } }
        let reader = try storing { () throws(StoreError) in try HistoryReader(path: path) }
        defer {
          // A reader holds nothing that matters; a fault in closing it would hide the fault that is being thrown.
          try? reader.close()
        }
        let width = checksLogs ? BlockPacking.allCores : 1
        let taken = try LedgerTaking(reader, into: folder, at: takenAt, width: width).take()
        files.append(taken.file)
        if let ledger = taken.file.ledger, let head = taken.brokenBehind {
          broken.append(TakenSet.BrokenLinks(ledger: ledger.name, behind: head))
        }
      } catch {
        // The disk on which the set is written is no ledger's fault.
        if case .disk = error { throw error }
        let name = path.split(separator: "/").last.map { String($0.dropLast(7)) } ?? path
        failures.append(NotTaken(ledger: name, reason: error))
      }
    }
    guard failures.isEmpty else { throw .notTaken(failures) }
    return (files, broken)
  }
}
