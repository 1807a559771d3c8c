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
    var (forkSeq, linkedSeq): (UInt64, UInt64) = (0, 0)
    for parent in parents {
      try LedgerHeader.insert(parent.epoch, forkSeq: forkSeq, linkedSeq: linkedSeq, db)
      (forkSeq, linkedSeq) = (parent.forkSeq, parent.linkedSeq)
    }
    try LedgerHeader.insert(epoch, forkSeq: forkSeq, linkedSeq: linkedSeq, db)
    if let heldThrough { try LedgerHeader.hold(through: heldThrough, db) }
  }

  /// Writes down through which stamp acts are held back; nil: none are.
  static func hold(through stamp: Stamp?, _ db: Database) throws {
    try db.execute(sql: "DELETE FROM held")
    guard let stamp else { return }
    try db.execute(sql: "INSERT INTO held (one, through) VALUES (1, ?)", arguments: [stamp.column])
  }

  /// Adds an epoch that shares the one before it up to `forkSeq`, and its links up to `linkedSeq`.
  static func insert(_ epoch: Epoch, forkSeq: UInt64, linkedSeq: UInt64, _ db: Database) throws {
    if linkedSeq > 0 {
      try db.execute(
        sql: "INSERT INTO linked_fork (generation, seq) VALUES (?, ?)",
        arguments: [Int64(epoch.generation), Int64(bitPattern: linkedSeq)])
    }
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
    let linked = try linkedForks(db)
    guard let ledger = try Row.fetchOne(db, sql: "SELECT name, created, archived FROM ledger"), let epoch = epochs.last
    else { throw corrupt }
    return LedgerHeader(
      name: ExactString(ledger[0] as String), epoch: epoch, created: Stamp(rawValue: UInt64(bitPattern: ledger[1])),
      parents: epochs.indices.dropLast().map { index in
        let fork = forks[index + 1]
        return Parent(
          epoch: epochs[index], forkSeq: fork, linkedSeq: min(linked[epochs[index + 1].generation] ?? 0, fork))
      }, isArchived: ledger[2], heldThrough: try heldThrough(db))
  }

  private static func heldThrough(_ db: Database) throws -> Stamp? {
    guard try db.tableExists("held") else { return nil }
    return try Row.fetchOne(db, sql: "SELECT through FROM held").map { Stamp(row: $0[0]) }
  }

  /// How far each generation shares the links of the one before; none in a file of an earlier version.
  private static func linkedForks(_ db: Database) throws -> [UInt32: UInt64] {
    guard try db.tableExists("linked_fork") else { return [:] }
    let rows = try Row.fetchAll(db, sql: "SELECT generation, seq FROM linked_fork")
    return Dictionary(
      rows.map { (UInt32($0[0] as Int64), UInt64(bitPattern: $0[1])) }, uniquingKeysWith: { first, _ in first })
  }
}
