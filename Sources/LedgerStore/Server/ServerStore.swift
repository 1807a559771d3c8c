import EditModel
import GRDB
package import LineProtocol

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// One ledger's file on a server, as its writer sees it.
///
/// Owned by the ledger's writer thread (or by one command on a stopped server): not `Sendable`, one thread at a time,
/// every method returns when the disk has answered. Reading on other threads goes through `reader()`, copying the log
/// back through `checkpointer()`. After a failed write nothing more is written before `reopen()`.
package final class ServerStore {
  /// Where the file is.
  package let path: String
  /// What the file says of itself.
  package internal(set) var header: LedgerHeader
  /// The last line that is durably stored; 0 when there is none.
  package internal(set) var lastSeq: UInt64
  /// The derived rows are complete up to here.
  package internal(set) var applied: UInt64
  /// How far the lines are linked; not below what anybody was told.
  package internal(set) var chained: ChainHead
  /// The greatest stamp of the lines up to `applied`.
  var greatestStamp: Stamp

  var condition: Condition
  /// Which file it opened, by the numbers that the system gives it.
  private var opened: FileIdentity?
  private let purpose: StoreFile.Purpose

  /// Whether the file can be written to.
  enum Condition {
    /// It can.
    case open(StoreFile, WriterStatements)
    /// A write failed; the connection, if it could be had, is kept for reading.
    case suspended(StoreFile?, after: StoreError?)
    /// The owner closed it.
    case closed
  }

  /// Makes the file of a new ledger, or of one that is restored, and closes it again.
  package static func create(path: String, header: LedgerHeader) throws(StoreError) {
    let file = try StoreFile.create(path, schema: .ledger) { db in try header.insert(db) }
    try file.close()
  }

  /// Opens the file at `path` for writing. Refuses a missing file, one of another kind, a newer one, one beside which
  /// another file's log stands, and a connection that would acknowledge before the disk has the line.
  package convenience init(path: String) throws(StoreError) { try self.init(path: path, purpose: .writing) }

  /// `purpose` is other than `writing` only in the test that shows what the durable mode is for.
  init(path: String, purpose: StoreFile.Purpose) throws(StoreError) {
    try LeftLog.check(path)
    let (file, facts) = try ServerStore.open(path, purpose: purpose)
    self.path = path
    self.purpose = purpose
    self.header = facts.header
    self.lastSeq = facts.lastSeq
    self.applied = facts.applied
    self.chained = facts.chained
    self.greatestStamp = facts.greatestStamp
    self.condition = .open(file, facts.statements)
    self.opened = FileIdentity(of: path)
  }

  /// Looks whether the log that stands beside the ledger at `path`, if any, is its own, as `init` does: for those who
  /// only read. Not beside a running server, whose file changes meanwhile and which has looked itself.
  package static func checkLog(path: String) throws(StoreError) { try LeftLog.check(path) }

  /// Whether the file that was opened is still the one at `path`: somebody may remove a folder, or put another in its
  /// place, under a running server, and what is written after that is read by nobody. One call to the system; a disk that
  /// cannot answer it has taken nothing away.
  package var isInPlace: Bool {
    guard let opened else { return true }
    if let now = FileIdentity(of: path) { return now == opened }
    return errno != ENOENT && errno != ENOTDIR
  }

  /// Closes the file. Nothing that was acknowledged depends on it.
  package func close() throws(StoreError) {
    let file = connection
    condition = .closed  // lets go of the statements, which would keep the file from closing
    try file?.close()
  }

  /// Opens the file anew after a failed write and answers its last seq: the caller goes on when its last acknowledged
  /// line is in it, and folds what is above it (a commit whose outcome was unknown may have been kept).
  ///
  /// Throws while the trouble lasts; the store stays suspended and `reopen()` may be tried again.
  package func reopen() throws(StoreError) -> UInt64 {
    if case .closed = condition { throw .closed(file: path) }
    let trouble = trouble
    let previous = connection
    condition = .suspended(nil, after: trouble)  // lets go of the statements, which would keep the file from closing
    previous?.closeQuietly()
    do throws(StoreError) {
      guard isInPlace else { throw .missing(file: path) }
      let (file, facts) = try ServerStore.open(path, purpose: purpose)
      condition = .suspended(file, after: trouble)
      if let trouble { try ServerStore.recover(file, from: trouble) }
      condition = .open(file, facts.statements)
      header = facts.header
      lastSeq = facts.lastSeq
      applied = facts.applied
      chained = facts.chained
      greatestStamp = facts.greatestStamp
    } catch {
      // A failed fsync is what asks for the most care, so a lesser trouble on the way does not take its place.
      let isWorse = error.fault?.isSyncFailure ?? false
      condition = .suspended(connection, after: isWorse ? error : trouble ?? error)
      throw error
    }
    return lastSeq
  }

  private var trouble: StoreError? {
    if case .suspended(_, let trouble) = condition { trouble } else { nil }
  }

  /// The connection, whatever its condition; nil after `close()` and after a `reopen()` that could not open the file.
  var connection: StoreFile? {
    switch condition {
    case .open(let file, _): file
    case .suspended(let file, _): file
    case .closed: nil
    }
  }

  /// The connection for reading; says why there is none.
  func readable() throws(StoreError) -> StoreFile {
    if let connection { return connection }
    if case .closed = condition { throw .closed(file: path) }
    throw .suspended(file: path)
  }

  /// What an open file begins with.
  private struct Facts {
    let header: LedgerHeader
    let lastSeq: UInt64
    let applied: UInt64
    let chained: ChainHead
    let greatestStamp: Stamp
    let statements: WriterStatements
  }

  private static func open(_ path: String, purpose: StoreFile.Purpose) throws(StoreError) -> (StoreFile, Facts) {
    let file = try StoreFile.open(path, schema: .ledger, purpose: purpose)
    do throws(StoreError) {
      let facts = try file.run("open") { db in
        // The log is copied back by another connection (`Checkpointer`): in a commit it would stall every waiting act.
        try db.execute(sql: "PRAGMA wal_autocheckpoint = 0")
        let derived = try Row.fetchOne(db, sql: "SELECT applied, greatest_stamp FROM ledger")
        let facts = Facts(
          header: try LedgerHeader.read(db, file: path),
          lastSeq: try UInt64.fetchOne(db, sql: "SELECT max(seq) FROM history") ?? 0,
          applied: derived.map { UInt64(bitPattern: $0[0]) } ?? 0,
          chained: try ChainHead.last(db),
          greatestStamp: Stamp(rawValue: derived.map { UInt64(bitPattern: $0[1]) } ?? 0),
          statements: try WriterStatements(db, file: path))
        // Both are committed behind the lines that they are of. Lines that are gone must not be given out again under their
        // seqs, to say something else.
        let behind = max(facts.applied, facts.chained.seq)
        guard behind <= facts.lastSeq else { throw StoreError.unreadable(file: path, seq: facts.lastSeq + 1) }
        // A commit whose fsync failed may be found in the log, by a process that has not seen it fail. It counts from now
        // on and is shown to everybody, so it has to be on the disk: the log is synced before it is copied back.
        if !purpose.isReading { _ = try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(PASSIVE)") }
        return facts
      }
      return (file, facts)
    } catch {
      file.closeQuietly()
      throw error
    }
  }

  /// Makes sure of what is there before anything is put behind it.
  ///
  /// After a failed fsync the kernel may hold pages that it will never write, so the log is not to be built upon: all
  /// of it is copied into the file and fsynced there, and a new log begun. Then SQLite checks the whole file.
  private static func recover(_ file: StoreFile, from trouble: StoreError) throws(StoreError) {
    let isDoubtful = trouble.fault.map { $0.isSyncFailure } ?? false
    try file.run("reopen") { db in
      let row = try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
      if isDoubtful, row?[0] != 0 { throw DatabaseError(resultCode: .SQLITE_BUSY) }
      guard isDoubtful || trouble.isCorruption else { return }
      let verdict = try String.fetchOne(db, sql: "PRAGMA integrity_check(1)")
      guard verdict == "ok" else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
    }
  }
}

/// Which file stands at a path, whatever it is called.
private struct FileIdentity: Equatable {
  private let device: dev_t
  private let number: ino_t

  /// Nil when the system cannot say, and why is in `errno`.
  init?(of path: String) {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return nil }
    device = facts.st_dev
    number = facts.st_ino
  }
}

extension StoreError { fileprivate var isCorruption: Bool { if case .corrupt = self { true } else { false } } }
