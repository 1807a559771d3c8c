package import EditModel
import LedgerStore
import LineProtocol
import NIOCore
import SnapshotFile

/// Takes a set from a data folder, also of a running server: each ledger is read through a connection of its own, at
/// the seq that was its last when its turn came, while edits go on above it.
package enum SnapshotTaking {
  /// Takes a set at `takenAt`, reads it back and proves it, and only then gives it its name. Returns the set.
  ///
  /// Memory: one piece of a file, and the seats. What is left of a set that failed (a folder whose name begins with a
  /// dot) is removed by the next. Every ledger is taken or none, but for those that are named to be left out, which the
  /// set says. Throws `snapshotGoesOn` while another is taken, `noLedger` when the folder lists and holds none,
  /// `notTaken` with every ledger that cannot be taken. `isServed` says whether a server runs on the folder; where none
  /// does, a log that a killed one left beside a ledger is looked at before it is believed.
  package static func take(
    of folder: DataFolder, leavingOut leftOut: [ExactString] = [], isServed: Bool, at takenAt: Stamp
  ) throws(AdminError) -> SnapshotSet {
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
  ) throws(AdminError) -> SnapshotSet {
    try Disk.makeFolder(partial)
    try write(wanted, of: folder, into: partial, at: takenAt)
    try Disk.syncFolder(partial)
    let set = try SnapshotSet(reading: partial)
    try prove(set)
    let path = "\(folder.snapshots)/\(SetName.text(takenAt))"
    try Disk.move(partial, to: path, in: folder.snapshots)
    return SnapshotSet(path: path, takenAt: takenAt, leftOut: set.leftOut, files: set.files)
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

  /// Writes every file, the list last. The seats are read first: every ledger that they name is then there to be taken.
  private static func write(
    _ wanted: Wanted, of folder: DataFolder, into partial: String, at takenAt: Stamp
  ) throws(AdminError) {
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
    var files = try ledgers(paths, checksLogs: wanted.checksLogs, into: partial, at: takenAt)
    let file = try SetFileWriter(SnapshotSet.seatsName, in: partial)
    var bytes = try coding(SnapshotSet.seatsName) { () throws(SnapshotError) in
      try SeatsFile.bytes(seats.lines)
    }
    try file.write(&bytes)
    files.append(try file.finish(ledger: nil))
    let set = SnapshotSet(path: partial, takenAt: takenAt, leftOut: wanted.leftOut.sorted(), files: files)
    let list = try DiskWriter(creating: "\(partial)/\(SnapshotSet.listName)")
    try list.write(Array(set.listText.utf8))
    try list.finish()
  }

  /// The ledgers' databases.
  private static func databases(of folder: DataFolder) -> [String] {
    Disk.names(in: folder.ledgers).filter { $0.hasSuffix(".sqlite") }.map { "\(folder.ledgers)/\($0)" }
  }

  /// Writes the ledgers whose databases are `paths`; looks at all of them before it throws, so that one refusal names
  /// every ledger that is in the way.
  private static func ledgers(
    _ paths: [String], checksLogs: Bool, into folder: String, at takenAt: Stamp
  ) throws(AdminError) -> [SnapshotSet.File] {
    var files: [SnapshotSet.File] = []
    var failures: [NotTaken] = []
    for path in paths {
      do throws(AdminError) {
        if checksLogs { try storing { () throws(StoreError) in try ServerStore.checkLog(path: path) } }
        files.append(try ledger(path, into: folder, at: takenAt))
      } catch {
        // The disk on which the set is written is no ledger's fault.
        if case .disk = error { throw error }
        let name = path.split(separator: "/").last.map { String($0.dropLast(7)) } ?? path
        failures.append(NotTaken(ledger: name, reason: error))
      }
    }
    guard failures.isEmpty else { throw .notTaken(failures) }
    return files
  }

  private static func ledger(
    _ path: String, into folder: String, at takenAt: Stamp
  ) throws(AdminError) -> SnapshotSet.File {
    let reader = try storing { () throws(StoreError) in try HistoryReader(path: path) }
    defer {
      // A reader holds nothing that matters; a fault in closing it would hide the fault that is being thrown.
      try? reader.close()
    }
    let header = try storing { () throws(StoreError) in try reader.header() }
    guard path.hasSuffix("/\(header.name).sqlite") else {
      throw .store(.wrongKind(file: path, expected: "ledger file of that name"))
    }
    let seq = try storing { () throws(StoreError) in try reader.lastSeq() }
    let history = SnapshotHistory(
      epoch: header.epoch,
      parents: header.parents.map { ParentEpoch(epoch: $0.epoch, forkSeq: $0.forkSeq) })
    let first = SnapshotHeader(
      ledger: header.name, created: header.created, history: history, takenAt: takenAt, seq: seq)
    return try write(reader, first, into: folder)
  }

  private static func write(
    _ reader: HistoryReader, _ header: SnapshotHeader, into folder: String
  ) throws(AdminError) -> SnapshotSet.File {
    let name = "\(header.ledger).ledger.gz"
    let file = try SetFileWriter(name, in: folder)
    var bytes: [UInt8] = []
    var writer = try coding(name) { () throws(SnapshotError) in
      try SnapshotWriter(header, to: &bytes)
    }
    var written: UInt64 = 0
    while written < header.seq {
      let rows = try storing { () throws(StoreError) in
        try reader.lines(after: written, through: header.seq)
      }
      guard let last = rows.last else { break }
      for row in rows {
        try coding(name) { () throws(SnapshotError) in
          try writer.add(line: Array(row.line.readableBytesView), to: &bytes)
        }
      }
      try file.write(&bytes)
      written = last.seq
    }
    for row in try storing({ () throws(StoreError) in try reader.shelved(through: header.seq) }) {
      let refusal = KeptRefusal(act: row.id, digest: row.digest, answer: row.answer)
      try coding(name) { () throws(SnapshotError) in try writer.add(refusal, to: &bytes) }
    }
    try coding(name) { () throws(SnapshotError) in try writer.finish(to: &bytes) }
    try file.write(&bytes)
    return try file.finish(ledger: SnapshotSet.Ledger(name: header.ledger, seq: header.seq))
  }
}
