package import EditModel
import LedgerStore
package import LineProtocol
import SnapshotFile

/// Restores a set into a data folder on which no server runs.
///
/// Everything is read and proved before anything is touched; the restored ledgers are built beside the live ones and
/// take their place in one exchange of two folders, so that a kill at any moment leaves the old or the new, whole, and
/// no write-ahead log of the old one beside the new. What was there is kept under `replaced/`.
package enum SnapshotRestoring {
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
    /// Its last line now: the set's, or that of the moment that was asked for.
    package let seq: UInt64
    /// The history that begins above that line.
    package let epoch: Epoch
    /// What devices made up to then waits for a decision; nil where it is taken in again by itself.
    package let heldThrough: Stamp?
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

  /// What restoring would come to. Reads and proves all that would be restored, compares it with what stands, and touches
  /// nothing; it may look beside a running server.
  ///
  /// Memory: what proving takes, and the identities of the lines that set and standing ledger do not share.
  package static func forecast(_ order: RestoreOrder, into folder: DataFolder) throws(AdminError) -> RestoreForecast {
    let files = try order.files()
    try order.requireMoment(in: files)
    var reading = ProgressOfFiles(.checking, files, order.progress)
    var ledgers: [RestoreForecast.Ledger] = []
    for file in files {
      guard let ledger = file.ledger else {
        try SnapshotProof.verify(file, of: order.set, with: order.secrets)
        continue
      }
      var survey = RestoreSurvey(of: ledger.name, until: order.until, against: folder)
      try SnapshotProof.verify(
        file, of: order.set, with: order.secrets, read: { reading.read($0) }, visit: { survey.take($0) })
      let found = try survey.finish(ledger.name)
      guard order.until == nil || found.seq > 0 else { throw .nothingThen(ledger: ledger.name.string, order.until) }
      ledgers.append(found)
    }
    return RestoreForecast(ledgers: ledgers)
  }

  /// Restores, holding the folder's lock; `telling` hears what it will come to, after everything is proved and before anything
  /// is touched. Throws before anything is touched when the set is damaged, a server runs, or something would be overwritten
  /// that may not be.
  package static func restore(
    _ order: RestoreOrder, into folder: DataFolder, telling: (RestoreForecast) -> Void = { _ in }
  ) throws(AdminError) -> Report {
    let forecast = try forecast(order, into: folder)
    telling(forecast)
    let files = try order.files()
    let lock = try FolderLock(folder)
    defer { withExtendedLifetime(lock) {} }
    if !order.isWhole { try requireSeats(folder) }
    let standing = files.compactMap(\.ledger?.name).filter { Disk.exists(folder.ledger($0)) }
    guard standing.isEmpty || order.overwrite else {
      throw .wouldOverwrite(ledgers: standing.map(\.string))
    }
    let exchange = FolderExchange(folder, kept: "\(folder.replaced)/\(SetName.text(order.now))")
    try exchange.begin()
    var reading = ProgressOfFiles(.building, files, order.progress)
    var ledgers: [Ledger] = []
    for file in files where file.ledger != nil {
      ledgers.append(try rebuild(file, order, folder, read: { reading.read($0) }))
    }
    try exchange.linkOthers(than: ledgers.map(\.name))
    let restoredSeats = order.isWhole ? try restoreSeats(order, exchange) : false
    try exchange.takePlace()
    try forgetDecisions(about: ledgers, in: folder)
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
    _ file: SnapshotSet.File, _ order: RestoreOrder, _ folder: DataFolder, read: (Int) -> Void
  ) throws(AdminError) -> Ledger {
    var building = LedgerRebuild(folder: folder.restoring, until: order.until)
    let header = try LedgerFile.read(
      order.set, file, with: order.secrets, read: read, take: { (entry) throws(AdminError) in try building.take(entry) }
    )
    let (before, live) = LiveLedger.standing(header.ledger, in: folder)
    var generation = header.epoch.generation
    if case .ledger(_, let epoch) = before { generation = max(generation, epoch.generation) }
    guard generation < Epoch.generationLimit else {
      throw .damagedSet(
        path: order.set.path, reason: "\(file.name) is of the last generation that there can be")
    }
    let epoch = Epoch(generation: generation + 1, id: order.random())
    // The server's time may be ahead of this clock; it is never behind what it has accepted.
    let heldThrough = order.holds ? max(order.now, live?.lastReceipt ?? .zero) : header.heldThrough
    let seq = try building.finish(epoch, heldThrough: heldThrough)
    return Ledger(name: header.ledger, before: before, seq: seq, epoch: epoch, heldThrough: heldThrough)
  }

  /// What was decided of held acts and came to lines that are gone is to be decided anew.
  private static func forgetDecisions(about ledgers: [Ledger], in folder: DataFolder) throws(AdminError) {
    guard Disk.exists(folder.quarantine) else { return }
    try storing { () throws(StoreError) in
      let quarantine = try QuarantineStore(path: folder.quarantine)
      for ledger in ledgers { try quarantine.forgetAccepted(in: ledger.name, above: ledger.seq) }
      try quarantine.close()
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
    _ order: RestoreOrder, _ exchange: FolderExchange
  )
    throws(AdminError) -> Bool
  {
    let (folder, set) = (exchange.folder, order.set)
    guard let listed = try listedWithoutSeats(folder), let file = set.files.first(where: { $0.ledger == nil }) else {
      return false
    }
    let lines = try SnapshotProof.seatLines(set, file, with: order.secrets)
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
    _ names: [ExactString], in path: String, _ order: RestoreOrder
  ) throws(StoreError) -> [ExactString] {
    let seats = try SeatStore(path: path, author: order.author)
    let listed = Set(try seats.ledgers().map(\.name))
    let missing = names.filter { !listed.contains($0) }
    for name in missing { try seats.addLedger(name, at: order.now) }
    try seats.close()
    return missing
  }

  /// Adds the ledgers that the standing list lacks: what is not listed is not served.
  private static func list(_ ledgers: inout [Ledger], _ order: RestoreOrder, _ folder: DataFolder) throws(AdminError) {
    let names = ledgers.map(\.name)
    let added = try storing { () throws(StoreError) in try list(names, in: folder.seats, order) }
    for index in ledgers.indices {
      ledgers[index].isNewlyListed = added.contains(ledgers[index].name)
    }
  }
}
