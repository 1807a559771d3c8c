package import EditModel
import GRDB
import LineProtocol

/// Acts that devices handed over which are shut out or not known, and those that a ledger holds back since a restore: the file
/// `quarantine.sqlite`. They are no part of any ledger; somebody decides about them later.
///
/// Bounded for each device, what is decided not counted. `Sendable`: callers wait for each other.
package final class QuarantineStore: Sendable {
  let file: StoreFile

  /// The most acts that are kept of one device.
  package static let actLimit = 4_096
  /// The most bytes of authors' parts that are kept of one device.
  package static let byteLimit = 8 << 20

  /// What became of an act that was handed over.
  package enum Outcome: Hashable, Sendable {
    /// It is on the disk, now or from before.
    case kept
    /// The device has handed over as much as is kept of one.
    case full
  }

  /// How much of a device's waits, undecided.
  package struct Waiting: Hashable, Sendable {
    /// Whose.
    package let replica: ReplicaID
    /// The ledger of its seat; nil when the server does not know the device.
    package let ledger: ExactString?
    /// How many acts.
    package let acts: Int
    /// How many bytes their authors' parts have.
    package let bytes: Int
    /// When the last of them came.
    package let last: Stamp
  }

  /// Opens the file at `path`; makes it when it is not there.
  package init(path: String) throws(StoreError) {
    do throws(StoreError) {
      file = try StoreFile.open(path, schema: .quarantine, purpose: .writing)
    } catch .missing {
      file = try StoreFile.create(path, schema: .quarantine) { _ in }
    }
  }

  /// Closes the file.
  package func close() throws(StoreError) { try file.close() }

  /// Keeps `acts` of the device `replica`, all in one transaction: they are on the disk on return. A copy of one that is
  /// there is kept already; another act under the same number is kept beside it. What was decided of an act that a ledger holds
  /// back all the same, which is asked only where it knows nothing of it, was of an earlier history and is forgotten.
  package func keep(
    _ acts: [Act], of replica: ReplicaID, ledger: ExactString?, cause: HeldAct.Cause = .device, at stamp: Stamp
  ) throws(StoreError) -> [Outcome] {
    try file.transaction("quarantine") { db in
      var (count, bytes) = try QuarantineStore.size(of: replica, db)
      var outcomes: [Outcome] = []
      for act in acts {
        let key = HeldAct.Key(act)
        if try QuarantineStore.has(key, db) {
          if cause == .restore {
            try db.execute(
              sql: "DELETE FROM decision WHERE replica = ? AND n = ? AND digest = ? AND answer NOT NULL",
              arguments: key.columns)
          }
          outcomes.append(.kept)
          continue
        }
        let lines = act.edits.map { EditLine.text($0) }.joined(separator: "\n")
        guard count < QuarantineStore.actLimit, bytes + lines.utf8.count <= QuarantineStore.byteLimit else {
          outcomes.append(.full)
          continue
        }
        try db.execute(
          sql: "INSERT INTO quarantined (replica, n, digest, ledger, at, size, lines) VALUES (?, ?, ?, ?, ?, ?, ?)",
          arguments: key.columns + [ledger?.string, stamp.column, lines.utf8.count, lines])
        if cause == .restore {
          try db.execute(sql: "INSERT INTO held_back (replica, n, digest) VALUES (?, ?, ?)", arguments: key.columns)
        }
        count += 1
        bytes += lines.utf8.count
        outcomes.append(.kept)
      }
      return outcomes
    }
  }

  /// The devices of which something waits undecided, by replica id.
  package func waiting() throws(StoreError) -> [Waiting] {
    let sql = """
      SELECT replica, max(ledger) AS ledger, count(*) AS acts, sum(size) AS bytes, max(at) AS last
      FROM quarantined WHERE \(QuarantineStore.isUndecided) GROUP BY replica ORDER BY replica
      """
    return try file.run("list quarantine") { db in
      try Row.fetchAll(db, sql: sql).compactMap { row in
        ReplicaID(row["replica"] as String).map { replica in
          Waiting(
            replica: replica, ledger: (row["ledger"] as String?).map { ExactString($0) }, acts: row["acts"],
            bytes: row["bytes"], last: Stamp(row: row["last"]))
        }
      }
    }
  }

  /// What is held of one device, decided or not, in the order of its numbers.
  package func acts(of replica: ReplicaID) throws(StoreError) -> [HeldAct] {
    try file.run("read quarantine") { db in
      try HeldAct.fetch(
        db, "WHERE quarantined.replica = ? ORDER BY quarantined.n, quarantined.at", [replica.text.string])
    }
  }

  /// Whether nothing is decided of a row of `quarantined`, or nothing came of it that is for good.
  private static let isUndecided = """
    NOT EXISTS (SELECT 1 FROM decision WHERE decision.replica = quarantined.replica AND decision.n = quarantined.n
      AND decision.digest = quarantined.digest AND (answer LIKE 'ok %' OR answer LIKE 'shelve %'))
    """

  private static func size(of replica: ReplicaID, _ db: Database) throws -> (count: Int, bytes: Int) {
    let row = try Row.fetchOne(
      db, sql: "SELECT count(*), coalesce(sum(size), 0) FROM quarantined WHERE replica = ? AND \(isUndecided)",
      arguments: [replica.text.string])
    return (row?[0] ?? 0, row?[1] ?? 0)
  }

  private static func has(_ key: HeldAct.Key, _ db: Database) throws -> Bool {
    try Bool.fetchOne(
      db, sql: "SELECT EXISTS (SELECT 1 FROM quarantined WHERE replica = ? AND n = ? AND digest = ?)",
      arguments: key.columns) ?? false
  }
}
