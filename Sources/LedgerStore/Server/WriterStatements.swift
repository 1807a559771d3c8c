import EditModel
import GRDB
import NIOCore

/// The prepared statements of a ledger's writer: the transaction's three and an insert for each table of the hot path;
/// and the length of the log that they write.
struct WriterStatements {
  let begin: RawStatement
  let commit: RawStatement
  let rollback: RawStatement
  let log: LogLength
  private let run: RawStatement
  private let shelved: RawStatement

  /// Prepares them on `db`, the connection to `file`.
  init(_ db: Database, file: String) throws {
    func prepare(_ sql: String) throws -> RawStatement {
      try RawStatement(sql, on: db, file: file, operation: "append")
    }
    log = try LogLength(db)
    begin = try prepare("BEGIN IMMEDIATE")
    commit = try prepare("COMMIT")
    rollback = try prepare("ROLLBACK")
    run = try prepare("INSERT INTO history (seq, lines) VALUES (?1, ?2)")
    shelved = try prepare("INSERT INTO shelved (replica, n, at, digest, answer) VALUES (?1, ?2, ?3, ?4, ?5)")
  }

  /// Inserts a run of accepted lines.
  func insert(_ lines: HistoryRun) throws(StoreError) {
    let code = lines.bytes.withUnsafeReadableBytes { bytes in
      run.bind(lines.lastSeq, at: 1)
      run.bindBorrowed(bytes, at: 2)
      return run.execute()
    }
    try run.check(code)
  }

  /// Inserts one refused act, decided when `seq` was the last line.
  func insert(_ row: ShelvedRow, at seq: UInt64) throws(StoreError) {
    shelved.bind(row.id.replica.text.string, at: 1)
    shelved.bind(row.id.n, at: 2)
    shelved.bind(seq, at: 3)
    shelved.bind(row.answer, at: 5)
    try shelved.run(binding: row.digest, at: 4)
  }
}
