package import EditModel
import GRDB
import LineProtocol

// The rows of own acts, and those of them that cannot be read any more.

/// An own act whose row was damaged: kept as it is, shown nowhere and never sent, so that all others can be.
package struct DamagedAct: Hashable, Sendable {
  /// The act.
  package let id: ActID
  /// Whether a byte of it may have left before.
  package let mayHaveBeenSent: Bool
  /// Those of its edits that can still be read.
  package let edits: [Edit]

  /// What is known of a damaged act.
  package init(id: ActID, mayHaveBeenSent: Bool, edits: [Edit]) {
    self.id = id
    self.mayHaveBeenSent = mayHaveBeenSent
    self.edits = edits
  }
}

extension ReplicaStore {
  /// The own acts whose row cannot be read. What the server has sent back in its own words is not among them: nothing of
  /// that is lost. Nor is what a person has taken off the shelf.
  package func damagedActs() throws(StoreError) -> [DamagedAct] {
    try file.snapshot("read") { db in try self.damagedRows(db).map(\.act) }
  }

  /// The same with their rows.
  func damagedRows(_ db: Database) throws -> [(row: Row, act: DamagedAct)] {
    let force = try ReplicaHeader(db, file: file.path).replica
    return try Row.fetchAll(
      db,
      sql: """
        SELECT act.*, identity.replica FROM act LEFT JOIN identity USING (generation)
        WHERE NOT EXISTS (SELECT 1 FROM dismissed WHERE dismissed.generation = act.generation AND dismissed.n = act.n)
        ORDER BY generation, n
        """
    ).compactMap { row in
      guard ActRow(row) == nil else { return nil }
      let act = DamagedAct(row, replica: force)
      return try isKnown(act.id, db) ? nil : (row, act)
    }
  }

  /// The owner need not be told any more that `row` is damaged.
  func dismiss(_ row: Row, _ db: Database) throws {
    try db.execute(
      sql: "INSERT OR REPLACE INTO dismissed (generation, n) VALUES (?, ?)",
      arguments: [row.of(.generation), row.of(.n)])
  }

  /// Whether a line of `act` came from the server.
  private func isKnown(_ act: ActID, _ db: Database) throws -> Bool {
    try Bool.fetchOne(
      db,
      sql: """
        SELECT EXISTS (SELECT 1 FROM line WHERE replica = ?1 AND n = ?2)
          OR EXISTS (SELECT 1 FROM withdrawn_line WHERE replica = ?1 AND n = ?2)
        """, arguments: [act.replica.description, Int64(clamping: act.n)]) ?? false
  }
}

extension DamagedAct {
  /// What can be told of a row: by its text where that is whole and only the columns are wrong, else by the columns.
  /// `replica` is the id in force, for a row that is of none of the replica's.
  init(_ row: Row, replica: ReplicaID) {
    if let text = String.fromDatabaseValue(row.of(.lines)), let whole = ActRow(text: text) {
      self.init(id: whole.act.id, mayHaveBeenSent: whole.phase != .pending, edits: whole.act.edits)
      return
    }
    let name = String.fromDatabaseValue(row.of(.replica)).flatMap { ReplicaID($0) }
    let n = Int64.fromDatabaseValue(row.of(.n)) ?? 0
    self.init(
      id: ActID(replica: name ?? replica, n: UInt64(clamping: n)),
      mayHaveBeenSent: row.of(.phase) != OwnActPhase.pending.code.databaseValue,
      edits: row.lines.compactMap { EditLine.edit($0) })
  }
}
