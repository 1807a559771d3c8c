package import EditModel
import GRDB
import LedgerRules
import LineProtocol

// What goes out of the seat's sight.

extension ReplicaStore {
  /// The server says that `entity` and everything under it are this seat's no more: their lines are forgotten, with cells
  /// and history, and the owner is told. The device's own lines among them are kept apart, shown nowhere, so that a server
  /// that goes back can be brought them again. Own acts that are not decided stay in the outbox: the server refuses them.
  package func withdraw(_ entity: EntityID) throws(StoreError) {
    try change("withdraw") { db, header in
      let cells = try self.confirmedCells(db, header: header)
      let family = cells.family(of: entity)
      let said = DerivedName(entity) == nil ? cells.wording(of: entity) : nil
      self.cache = nil
      self.cells = nil
      self.echoed = []
      var count = 0
      for id in family { count += try self.forget(id, db) }
      guard count > 0 else { return }
      try db.executeKept(sql: "UPDATE replica SET drops = drops + 1")
      try self.note(.takenAway(entity, said: said.map { ReplicaNotice.beginning(of: $0) }), db)
    }
  }

  /// Forgets the lines that are edits of `id` or created it; answers how many there were.
  private func forget(_ id: EntityID, _ db: Database) throws -> Int {
    var condition = "entity = ?"
    var arguments: StatementArguments = [id.description]
    if case .created(let creation) = id {
      condition += " OR (replica = ? AND n = ? AND i = ?)"
      arguments += [creation.replica.description, Int64(creation.n), Int64(creation.i)]
    }
    try db.executeKept(
      sql: """
        INSERT OR REPLACE INTO withdrawn_line (seq, replica, n, i, line)
        SELECT seq, replica, n, i, line FROM line
        WHERE (\(condition)) AND replica IN (SELECT replica FROM identity)
        """, arguments: arguments)
    try db.executeKept(sql: "DELETE FROM line WHERE \(condition)", arguments: arguments)
    let count = db.changesCount
    try db.executeKept(sql: "DELETE FROM winner WHERE entity = ?", arguments: [id.description])
    try forgetClashes(of: id, db)
    return count
  }

  /// Whether `edit` is an own one whose line went out of sight.
  func wasWithdrawn(_ edit: Edit, _ db: Database) throws -> Bool {
    let line = try String.fetchOne(
      db.cachedStatement(sql: "SELECT line FROM withdrawn_line WHERE replica = ? AND n = ? AND i = ?"),
      arguments: [edit.id.replica.description, Int64(edit.id.n), Int64(edit.id.i)])
    return line.flatMap { EditLine.accepted($0) }?.edit.isCopy(of: edit) ?? false
  }
}
