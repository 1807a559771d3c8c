package import EditModel
package import LedgerStore
package import LineProtocol
import SnapshotFile

/// Restores a set into a data folder on which no server runs.
///
/// Everything is read and proved before anything is touched; the restored ledgers are built beside the live ones and
/// take their place in one exchange of two folders, so that a kill at any moment leaves the old or the new, whole, and
/// no write-ahead log of the old one beside the new. What was there is kept under `replaced/`.
package enum SnapshotRestoring {
  /// What to restore and how.
  package struct Order: Sendable {
    /// The set.
    package let set: SnapshotSet
    /// The ledgers of the set to restore, and nothing else; empty for the whole set.
    package let ledgers: [ExactString]
    /// Whether ledgers of the same names may be put aside.
    package let overwrite: Bool
    /// When, on the server's clock: names the folder of what was replaced.
    package let now: Stamp
    /// Who restores, for the audit log.
    package let author: AuditAuthor
    /// 64 random bits for each new epoch.
    package let random: @Sendable () -> UInt64

    /// An order from its parts.
    package init(
      set: SnapshotSet, ledgers: [ExactString] = [], overwrite: Bool, now: Stamp, author: AuditAuthor = .server,
      random: @escaping @Sendable () -> UInt64
    ) {
      self.set = set
      self.ledgers = ledgers
      self.overwrite = overwrite
      self.now = now
      self.author = author
      self.random = random
    }

    /// Whether seats and devices may come from the set too.
    var isWhole: Bool { ledgers.isEmpty }

    /// The files of the set that are restored; throws when the set lacks a ledger that is wanted.
    func files() throws(AdminError) -> [SnapshotSet.File] {
      if isWhole { return set.files }
      let missing = ledgers.filter { set.file(of: $0) == nil }
      guard missing.isEmpty else { throw .notInSet(path: set.path, ledgers: missing.map(\.string)) }
      return set.files.filter { $0.ledger.map { ledgers.contains($0.name) } ?? false }
    }
  }

  /// What was done.
  package struct Report: Hashable, Sendable {
    /// The restored ledgers, in the order of their names.
    package let ledgers: [Ledger]
    /// The ledgers that were left out when the set was taken.
    package let leftOut: [LeftOut]
    /// Where what was there before is kept; nil when nothing was there.
    package let replaced: String?
    /// Whether seats and devices came from the set, because nobody's stood.
    package let restoredSeats: Bool
  }

  /// A ledger that the set does not hold.
  package struct LeftOut: Hashable, Sendable {
    /// Its name.
    package let name: ExactString
    /// Whether it stands in the data folder: then it stays as it is.
    package let stands: Bool
  }

  /// What was done to one ledger.
  package struct Ledger: Hashable, Sendable {
    /// Its name.
    package let name: ExactString
    /// What stood there before.
    package let before: Standing
    /// Its last line now: the set's.
    package let seq: UInt64
    /// The history that begins above that line.
    package let epoch: Epoch
    /// Whether the standing list of ledgers lacked it, so that it was added to it.
    package internal(set) var isNewlyListed = false
  }

  /// What stood in a ledger's place.
  package enum Standing: Hashable, Sendable {
    /// Nothing.
    case nothing
    /// A file that could not be read.
    case unreadable
    /// A ledger that ended at `seq` of `epoch`.
    case ledger(seq: UInt64, epoch: Epoch)
  }

  /// Restores, holding the folder's lock. Throws before anything is touched when the set is damaged, a server runs, or
  /// something would be overwritten that may not be.
  package static func restore(_ order: Order, into folder: DataFolder) throws(AdminError) -> Report {
    let files = try order.files()
    try SnapshotProof.verify(files, of: order.set)
    let lock = try FolderLock(folder)
    defer { withExtendedLifetime(lock) {} }
    if !order.isWhole { try requireSeats(folder) }
    let standing = files.compactMap(\.ledger?.name).filter { Disk.exists(folder.ledger($0)) }
    guard standing.isEmpty || order.overwrite else {
      throw .wouldOverwrite(ledgers: standing.map(\.string))
    }
    let exchange = FolderExchange(folder, kept: "\(folder.replaced)/\(SetName.text(order.now))")
    try exchange.begin()
    var ledgers: [Ledger] = []
    for file in files where file.ledger != nil {
      ledgers.append(try rebuild(file, order, folder))
    }
    try exchange.linkOthers(than: ledgers.map(\.name))
    let restoredSeats = order.isWhole ? try restoreSeats(order, exchange) : false
    try exchange.takePlace()
    if !restoredSeats { try list(&ledgers, order, folder) }
    return Report(
      ledgers: ledgers,
      leftOut: (order.isWhole ? order.set.leftOut : []).map {
        LeftOut(name: $0, stands: Disk.exists(folder.ledger($0)))
      },
      replaced: exchange.hasKept ? exchange.kept : nil,
      restoredSeats: restoredSeats)
  }

  /// Builds one ledger's file in `restoring/` and begins its new epoch, whose generation is above that of the set and
  /// above that of the ledger that it replaces: devices never go back to a lower one.
  private static func rebuild(
    _ file: SnapshotSet.File, _ order: Order, _ folder: DataFolder
  ) throws(AdminError) -> Ledger {
    var building = LedgerRebuild(folder: folder.restoring)
    let header = try LedgerFile.read(order.set, file) { (entry) throws(AdminError) in
      try building.take(entry)
    }
    let before = standing(header.ledger, folder)
    var generation = header.epoch.generation
    if case .ledger(_, let epoch) = before { generation = max(generation, epoch.generation) }
    guard generation < UInt32.max else {
      throw .damagedSet(
        path: order.set.path, reason: "\(file.name) is of the last generation that there can be")
    }
    let epoch = Epoch(generation: generation + 1, id: order.random())
    try building.finish(epoch)
    return Ledger(name: header.ledger, before: before, seq: header.seq, epoch: epoch)
  }

  /// What stands in a ledger's place; a destroyed file must not keep its own restore from going on.
  private static func standing(_ name: ExactString, _ folder: DataFolder) -> Standing {
    guard Disk.exists(folder.ledger(name)) else { return .nothing }
    do throws(StoreError) {
      let reader = try HistoryReader(path: folder.ledger(name))
      defer {
        // Nothing was written through it, so nothing depends on its end.
        try? reader.close()
      }
      return .ledger(seq: try reader.lastSeq(), epoch: try reader.header().epoch)
    } catch {
      return .unreadable
    }
  }

  /// A ledger alone needs seats that stand and can be read: without them nobody may open it.
  private static func requireSeats(_ folder: DataFolder) throws(AdminError) {
    guard Disk.exists(folder.seats) else { throw .noSeats(path: folder.path) }
    try storing { () throws(StoreError) in try SeatStore(path: folder.seats).close() }
  }

  /// Makes the seats out of the set when none stand; whether it did. They are there before the ledgers that they name:
  /// a server that finds ledgers without seats does not start. A file in which nobody sits, such as a
  /// server makes that is started on an empty folder, is put aside; the ledgers that it lists stay listed. So is one that
  /// is damaged: nobody could be let in by it.
  private static func restoreSeats(
    _ order: Order, _ exchange: FolderExchange
  )
    throws(AdminError) -> Bool
  {
    let (folder, set) = (exchange.folder, order.set)
    guard let listed = try listedWithoutSeats(folder), let file = set.files.first(where: { $0.ledger == nil }) else {
      return false
    }
    let lines = try SnapshotProof.seatLines(set, file)
    try storing { () throws(StoreError) in
      try SeatStore.create(path: folder.restoringSeats, lines: lines)
      try list(listed, in: folder.restoringSeats, order)
    }
    try Disk.syncFile(folder.restoringSeats)
    // A log that outlived its seats file would be read into the new one.
    for suffix in SQLiteFiles.suffixes where Disk.exists(folder.seats + suffix) {
      try exchange.keep("seats.sqlite" + suffix)
    }
    try Disk.move(folder.restoringSeats, to: folder.seats, in: folder.path)
    return true
  }

  /// The ledgers that the standing seats file lists when nobody sits in it; none when there is no such file, nil when
  /// somebody does.
  private static func listedWithoutSeats(_ folder: DataFolder) throws(AdminError) -> [ExactString]? {
    guard Disk.exists(folder.seats) else { return [] }
    do throws(AdminError) {
      return try listedInWhole(folder)
    } catch {
      guard case .store(.corrupt) = error else { throw error }
      return []
    }
  }

  private static func listedInWhole(_ folder: DataFolder) throws(AdminError) -> [ExactString]? {
    try storing { () throws(StoreError) in
      let seats = try SeatStore(path: folder.seats)
      let (sitting, devices) = (try seats.seats().count, try seats.devices().count)
      let listed = try seats.ledgers().map(\.name)
      try seats.close()
      return sitting + devices == 0 ? listed : nil
    }
  }

  /// Adds those of `names` to the list in the seats file at `path` that it lacks; answers them.
  @discardableResult
  private static func list(
    _ names: [ExactString], in path: String, _ order: Order
  ) throws(StoreError) -> [ExactString] {
    let seats = try SeatStore(path: path, author: order.author)
    let listed = Set(try seats.ledgers().map(\.name))
    let missing = names.filter { !listed.contains($0) }
    for name in missing { try seats.addLedger(name, at: order.now) }
    try seats.close()
    return missing
  }

  /// Adds the ledgers that the standing list lacks: what is not listed is not served.
  private static func list(_ ledgers: inout [Ledger], _ order: Order, _ folder: DataFolder) throws(AdminError) {
    let names = ledgers.map(\.name)
    let added = try storing { () throws(StoreError) in try list(names, in: folder.seats, order) }
    for index in ledgers.indices {
      ledgers[index].isNewlyListed = added.contains(ledgers[index].name)
    }
  }
}
