/// # LedgerStore
///
/// What is kept on disk, in domain words: `ServerStore` (one ledger of a server), `SeatStore` (a server's seats and
/// devices), `ReplicaStore` (one device's copy). It alone knows SQL. It is synchronous and owns no thread: whoever calls
/// is made to wait for the disk. It reads no clock, draws no random number, logs nothing, and decides nothing that is a
/// rule of the ledger. It may import `EditModel`, `LedgerRules`, `LineProtocol`, `CZlib` (for its CRC-32),
/// `NIOCore` (for `ByteBuffer`), GRDB and Crypto.

import GRDB

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// One connection to one SQLite file of ours: opened in WAL mode, checked to be of the right kind and version, and
/// checked to be durable.
///
/// GRDB does opening, migrations, rare statements and the serialising of callers; it is `Sendable` because of the
/// latter. Every error that leaves is a `StoreError`.
final class StoreFile: Sendable {
  /// The path it was opened by.
  let path: String
  private let queue: DatabaseQueue

  /// What a connection is opened for.
  enum Purpose: Hashable, Sendable {
    /// Reading only; never creates, migrates or writes.
    case reading
    /// The same, also of a file of an earlier version that no program has brought up to date yet.
    case readingOlder
    /// Reading the file, of whatever version, as if no log stood beside it; only while nobody writes.
    case readingAlone
    /// Writing; every commit is fsynced.
    case writing
    /// Writing without an fsync at commit. Only for the test that shows why `writing` is what it is.
    case writingUnsynced

    /// Whether nothing is written.
    var isReading: Bool { self == .reading || takesOlder }
    /// Whether a file of an earlier version is read as it is.
    var takesOlder: Bool { self == .readingOlder || self == .readingAlone }
  }

  /// How long a statement waits for another connection's lock, in seconds.
  static let busySeconds: Double = 5
  /// What a log that was copied back may keep on disk, in bytes.
  static let logLimitBytes = 64 << 20

  /// Opens the file at `path`, which must be of `schema`'s kind; brings an older one up to date when writing.
  static func open(_ path: String, schema: Schema, purpose: Purpose) throws(StoreError) -> StoreFile {
    guard access(path, F_OK) == 0 else { throw .missing(file: path) }
    let file = try StoreFile(path: path, purpose: purpose)
    do throws(StoreError) {
      try schema.check(file, purpose: purpose)
      if !purpose.isReading { try file.prepareWriting(purpose) }
    } catch {
      file.closeQuietly()
      throw error
    }
    return file
  }

  /// Makes a file of `schema`'s kind and writes its first rows, all in one transaction, so that a crash in between
  /// leaves an empty file that can be created again. Throws `exists` when there is already something.
  static func create(
    _ path: String, schema: Schema, purpose: Purpose = .writing, firstRows: (Database) throws -> Void
  ) throws(StoreError) -> StoreFile {
    let file = try StoreFile(path: path, purpose: purpose)
    do throws(StoreError) {
      try file.prepareWriting(purpose)
      try file.transaction("create") { db in
        guard try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0 else {
          throw StoreError.exists(file: path)
        }
        try db.execute(sql: schema.current)
        try schema.stamp(db)
        try firstRows(db)
      }
    } catch {
      file.closeQuietly()
      throw error
    }
    return file
  }

  /// Opens the file at `path` for reading, of whatever kind and however damaged it is: for who looks what is left of it.
  static func bare(_ path: String) throws(StoreError) -> StoreFile { try StoreFile(path: path, purpose: .reading) }

  private init(path: String, purpose: Purpose) throws(StoreError) {
    var configuration = Configuration()
    configuration.readonly = purpose.isReading
    configuration.busyMode = .timeout(StoreFile.busySeconds)
    // After a failed commit whose rollback fails too, GRDB would end the process; we close the connection instead.
    configuration.allowsUnsafeTransactions = true
    do {
      let place = purpose == .readingAlone ? StoreFile.alone(path) : path
      self.queue = try DatabaseQueue(path: place, configuration: configuration)
      self.path = path
    } catch { throw StoreError(error, file: path, operation: "open") }
  }

  /// The URI that has SQLite look at no log of the file `path`.
  private static func alone(_ path: String) -> String {
    let escaped = path.reduce(into: "") { text, character in
      switch character {
      case "%": text += "%25"
      case "?": text += "%3f"
      case "#": text += "%23"
      default: text.append(character)
      }
    }
    return "file:\(escaped)?immutable=1"
  }

  /// Sets the mode that acknowledging relies on, and believes only what is read back: GRDB's own way into WAL mode
  /// leaves `synchronous` at NORMAL without a word.
  private func prepareWriting(_ purpose: Purpose) throws(StoreError) {
    let wanted = purpose == .writingUnsynced ? 1 : 2
    try run("open") { db in
      guard try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL") == "wal" else {
        throw StoreError.notDurable(file: self.path, synchronous: -1)
      }
      try db.execute(sql: "PRAGMA synchronous = \(wanted)")
      try db.execute(sql: "PRAGMA journal_size_limit = \(StoreFile.logLimitBytes)")
      let found = try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1
      guard found == wanted else { throw StoreError.notDurable(file: self.path, synchronous: found) }
    }
  }

  /// Runs `body` on the connection, outside a transaction.
  ///
  /// Called on the caller's own thread (libdispatch's `sync` does not change threads): about a microsecond.
  func run<Result>(_ operation: String, _ body: (Database) throws -> Result) throws(StoreError) -> Result {
    do { return try queue.writeWithoutTransaction(body) } catch {
      throw StoreError(error, file: path, operation: operation)
    }
  }

  /// Runs `body` in one transaction that takes the write lock at its beginning; all of it is on disk on return, or none.
  func transaction<Result>(_ operation: String, _ body: (Database) throws -> Result) throws(StoreError) -> Result {
    try run(operation) { db in try db.inKeptTransaction("BEGIN IMMEDIATE", body) }
  }

  /// Runs `body` on one state of the file, whatever others write meanwhile.
  func snapshot<Result>(_ operation: String, _ body: (Database) throws -> Result) throws(StoreError) -> Result {
    try run(operation) { db in try db.inKeptTransaction("BEGIN DEFERRED", body) }
  }

  /// Closes the connection; throws `busy` when a statement is still in use, which is a fault of this module.
  func close() throws(StoreError) {
    do { try queue.close() } catch { throw StoreError(error, file: path, operation: "close") }
  }

  /// Closes after a failure, where a second error would only hide the first.
  func closeQuietly() {
    try? queue.close()  // the first error is the one to report
  }
}
