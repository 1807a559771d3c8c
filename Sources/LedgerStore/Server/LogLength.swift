import GRDB
import GRDBSQLite

/// How long a connection's write-ahead log was after its last commit. SQLite tells it with every commit, so that nobody
/// has to ask the file system.
final class LogLength {
  /// The log's pages, those included that are in the file already.
  private(set) var pages = 0
  private let pageBytes: Int

  /// The log of `db`, a connection that writes; it must live as long as the connection.
  init(_ db: Database) throws {
    pageBytes = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 4_096
    sqlite3_wal_hook(
      db.sqliteConnection,
      { context, _, _, pages in
        if let context { Unmanaged<LogLength>.fromOpaque(context).takeUnretainedValue().pages = Int(pages) }
        return SQLITE_OK
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// The log was copied back: its length is of no interest before the next commit, which tells it anew. Without this a
  /// ledger that nobody writes to any more would be copied back over and over.
  func forget() { pages = 0 }

  /// The log's length in bytes.
  var bytes: Int { pages * pageBytes }
}
