package import EditModel
import GRDB

/// A self-found problem that its owner knows by a number that means another now: something older came into the seat's sight or
/// went out of it, or it went itself.
package struct RenumberedProblem: Hashable, Sendable {
  /// Which problem.
  package let problem: EntityID
  /// The number that the owner knows it by, from 1.
  package let before: Int
  /// Its number now; nil where it has none, and another has the one that it had.
  package let present: Int?
  /// How it is known that is in sight no more; nil for any other, or where that is not known.
  package let said: String?

  /// A change from its parts.
  package init(problem: EntityID, before: Int, present: Int?, said: String? = nil) {
    self.problem = problem
    self.before = before
    self.present = present
    self.said = said
  }
}

// By which numbers self-found problems are known to the owner of a device. They are counted over what the seat sees
// (`ReferenceText`), so they move when something older comes into sight or goes.

extension ReplicaStore {
  /// The self-found problems whose numbers mean others than their owner was told: those that are called otherwise, in the order
  /// of their numbers, then those that are in sight no more. Read without taking the lines apart. None while a fetch is under
  /// way: not everything that counts is here.
  package func renumbered() throws(StoreError) -> [RenumberedProblem] {
    let texts = try goneTexts()
    return try file.snapshot("read") { db in
      guard try self.isFetched(db, ReplicaHeader(db, file: self.file.path)) else { return [] }
      // The optimizer is not to look for each line in a list that it would have to sort first.
      let moved = try ReplicaStore.changes(
        db,
        """
        SELECT replica, n, i, told_number.number, found.number
        FROM (\(ReplicaStore.selfFound)) AS found CROSS JOIN told_number USING (replica, n, i)
        WHERE told_number.number <> found.number ORDER BY found.number
        """)
      let gone = try ReplicaStore.changes(
        db,
        """
        SELECT replica, n, i, number, NULL FROM told_number
        WHERE number <= (SELECT count(*) FROM (\(ReplicaStore.selfFound)))
          AND NOT EXISTS (
            SELECT 1 FROM line
            WHERE line.replica = told_number.replica AND line.n = told_number.n AND line.i = told_number.i)
        ORDER BY number
        """)
      return moved
        + gone.map { RenumberedProblem(problem: $0.problem, before: $0.before, present: nil, said: texts[$0.problem]) }
    }
  }

  private static func changes(_ db: Database, _ sql: String) throws -> [RenumberedProblem] {
    let rows = try Row.fetchCursor(db.cachedStatement(sql: sql))
    var changes: [RenumberedProblem] = []
    while let row = try rows.next() {
      // What cannot be read is not there for any other reading either.
      guard let replica = (row[0] as String?).flatMap(ReplicaID.init), let n = UInt64(exactly: row[1] as Int64),
        let i = UInt32(exactly: row[2] as Int64)
      else { continue }
      let creation = ActID(replica: replica, n: n).edit(i)
      changes.append(RenumberedProblem(problem: .created(creation), before: row[3], present: row[4]))
    }
    return changes
  }

  /// The owner was told of `changes`.
  package func remember(told changes: [RenumberedProblem]) throws(StoreError) {
    try file.transaction("remember the numbers") { db in
      for change in changes {
        guard case .created(let creation) = change.problem else { continue }
        let id: StatementArguments = [creation.replica.description, Int64(creation.n), Int64(creation.i)]
        // Only where it is still as it was told: another process may have been faster, or the problem be here again.
        let row = "replica = ? AND n = ? AND i = ? AND number = ?"
        if let present = change.present {
          try db.executeKept(
            sql: "UPDATE told_number SET number = ? WHERE \(row)", arguments: [present] + id + [change.before])
        } else if try self.accepted(creation, in: "line", db) == nil {
          try db.executeKept(sql: "DELETE FROM told_number WHERE \(row)", arguments: id + [change.before])
        }
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
