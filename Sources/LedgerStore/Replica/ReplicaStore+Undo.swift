package import EditModel
import GRDB
import LineProtocol

// What was taken back. An undo is a new act; that it is one, and of which act, is known on its own device only.

/// The own act that the next undo is about.
package struct UndoCandidate: Hashable, Sendable {
  /// Its edits.
  package let edits: [Edit]
  /// Whether it stands on the shelf: it never counted, so there is nothing to take back.
  package let isRefused: Bool
}

/// An act that is to be taken back, and the revision of the file at which that was found to be the one.
package struct UndoneAt: Hashable, Sendable {
  /// The act.
  package let act: ActID
  /// The file's revision before anything was looked at.
  package let revision: Int64

  /// The act that was found at `revision`.
  package init(_ act: ActID, revision: Int64) {
    self.act = act
    self.revision = revision
  }
}

extension ReplicaStore {
  /// The latest own act that is no undo and was not taken back; nil when there is none. An undo that was refused took
  /// nothing back. Another copy of the folder may have gone on under an id of this one, so a confirmed act counts where this
  /// folder gave out its number, did not issue that act anew, and has no other act of its own under it. One that went out of
  /// the seat's sight counts too, so that no undo reaches past it to an older act. One that has left the shelf is no act to
  /// take back: the one that was made in its place is.
  package func undoCandidate() throws(StoreError) -> UndoCandidate? {
    try file.snapshot("read") { db in
      let sql = """
        WITH given AS (
          SELECT identity.generation, identity.replica,
            CASE identity.generation WHEN replica.generation THEN replica.counter ELSE given_out.counter END AS last
          FROM identity JOIN replica LEFT JOIN given_out ON given_out.generation = identity.generation
        )
        SELECT replica, n, phase, generation FROM (
          SELECT generation, replica, n, phase FROM act JOIN identity USING (generation) WHERE phase NOT IN (6, 7)
          UNION ALL
          SELECT generation, replica, n, 5 FROM (
            SELECT replica, n FROM line WHERE i = 1 UNION ALL SELECT replica, n FROM withdrawn_line WHERE i = 1
          ) AS confirmed JOIN given USING (replica)
          WHERE n <= last
            AND NOT EXISTS (
              SELECT 1 FROM act WHERE act.generation = given.generation AND act.n = confirmed.n AND act.phase <> 5)
            AND NOT EXISTS (SELECT 1 FROM renamed WHERE renamed.generation = given.generation AND renamed.n = confirmed.n)
        ) AS own
        WHERE NOT EXISTS (SELECT 1 FROM undo WHERE undo.replica = own.replica AND undo.n = own.n)
          AND NOT EXISTS (
            SELECT 1 FROM undo LEFT JOIN identity USING (replica)
              LEFT JOIN act ON act.generation = identity.generation AND act.n = undo.n
            WHERE undone_replica = own.replica AND undone_n = own.n AND ifnull(act.phase, 5) NOT IN (4, 6, 7))
        ORDER BY generation DESC, n DESC, phase DESC
        """
      // Of each id the last; of these the one that was made last: behind a new id others may have been accepted under the
      // former one.
      var (latest, seen) = (UndoCandidate?.none, Set<Int64>())
      let rows = try Row.fetchCursor(db.cachedStatement(sql: sql))
      while let row = try rows.next() {
        guard !seen.contains(row[3]) else { continue }
        guard let replica = ReplicaID(row[0] as String) else { return nil }
        let edits = try self.edits(of: ActID(replica: replica, n: UInt64(row[1] as Int64)), db)
        // One without edits cannot be read any more: it counts for nothing.
        guard let stamp = edits.first?.stamp else { continue }
        seen.insert(row[3])
        if let present = latest?.edits.first?.stamp, present >= stamp { continue }
        latest = UndoCandidate(edits: edits, isRefused: row[2] == 4)
      }
      return latest
    }
  }

  /// The edit whose value is shown where `edit` is: `edit` itself, or, where an undo made it, the one that the undo put
  /// back; nil where it put back nothing.
  package func origin(of edit: Edit) throws(StoreError) -> EditID? {
    try file.snapshot("read") { db in
      var origin: EditID? = edit.id
      while let id = origin, let undone = try self.undone(by: id.act, db) {
        let taken = try self.edits(of: undone, db).last { $0.entity == edit.entity && $0.field == edit.field }
        guard let taken else { break }
        origin = taken.base
      }
      return origin
    }
  }

  /// Notes that there was nothing to take back of an act, so that the next undo goes on to the one before it. False, with
  /// nothing noted, when the replica was changed since it was found.
  package func dismissUndo(of undone: UndoneAt) throws(StoreError) -> Bool {
    try change("note") { db, _ in
      guard try self.isStill(at: undone, db) else { return false }
      try self.noteUndo(of: undone.act, by: nil, db)
      return true
    }
  }

  /// Whether nothing was changed since `undone` was found.
  func isStill(at undone: UndoneAt, _ db: Database) throws -> Bool {
    try ReplicaHeader(db, file: file.path).revision == undone.revision
  }

  /// Notes that `act` takes `undone` back; part of the transaction that records it.
  func noteUndo(of undone: ActID, by act: ActID?, _ db: Database) throws {
    try db.executeKept(
      sql: "INSERT INTO undo (undone_replica, undone_n, replica, n) VALUES (?, ?, ?, ?)",
      arguments: [undone.replica.description, Int64(undone.n), act?.replica.description, act.map { Int64($0.n) }])
  }

  /// `old` is issued anew as `new`: what was noted of it is true of the other.
  func renameUndo(_ old: ActID, to new: ActID, _ db: Database) throws {
    try rename(["", "undone_"], old, to: new, db)
  }

  /// What `old` was to take back, `new` takes back.
  func renameUndoing(_ old: ActID, to new: ActID, _ db: Database) throws {
    try rename([""], old, to: new, db)
  }

  private func rename(_ prefixes: [String], _ old: ActID, to new: ActID, _ db: Database) throws {
    for prefix in prefixes {
      try db.executeKept(
        sql: "UPDATE undo SET \(prefix)replica = ?, \(prefix)n = ? WHERE \(prefix)replica = ? AND \(prefix)n = ?",
        arguments: [new.replica.description, Int64(new.n), old.replica.description, Int64(old.n)])
    }
  }

  private func undone(by act: ActID, _ db: Database) throws -> ActID? {
    let row = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT undone_replica, undone_n FROM undo WHERE replica = ? AND n = ?"),
      arguments: [act.replica.description, Int64(act.n)])
    guard let row, let replica = ReplicaID(row[0] as String) else { return nil }
    return ActID(replica: replica, n: UInt64(row[1] as Int64))
  }

  /// The edits of an own act, from the server's lines or from what waits here.
  private func edits(of act: ActID, _ db: Database) throws -> [Edit] {
    // Under the number of what waits here another copy's act may stand in the server's lines.
    if let own = try ownActs(db, where: "n = \(act.n)").first(where: { $0.act.id == act }) { return own.act.edits }
    let lines = try String.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT line FROM (SELECT replica, n, i, line FROM line UNION ALL SELECT replica, n, i, line FROM withdrawn_line)
          WHERE replica = ? AND n = ? ORDER BY i
          """), arguments: [act.replica.description, Int64(act.n)])
    return lines.compactMap { EditLine.accepted($0)?.edit }
  }
}
