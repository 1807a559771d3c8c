import GRDB

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The log that a killed server leaves beside a ledger's file.
///
/// SQLite reads it into whatever file stands there: nothing in a log says whose it is. When another file was put in the
/// ledger's place, two histories would become one. But a history is only ever added to, so with its own log a file has
/// every row that it has without, and the next lines follow on the last of them.
enum LeftLog {
  /// Throws `foreignLog` when the log beside `path` is not that file's, and `corrupt` when the two make no whole
  /// database. Reads the whole file, and only when there is a log with something in it.
  static func check(_ path: String) throws(StoreError) {
    guard isThere(path) else { return }
    let last = lastRow(path)
    do throws(StoreError) {
      try check(path, last)
    } catch {
      // A file that is whole without the log and is not with it: the log is another's, not the disk at fault.
      guard case .corrupt = error, last?.isWhole == true else { throw error }
      throw .foreignLog(file: path)
    }
  }

  private static func check(_ path: String, _ last: LastRow?) throws(StoreError) {
    let file = try StoreFile.open(path, schema: .ledger, purpose: .readingOlder)
    defer { file.closeQuietly() }  // only read
    try file.run("check log") { db in
      if let last, try !follows(last, db, path) { throw StoreError.foreignLog(file: path) }
      guard try isWhole(db) else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
    }
  }

  private static func isWhole(_ db: Database) throws -> Bool {
    try String.fetchOne(db, sql: "PRAGMA quick_check(1)") == "ok"
  }

  /// What a file ends with when no log is read into it.
  private struct LastRow {
    let header: LedgerHeader
    let seq: UInt64
    let lines: DatabaseValue?
    /// Whether SQLite finds nothing wrong with it.
    let isWhole: Bool
  }

  private static func isThere(_ path: String) -> Bool {
    var facts = stat()
    return stat(path + "-wal", &facts) == 0 && facts.st_size > 0
  }

  /// Nil when the file cannot be read without its log: a copying back that was cut off is mended by the log.
  private static func lastRow(_ path: String) -> LastRow? {
    guard let file = try? StoreFile.open(path, schema: .ledger, purpose: .readingAlone) else { return nil }
    defer { file.closeQuietly() }  // only read
    return try? file.run("check log") { db in
      let row = try Row.fetchOne(db, sql: "SELECT seq, lines FROM history ORDER BY seq DESC LIMIT 1")
      return LastRow(
        header: try LedgerHeader.read(db, file: path), seq: row.map { UInt64(bitPattern: $0[0]) } ?? 0,
        lines: row.map { $0[1] as DatabaseValue }, isWhole: try isWhole(db))
    }
  }

  private static func follows(_ last: LastRow, _ db: Database, _ path: String) throws -> Bool {
    let header = try LedgerHeader.read(db, file: path)
    guard header.name == last.header.name, header.epoch == last.header.epoch else { return false }
    let row = try Row.fetchOne(
      db, sql: "SELECT lines FROM history WHERE seq = ?", arguments: [Int64(bitPattern: last.seq)])
    guard row.map({ $0[0] as DatabaseValue }) == last.lines else { return false }
    let reading = HistoryReading(db: db, file: path)
    guard try reading.lastSeq() > last.seq else { return true }
    return try reading.rows(after: last.seq, through: last.seq + 1).first?.seq == last.seq + 1
  }
}
