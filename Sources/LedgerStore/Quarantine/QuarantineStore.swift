package import EditModel
import GRDB
import LineProtocol

/// Acts that devices handed over which are shut out or not known: the file `quarantine.sqlite`. They are no part of any
/// ledger; somebody decides about them later.
///
/// Bounded for each device. `Sendable`: callers wait for each other.
package final class QuarantineStore: Sendable {
  private let file: StoreFile

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

  /// How much of a device's waits.
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

  /// An act that waits.
  package struct Held: Hashable, Sendable {
    /// Its identity.
    package let id: ActID
    /// When it came.
    package let at: Stamp
    /// Its authors' parts, one for every edit.
    package let lines: [String]
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
  /// there is kept already; another act under the same number is kept beside it.
  package func keep(
    _ acts: [Act], of replica: ReplicaID, ledger: ExactString?, at stamp: Stamp
  ) throws(StoreError) -> [Outcome] {
    try file.transaction("quarantine") { db in
      var (count, bytes) = try QuarantineStore.size(of: replica, db)
      var outcomes: [Outcome] = []
      for act in acts {
        let lines = act.edits.map { EditLine.text($0) }.joined(separator: "\n")
        let digest = ContentDigest.of(act).hexadecimal
        if try QuarantineStore.has(act, digest, db) {
          outcomes.append(.kept)
          continue
        }
        guard count < QuarantineStore.actLimit, bytes + lines.utf8.count <= QuarantineStore.byteLimit else {
          outcomes.append(.full)
          continue
        }
        try db.execute(
          sql: "INSERT INTO quarantined (replica, n, digest, ledger, at, size, lines) VALUES (?, ?, ?, ?, ?, ?, ?)",
          arguments: [
            replica.text.string, Int64(act.id.n), digest, ledger?.string, stamp.column, lines.utf8.count, lines,
          ])
        count += 1
        bytes += lines.utf8.count
        outcomes.append(.kept)
      }
      return outcomes
    }
  }

  /// The devices of which something waits, by replica id.
  package func waiting() throws(StoreError) -> [Waiting] {
    let sql = """
      SELECT replica, max(ledger) AS ledger, count(*) AS acts, sum(size) AS bytes, max(at) AS last
      FROM quarantined GROUP BY replica ORDER BY replica
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

  /// What waits of one device, in the order of its numbers.
  package func acts(of replica: ReplicaID) throws(StoreError) -> [Held] {
    let sql = "SELECT n, at, lines FROM quarantined WHERE replica = ? ORDER BY n, at"
    return try file.run("read quarantine") { db in
      try Row.fetchAll(db, sql: sql, arguments: [replica.text.string]).map { row in
        Held(
          id: ActID(replica: replica, n: UInt64(row[0] as Int64)), at: Stamp(row: row[1]),
          lines: (row[2] as String).split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
      }
    }
  }

  private static func size(of replica: ReplicaID, _ db: Database) throws -> (count: Int, bytes: Int) {
    let row = try Row.fetchOne(
      db, sql: "SELECT count(*), coalesce(sum(size), 0) FROM quarantined WHERE replica = ?",
      arguments: [replica.text.string])
    return (row?[0] ?? 0, row?[1] ?? 0)
  }

  private static func has(_ act: Act, _ digest: String, _ db: Database) throws -> Bool {
    try Bool.fetchOne(
      db, sql: "SELECT EXISTS (SELECT 1 FROM quarantined WHERE replica = ? AND n = ? AND digest = ?)",
      arguments: [act.id.replica.text.string, Int64(act.id.n), digest]) ?? false
  }
}
