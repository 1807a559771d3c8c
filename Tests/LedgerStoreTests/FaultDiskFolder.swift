import CFaultDisk
import Foundation
import GRDB
import Testing

/// A folder of its own under the fault disk, with one small database in it; removed at the end.
/// One test owns it; nothing of it is shared.
final class FaultDiskFolder {
  let path: String
  var database: String { path + "/rows.sqlite" }

  init() throws {
    try #require(fault_disk_register() == 0)
    let url = FileManager.default.temporaryDirectory.appending(path: "fault-disk-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
    try #require(fault_disk_begin(path) == 0)
  }

  deinit {
    fault_disk_end(path)
    // A folder that stays behind in the temporary folder hurts nobody.
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Opens the database with a table `row` and the given pragmas, read back.
  func open(journal: String = "wal", synchronous: Int = 2) throws -> DatabaseQueue {
    let queue = try DatabaseQueue(path: database)
    try queue.writeWithoutTransaction { db in
      let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode = \(journal)")
      try #require(mode == journal)
      try db.execute(sql: "PRAGMA synchronous = \(synchronous)")
      try #require(try Int.fetchOne(db, sql: "PRAGMA synchronous") == synchronous)
      try db.execute(sql: "CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
    }
    return queue
  }

  /// What a fresh connection finds: the ids in order, after SQLite's own check of the whole file.
  func storedIds() throws -> [Int] {
    let queue = try DatabaseQueue(path: database)
    return try queue.read { db in
      #expect(try String.fetchAll(db, sql: "PRAGMA integrity_check") == ["ok"])
      guard try db.tableExists("row") else { return [] }
      return try Int.fetchAll(db, sql: "SELECT id FROM row ORDER BY id")
    }
  }
}

extension DatabaseQueue {
  /// One transaction with one row of about a kilobyte.
  func commitRow(_ id: Int) throws {
    try write { db in
      try db.execute(
        sql: "INSERT INTO row VALUES (?, ?)", arguments: [id, String(repeating: "账", count: 300 + id)])
    }
  }

  func checkpoint() throws {
    try writeWithoutTransaction { db in try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
  }
}
