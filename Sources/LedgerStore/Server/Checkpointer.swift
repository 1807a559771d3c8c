import GRDB

/// Copies a ledger's log back into its file from a thread of its own, so that no commit waits for it.
///
/// SQLite's passive way: it copies what no reader still needs and blocks nobody. The log starts over by itself at the
/// next commit once all of it was copied; under a load that never pauses that never is, so the writer then calls
/// `ServerStore.restartLog()`, which waits only for the little that is left.
package final class Checkpointer: Sendable {
  /// How long the log gets before it is copied back, in bytes (`ServerStore.logBytes`).
  ///
  /// Small, because a log that is written over is fsynced faster than one that grows, whose length the file system has
  /// to record too (measured: 0.15 against 0.22 to 0.30 ms a commit); large enough that starting over, which costs the
  /// writer an fsync of the file, is rare.
  package static let copyBytes = 16 << 20

  private let file: StoreFile

  /// What one run did.
  package struct Report: Hashable, Sendable {
    /// How long the log is, in bytes.
    package let logBytes: Int
    /// How much of it is in the file, in bytes.
    package let copiedBytes: Int
  }

  /// Opens the ledger at `path`.
  package init(path: String) throws(StoreError) {
    // A connection for writing: what it copies is fsynced before the log may be written over.
    self.file = try StoreFile.open(path, schema: .ledger, purpose: .writing)
  }

  /// Copies what can be copied without making anybody wait.
  package func run() throws(StoreError) -> Report {
    try file.run("checkpoint") { db in
      let pageBytes = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0
      let row = try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(PASSIVE)")
      // -1 where there is no log yet.
      return Report(logBytes: max(0, row?[1] ?? 0) * pageBytes, copiedBytes: max(0, row?[2] ?? 0) * pageBytes)
    }
  }

  /// Closes the connection.
  package func close() throws(StoreError) { try file.close() }
}

extension ServerStore {
  /// How long the log was after the last commit, in bytes; 0 before the first, and from `restartLog()` to the next.
  package var logBytes: Int { if case .open(_, let statements) = condition { statements.log.bytes } else { 0 } }

  /// Copies the rest of the log back and starts it over, on the writer's thread. Short when a `Checkpointer` ran just
  /// before; with a reader in the way it does nothing, and the next call may.
  package func restartLog() throws(StoreError) {
    let file = try readable()
    if case .open(_, let statements) = condition { statements.log.forget() }
    try file.run("checkpoint") { db in
      // Not waiting for readers: each is short, and the writer has acts to commit meanwhile.
      try db.execute(sql: "PRAGMA busy_timeout = 0")
      defer { try? db.execute(sql: "PRAGMA busy_timeout = \(Int(StoreFile.busySeconds * 1000))") }  // cannot fail
      _ = try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(RESTART)")
    }
  }
}
