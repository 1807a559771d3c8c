package import EditModel
import LedgerRules
import LedgerStore
import LineProtocol
import SnapshotFile

/// Proves a set by doing what a restore does, in a place that is thrown away: every ledger is rebuilt, and the rebuilt file is
/// looked at as a stranger would.
package enum SnapshotProving {
  /// What was found of a ledger.
  package struct Found: Hashable, Sendable {
    /// The ledger.
    package let ledger: ExactString
    /// How many lines it has.
    package let lines: UInt64
    /// The first lines of acts that the rules of today would not take from the seat that made them, the first few. Seats have had
    /// other roles and places, and rules change; so this proves nothing by itself.
    package let strange: [UInt64]
    /// How many such acts there are.
    package let strangeCount: Int
  }

  /// Restores `set` into `DATA/snapshots/.proving`, and throws unless all of it is right: its files and lines, as `SnapshotProof`
  /// says; of each rebuilt ledger SQLite's own check of the file, the counts, and every line against its link as far as the set
  /// has links; the seats and their audit log. What was rebuilt is removed.
  ///
  /// Takes the room of the rebuilt ledgers while it runs, and memory as proving does. Throws `snapshotGoesOn` while another
  /// process proves.
  package static func prove(_ set: SnapshotSet, in folder: DataFolder) throws(AdminError) -> [Found] {
    let lock = try takeLock(of: folder)
    defer { withExtendedLifetime(lock) {} }
    try Disk.removeFolder(folder.proving)
    try Disk.makeFolder(folder.proving)
    defer {
      // What cannot be removed is removed by the next.
      try? Disk.removeFolder(folder.proving)
    }
    let seats = try proveSeats(set, in: folder)
    var found: [Found] = []
    for file in set.files where file.ledger != nil { found.append(try prove(file, of: set, in: folder, seats)) }
    return found
  }

  private static func takeLock(of folder: DataFolder) throws(AdminError) -> FolderLock {
    do throws(AdminError) {
      return try FolderLock(file: folder.provingLock, of: folder.snapshots)
    } catch {
      if case .inUse(let path) = error { throw .snapshotGoesOn(path: path) }
      throw error
    }
  }

  /// Rebuilds the seats; answers them by ledger.
  private static func proveSeats(
    _ set: SnapshotSet, in folder: DataFolder
  ) throws(AdminError) -> [ExactString: [SeatID: SeatFacts]] {
    guard let file = set.files.first(where: { $0.ledger == nil }) else { return [:] }
    let lines = try SnapshotProof.seatLines(set, file)
    let (seats, audit) = try storing { () throws(StoreError) in
      let path = "\(folder.proving)/seats.sqlite"
      try SeatStore.create(path: path, lines: lines)
      let store = try SeatStore(path: path)
      let found = (try store.seats(), try store.checkAudit())
      try store.close()
      return found
    }
    // Sets of earlier programs have no audit log.
    if case .broken(let number) = audit {
      throw .damagedSet(path: set.path, reason: "line \(number) of its audit log does not follow from the one above")
    }
    return Dictionary(grouping: seats, by: \.ledger).mapValues { seats in
      Dictionary(seats.map { ($0.seat.seat, $0.seat) }, uniquingKeysWith: { first, _ in first })
    }
  }

  private static func prove(
    _ file: SnapshotSet.File, of set: SnapshotSet, in folder: DataFolder, _ seats: [ExactString: [SeatID: SeatFacts]]
  ) throws(AdminError) -> Found {
    var building = LedgerRebuild(folder: folder.proving, until: nil)
    var replay = GuardReplay()
    var (refusals, failure): (Int, AdminError?) = (0, nil)
    var header: SnapshotHeader?
    try SnapshotProof.verify(
      file, of: set,
      visit: { entry in
        if case .header(let first) = entry {
          header = first
          replay.seats = seats[first.ledger] ?? [:]
        }
        if case .refusal = entry { refusals += 1 }
        if case .line(let line) = entry { replay.take(line.edit) }
        guard failure == nil else { return }
        do throws(AdminError) {
          try building.take(entry)
        } catch {
          failure = error
        }
      })
    if let failure { throw failure }
    guard let header else { throw .damaged(file: file.name, SnapshotError(.truncated, at: 0)) }
    _ = try building.finish(Epoch(generation: header.epoch.generation + 1, id: 0), heldThrough: header.heldThrough)
    try check("\(folder.proving)/\(header.ledger).sqlite", header, refusals, set)
    return Found(
      ledger: header.ledger, lines: header.seq, strange: replay.strange, strangeCount: replay.strangeCount)
  }

  /// Looks at a rebuilt ledger.
  private static func check(
    _ path: String, _ header: SnapshotHeader, _ refusals: Int, _ set: SnapshotSet
  ) throws(AdminError) {
    let (last, kept, chain) = try storing { () throws(StoreError) in
      let reader = try HistoryReader(path: path)
      try reader.checkIntegrity()
      let found = (
        try reader.lastSeq(), try reader.shelved(through: .max).count,
        try reader.checkedChain(against: header.head.seq == 0 ? [] : [header.head])
      )
      try reader.close()
      return found
    }
    guard last == header.seq, kept == refusals else {
      throw .damagedSet(path: set.path, reason: "\(header.ledger), restored, has not as many lines or refusals")
    }
    guard chain.isWhole, chain.head == header.head else {
      throw .damagedSet(path: set.path, reason: "\(header.ledger), restored, does not fit its links")
    }
  }
}

/// Judges the acts of a history again, in the order in which they were accepted.
struct GuardReplay {
  /// The seats as they are now.
  var seats: [SeatID: SeatFacts] = [:]
  private(set) var strange: [UInt64] = []
  private(set) var strangeCount = 0
  private var state = LedgerState()
  private var act: [AcceptedEdit] = []

  private static let strangeLimit = 10

  /// Takes the next line.
  mutating func take(_ accepted: AcceptedEdit) {
    act.append(accepted)
    guard accepted.edit.id.i == accepted.edit.actSize else { return }
    if isStrange() {
      strangeCount += 1
      if strange.count < GuardReplay.strangeLimit { strange.append(act[0].seq) }
    }
    for edit in act { _ = state.apply(edit) }
    act.removeAll(keepingCapacity: true)
  }

  private func isStrange() -> Bool {
    // One of a seat that is no more is nobody's to judge.
    guard let seat = seats[act[0].seat] else { return false }
    do {
      return ActGuard.refusal(of: try Act(edits: act.map(\.edit)), by: seat, in: state) != nil
    } catch {
      return true
    }
  }
}
