import EditModel
import GRDB
import LineProtocol

extension ReplicaRepair {
  /// Writes the new file at `path`, where there must be none with anything in it. On return it is one file without a log;
  /// whoever puts it in its place makes sure that it is on the disk.
  package func write(to path: String) throws(StoreError) {
    let store = ReplicaStore(file: try StoreFile.create(path, schema: .replica) { db in try self.writeRows(db) })
    do throws(StoreError) {
      try store.file.transaction("repair") { db in
        for row in self.rows {
          try store.write(row, db)
          // Its own moment, where that was read, stands in the file already and stays.
          try store.keep(ActMoment(stampOf: row.act, seen: self.header.seen), of: row.act.id, db, ifUnknown: true)
        }
        for values in self.broken { try self.insert("act", values, db) }
      }
      // What a log held would not come along.
      try store.file.run("repair") { db in _ = try db.checkpoint(.truncate) }
    } catch {
      store.file.closeQuietly()
      throw error
    }
    try store.close()
  }

  private func writeRows(_ db: Database) throws {
    for (generation, identity) in identities.sorted(by: { $0.key < $1.key }) {
      try db.execute(
        sql: "INSERT OR IGNORE INTO identity (generation, replica, secret) VALUES (?, ?, ?)",
        arguments: [generation, identity.replica.description, identity.secret.digits])
    }
    let marks = RescuedHeader.names.map { _ in "?" }.joined(separator: ", ")
    try db.execute(
      sql: "INSERT INTO replica (one, \(RescuedHeader.names.joined(separator: ", "))) VALUES (1, \(marks))",
      arguments: StatementArguments(header.values))
    try db.execute(
      sql: "UPDATE replica SET counter = ?, clock = ?, revision = ?",
      arguments: [Int64(counter), Int64(bitPattern: clock), revision])
    if let trust { try insert("trust", [1.databaseValue] + trust, db) }
    for (table, rows) in others {
      for row in rows { try insert(table.rawValue, row, db) }
    }
  }

  private func insert(_ table: String, _ values: [DatabaseValue], _ db: Database) throws {
    let marks = values.map { _ in "?" }.joined(separator: ", ")
    // A row that damage made one of two with one key, or that a new file cannot hold, stays in the old one.
    try db.execute(sql: "INSERT OR IGNORE INTO \(table) VALUES (\(marks))", arguments: StatementArguments(values))
  }
}
