import EditModel
import GRDB
import LineProtocol

extension LedgerHeader {
  /// Writes the header of a new file.
  func insert(_ db: Database) throws {
    try db.execute(
      sql: "INSERT INTO ledger (one, name, created, archived) VALUES (1, ?, ?, ?)",
      arguments: [name.string, Int64(bitPattern: created.rawValue), isArchived])
    // Each row says where its own history left the one before it; the first left none.
    var forkSeq: UInt64 = 0
    for parent in parents {
      try LedgerHeader.insert(parent.epoch, forkSeq: forkSeq, db)
      forkSeq = parent.forkSeq
    }
    try LedgerHeader.insert(epoch, forkSeq: forkSeq, db)
  }

  /// Adds an epoch that shares the one before it up to `forkSeq`.
  static func insert(_ epoch: Epoch, forkSeq: UInt64, _ db: Database) throws {
    try db.execute(
      sql: "INSERT INTO epoch (generation, id, fork_seq) VALUES (?, ?, ?)",
      arguments: [Int64(epoch.generation), Int64(bitPattern: epoch.id), Int64(bitPattern: forkSeq)])
  }

  /// Reads the header of `file`.
  static func read(_ db: Database, file: String) throws -> LedgerHeader {
    let corrupt = StoreError(StoreFault(file: file, code: ResultCode.SQLITE_CORRUPT.rawValue, operation: "open"))
    let rows = try Row.fetchAll(db, sql: "SELECT generation, id, fork_seq FROM epoch ORDER BY generation")
    let epochs = rows.map { Epoch(generation: UInt32($0[0] as Int64), id: UInt64(bitPattern: $0[1])) }
    let forks = rows.map { UInt64(bitPattern: $0[2]) }
    guard let ledger = try Row.fetchOne(db, sql: "SELECT name, created, archived FROM ledger"), let epoch = epochs.last
    else { throw corrupt }
    return LedgerHeader(
      name: ExactString(ledger[0] as String), epoch: epoch, created: Stamp(rawValue: UInt64(bitPattern: ledger[1])),
      parents: zip(epochs.dropLast(), forks.dropFirst()).map { Parent(epoch: $0, forkSeq: $1) }, isArchived: ledger[2])
  }
}
