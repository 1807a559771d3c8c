package import EditModel
import GRDB

/// A self-found problem that is called by another number than its owner was told: what the seat sees now lies before it, or no
/// longer does.
package struct RenumberedProblem: Hashable, Sendable {
  /// Which problem.
  package let problem: EntityID
  /// The number that the owner knows it by, from 1.
  package let before: Int
  /// Its number now.
  package let present: Int

  /// A change from its parts.
  package init(problem: EntityID, before: Int, present: Int) {
    self.problem = problem
    self.before = before
    self.present = present
  }
}

// By which numbers self-found problems are known to the owner of a device. They are counted over what the seat sees
// (`ReferenceText`), so they move when something older comes into sight or goes.

extension ReplicaStore {
  /// The self-found problems that are called by other numbers than their owner was told, in the order of their numbers; read
  /// without taking the lines apart. None while a fetch is under way: not everything that counts is here.
  package func renumbered() throws(StoreError) -> [RenumberedProblem] {
    try file.snapshot("read") { db in
      guard try self.isFetched(db, ReplicaHeader(db, file: self.file.path)) else { return [] }
      // The optimizer is not to look for each line in a list that it would have to sort first.
      let rows = try Row.fetchCursor(
        db.cachedStatement(
          sql: """
            SELECT replica, n, i, told_number.number, found.number
            FROM (\(ReplicaStore.selfFound)) AS found CROSS JOIN told_number USING (replica, n, i)
            WHERE told_number.number <> found.number ORDER BY found.number
            """))
      var renumbered: [RenumberedProblem] = []
      while let row = try rows.next() {
        // What cannot be read is not there for any other reading either.
        guard let replica = (row[0] as String?).flatMap(ReplicaID.init), let n = UInt64(exactly: row[1] as Int64),
          let i = UInt32(exactly: row[2] as Int64)
        else { continue }
        let creation = ActID(replica: replica, n: n).edit(i)
        renumbered.append(RenumberedProblem(problem: .created(creation), before: row[3], present: row[4]))
      }
      return renumbered
    }
  }

  /// The owner was told of `changes`.
  package func remember(told changes: [RenumberedProblem]) throws(StoreError) {
    try file.transaction("remember the numbers") { db in
      for change in changes {
        guard case .created(let creation) = change.problem else { continue }
        try db.executeKept(
          sql: "UPDATE told_number SET number = ? WHERE replica = ? AND n = ? AND i = ?",
          arguments: [change.present, creation.replica.description, Int64(creation.n), Int64(creation.i)])
      }
    }
  }

  /// Keeps the numbers of self-found problems that have come into sight for the first time: by them they are known from now
  /// on, whichever list, screen or page shows them first.
  func keepFirstNumbers(_ db: Database) throws {
    try db.executeKept(sql: "INSERT OR IGNORE INTO told_number (replica, n, i, number) \(ReplicaStore.selfFound)")
  }

  /// The creations of self-found problems with their numbers. No word of a line before the entity is a dot.
  private static let selfFound = """
    SELECT replica, n, i, row_number() OVER (ORDER BY seq) AS number FROM line
    WHERE entity = '.' AND substr(line, instr(line, ' . ') + 3, 8) = 'problem '
    """
}
