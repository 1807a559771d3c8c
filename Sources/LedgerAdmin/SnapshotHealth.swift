package import EditModel
import LedgerStore

/// Whether there is a set to come back with: what an administrator looks at, and is woken for.
package struct SnapshotHealth: Hashable, Sendable {
  /// The newest set that was proved; nil when there is none.
  package let proved: Proved?
  /// The newest set of all, when it was proved and something was wrong.
  package let broken: Broken?
  /// Since when there is a ledger; nil where there is none.
  package let since: Stamp?
  /// How much room the disk of the sets has, in bytes.
  package let freeBytes: UInt64
  /// How many days that lasts as it went in the last weeks; nil where nothing grew, or too little is known.
  package let daysLeft: UInt64?

  private let folder: DataFolder

  /// A set that was proved.
  package struct Proved: Hashable, Sendable {
    /// Its name.
    package let name: String
    /// When it was taken.
    package let takenAt: Stamp
  }

  /// A set that was found to be broken.
  package struct Broken: Hashable, Sendable {
    /// Its name.
    package let name: String
    /// What was wrong.
    package let reason: String
  }

  /// What there is in `folder`.
  package init(of folder: DataFolder) {
    let sets = SnapshotSet.all(in: folder).map { (set: $0, record: ProofRecord.read($0.name, in: folder)) }
    proved = sets.first { $0.record.map { $0.failure == nil } ?? false }.map {
      Proved(name: $0.set.name, takenAt: $0.set.takenAt)
    }
    broken = sets.first.flatMap { newest in
      newest.record?.failure.map { Broken(name: newest.set.name, reason: $0) }
    }
    self.folder = folder
    since = SnapshotHealth.since(folder)
    let free = Disk.freeBytes(of: folder.path)
    freeBytes = free
    daysLeft = SnapshotHealth.daysLeft(sets.compactMap(\.record).map { ($0.at, $0.freeBytes) }, free: free)
  }

  /// Whether somebody is to be woken at `now`: the newest set is broken, or what was written since the newest proved one, or
  /// since there is a ledger, may be older than `limitHours`.
  package func isAlarming(at now: Stamp, limitHours: Int) -> Bool {
    if broken != nil { return true }
    guard let since else { return false }
    let last = max(since, proved?.takenAt ?? .zero)
    guard now.milliseconds > last.milliseconds + UInt64(max(0, limitHours)) * 3_600_000 else { return false }
    // An old set stands for a ledger in which nothing was written since. What cannot be read is not known to be safe.
    let newest = SnapshotSet.all(in: folder).first
    return newest == nil || newest?.name != proved?.name || (try? SnapshotUpkeep.isNeeded(in: folder)) != false
  }

  private static func since(_ folder: DataFolder) -> Stamp? {
    guard Disk.exists(folder.seats) else { return nil }
    // Seats that cannot be read are told of by everything else that opens them.
    return try? { () throws(StoreError) -> Stamp? in
      let seats = try SeatStore(path: folder.seats)
      let added = try seats.ledgers().map(\.added).min()
      try seats.close()
      return added
    }()
  }

  /// By the line from the oldest of `records` (when, and the room then) to the newest, where they are a day apart.
  static func daysLeft(_ records: [(at: Stamp, free: UInt64)], free: UInt64) -> UInt64? {
    let ordered = records.sorted { $0.at < $1.at }
    guard let first = ordered.first, let last = ordered.last, first.free > last.free else { return nil }
    let hours = (last.at.milliseconds - first.at.milliseconds) / 3_600_000
    guard hours >= 24 else { return nil }
    let perDay = (first.free - last.free) / hours * 24
    return perDay == 0 ? nil : free / perDay
  }
}
