import EditModel
import GRDB
package import LedgerRules
import LineProtocol

// Which fields' edits do not follow one another, and what of that is a clash.
//
// Nearly every field is written by people who saw the value before theirs, and then its edits are one chain. So the chain
// is watched as lines come, by one comparison each (`BranchRows`); only fields where it once broke are in `contended`, and
// only their edits are read again, when the stream is level: before that a branch may be there without what joins it.

extension ReplicaStore {
  /// What stands against each other among the confirmed edits and nobody has decided, in the order of the server. None
  /// while the first fetch is under way.
  package func clashes() throws(StoreError) -> [Clash] {
    try file.snapshot("read") { db in try self.clashes(db, header: try ReplicaHeader(db, file: self.file.path)) }
  }

  /// The clashes of what `db` shows, in the order of the server. None while the first fetch is under way.
  func clashes(_ db: Database, header: ReplicaHeader) throws -> [Clash] {
    guard try isFetched(db, header) else { return [] }
    let sql =
      """
      SELECT beaten.line, best.line FROM clash JOIN line AS beaten USING (seq)
      JOIN winner ON winner.entity = clash.entity AND winner.field = clash.field
      JOIN line AS best ON best.seq = winner.seq ORDER BY clash.seq
      """
    let statement = try RawStatement(kept: sql, on: db, file: file.path, operation: "read")
    defer { statement.reset() }
    var clashes: [Clash] = []
    while try statement.step() {
      guard let beaten = EditLine.accepted(statement.bytes(0)), let winner = EditLine.accepted(statement.bytes(1))
      else {
        throw StoreError.unreadable(file: file.path, seq: 0)
      }
      let origin = try winner.origin { (id) throws(any Error) in try self.accepted(id, in: "line", db) }
      clashes.append(Clash(beaten: beaten, winner: winner, origin: origin))
    }
    return clashes
  }

  /// Looks at the bases of an older file, whose fields nobody has looked at. Does nothing for any other.
  func readOldBranches() throws(StoreError) {
    try file.transaction("read branches") { db in
      guard try self.hasUnreadBranches(db) else { return }
      let header = try ReplicaHeader(db, file: self.file.path)
      guard header.cursor != nil else { return }
      try self.lookForClashes(upTo: header.reached, db)
      try self.touch(db)
    }
  }

  /// Finds the clashes when everything up to `seq` is here and nothing beyond. A first fetch brings the winners before what
  /// they won over, and may be told on its way how far it is: until it is through, nobody can tell who built on whom.
  func lookForClashes(upTo seq: UInt64, _ db: Database) throws {
    guard try UInt64(Int64.fetchOne(db.cachedStatement(sql: "SELECT coalesce(max(seq), 0) FROM line")) ?? 0) <= seq
    else { return }
    guard try hasUnreadBranches(db) else { return try findClashes(db) }
    try db.executeKept(sql: "DELETE FROM unread_branches")
    try readAllBranches(db)
  }

  /// Whether a first fetch is through: until then nobody can tell what clashes, nor what is not there.
  func isFetched(_ db: Database, _ header: ReplicaHeader) throws -> Bool {
    try header.cursor != nil && !hasUnreadBranches(db)
  }

  /// Whether the bases of the lines have still to be looked at, all together.
  func hasUnreadBranches(_ db: Database) throws -> Bool {
    try Int.fetchOne(db.cachedStatement(sql: "SELECT 1 FROM unread_branches")) != nil
  }

  /// What comes now is looked at later, with everything else.
  func leaveBranchesUnread(_ db: Database) throws {
    try db.cachedStatement(sql: "INSERT OR IGNORE INTO unread_branches VALUES (1)").execute()
  }

  /// Finds every field whose edits are no chain, from all lines, and its clashes.
  func readAllBranches(_ db: Database) throws {
    for table in ["contended", "clash"] { try db.executeKept(sql: "DELETE FROM \(table)") }
    let rows = try BranchRows(db, file: file.path)
    var winners: [CellKey: Edit] = [:]
    let lines = try RawStatement(kept: "SELECT line FROM line ORDER BY seq", on: db, file: file.path, operation: "read")
    defer { lines.reset() }
    while try lines.step() {
      guard let edit = EditLine.accepted(lines.bytes(0))?.edit else {
        throw StoreError.unreadable(file: file.path, seq: 0)
      }
      guard Clash.concerns(edit.field) else { continue }
      let key = CellKey(entity: edit.entity, field: edit.field)
      let winner = winners[key]
      if !Clash.continues(edit, winner) { try rows.contend(key) }
      if winner?.precedes(edit) ?? true { winners[key] = edit }
    }
    try findClashes(db)
  }

  /// Finds the clashes anew of every contended field that has had an edit since.
  func findClashes(_ db: Database) throws {
    let stale = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT entity, field FROM contended WHERE stale = 1 ORDER BY entity"))
    guard !stale.isEmpty else { return }
    for (entity, rows) in Dictionary(grouping: stale, by: { $0["entity"] as String }) {
      let lines = try String.fetchAll(
        db.cachedStatement(sql: "SELECT line FROM line WHERE entity = ?"), arguments: [entity])
      let edits = lines.compactMap { EditLine.accepted($0) }
      let settlements = ReplicaStore.settlements(among: edits)
      for field in rows.map({ $0["field"] as String }) {
        let own = edits.filter { $0.edit.field.description == field }
        try db.executeKept(sql: "DELETE FROM clash WHERE entity = ? AND field = ?", arguments: [entity, field])
        let settled = settlements.filter { $0.field.description == field }.map(\.beaten)
        for clash in Clash.all(among: own, settled: Set(settled)) {
          try db.executeKept(
            sql: "INSERT INTO clash (seq, entity, field) VALUES (?, ?, ?)",
            arguments: [Int64(clash.beaten.seq), entity, field])
        }
      }
    }
    try db.executeKept(sql: "UPDATE contended SET stale = 0 WHERE stale = 1")
  }

  /// The settlements among an entity's edits that hold: each of one field, and of no other that has the edit.
  private static func settlements(among edits: [AcceptedEdit]) -> [Settlement] {
    let marks = Dictionary(grouping: edits.filter { Settlement.isOne($0.edit.field) }, by: \.edit.field)
    return marks.compactMap { name, edits in
      let winner = edits.max { $0.edit.precedes($1.edit) }
      return winner?.edit.value == .text("yes") ? Settlement(name) : nil
    }
  }

  /// Forgets what is known of an entity's fields.
  func forgetClashes(of entity: EntityID, _ db: Database) throws {
    for table in ["contended", "clash"] {
      try db.executeKept(sql: "DELETE FROM \(table) WHERE entity = ?", arguments: [entity.description])
    }
  }
}

/// Writes down which fields' edits are no chain, within one transaction.
struct BranchRows {
  private let contention: RawStatement
  private let renewal: RawStatement

  init(_ db: Database, file: String) throws {
    contention = try RawStatement(
      kept: """
        INSERT INTO contended (entity, field, stale) VALUES (?, ?, 1)
        ON CONFLICT (entity, field) DO UPDATE SET stale = 1
        """, on: db, file: file, operation: "apply")
    renewal = try RawStatement(
      kept: "UPDATE contended SET stale = 1 WHERE entity = ? AND field = ?", on: db, file: file, operation: "apply")
  }

  /// Notes an edit that comes when `winner` is its field's winning one.
  func note(_ edit: Edit, after winner: Edit?) throws {
    if let settlement = Settlement(edit.field) {
      try run(renewal, CellKey(entity: edit.entity, field: settlement.field))
    }
    guard Clash.concerns(edit.field) else { return }
    let key = CellKey(entity: edit.entity, field: edit.field)
    try run(Clash.continues(edit, winner) ? renewal : contention, key)
  }

  /// Notes that the edits of a field are no chain.
  func contend(_ key: CellKey) throws { try run(contention, key) }

  private func run(_ statement: RawStatement, _ key: CellKey) throws {
    statement.bind(key.entity.description, at: 1)
    statement.bind(key.field.description, at: 2)
    try statement.run()
  }
}
