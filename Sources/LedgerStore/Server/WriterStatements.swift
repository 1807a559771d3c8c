import EditModel
import GRDB
import NIOCore

/// The prepared statements of a ledger's writer: the transaction's three and an insert for each table of the hot path.
struct WriterStatements {
  let begin: RawStatement
  let commit: RawStatement
  let rollback: RawStatement
  private let line: RawStatement
  private let shelved: RawStatement

  /// Prepares them on `db`, the connection to `file`.
  init(_ db: Database, file: String) throws {
    func prepare(_ sql: String) throws -> RawStatement {
      try RawStatement(sql, on: db, file: file, operation: "append")
    }
    begin = try prepare("BEGIN IMMEDIATE")
    commit = try prepare("COMMIT")
    rollback = try prepare("ROLLBACK")
    line = try prepare("INSERT INTO history (seq, line) VALUES (?1, ?2)")
    shelved = try prepare("INSERT INTO shelved (replica, n, at, digest, answer) VALUES (?1, ?2, ?3, ?4, ?5)")
  }

  /// Inserts one accepted line.
  func insert(_ row: HistoryRow) throws(StoreError) {
    let code = row.line.withUnsafeReadableBytes { bytes in
      line.bind(row.seq, at: 1)
      line.bindBorrowed(bytes, at: 2)
      return line.execute()
    }
    try line.check(code)
  }

  /// Inserts one refused act, decided when `seq` was the last line.
  func insert(_ row: ShelvedRow, at seq: UInt64) throws(StoreError) {
    shelved.bind(row.id.replica.text.string, at: 1)
    shelved.bind(row.id.n, at: 2)
    shelved.bind(seq, at: 3)
    shelved.bind(row.answer, at: 5)
    let code = row.digest.withUnsafeBytes { bytes in
      shelved.bindBorrowed(bytes, at: 4)
      return shelved.execute()
    }
    try shelved.check(code)
  }
}
