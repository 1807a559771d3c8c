import EditModel
import GRDB
import LedgerRules
package import LineProtocol

extension ServerStore {
  /// Stores `batch` in one transaction: on return all of it is on the disk. Throws with nothing of it acknowledged;
  /// whether a commit that failed was kept is known after `reopen()`.
  package func append(_ batch: HistoryBatch) throws(StoreError) {
    guard !batch.isEmpty else { return }
    var expected = lastSeq
    for row in batch.rows {
      expected += 1
      guard row.seq == expected else { throw .gap(file: path, expected: expected, found: row.seq) }
    }
    let last = expected
    try write("append") { statements, _ in
      for row in batch.rows { try statements.insert(row) }
      for row in batch.shelved { try statements.insert(row, at: last) }
    }
    lastSeq = last
  }

  /// Stores what the history up to `rows.applied` implies, in one transaction.
  package func writeBehind(_ rows: DerivedRows) throws(StoreError) {
    guard rows.lineCount > 0 else { return }
    guard rows.applied - UInt64(rows.lineCount) == applied, rows.applied <= lastSeq else {
      throw .gap(file: path, expected: applied + 1, found: rows.applied - UInt64(rows.lineCount) + 1)
    }
    let stamp = max(greatestStamp, rows.greatestStamp)
    try write("write behind") { _, db in
      try rows.write(db, file: path)
      try db.execute(
        sql: "UPDATE ledger SET applied = ?, greatest_stamp = ?",
        arguments: [Int64(bitPattern: rows.applied), Int64(bitPattern: stamp.rawValue)])
    }
    applied = rows.applied
    greatestStamp = stamp
  }

  /// Begins a new history that shares the present one up to the last line: what a restore ends with. The fork is
  /// where the restored history ends, so that everything its parent had above it is known to be gone.
  package func beginEpoch(_ epoch: Epoch) throws(StoreError) {
    let forkSeq = lastSeq
    try write("begin epoch") { _, db in try LedgerHeader.insert(epoch, forkSeq: forkSeq, db) }
    header.parents.append(LedgerHeader.Parent(epoch: header.epoch, forkSeq: forkSeq))
    header.epoch = epoch
  }

  /// Marks the ledger as taking no more edits, or as taking them again. The store itself refuses nothing.
  package func setArchived(_ isArchived: Bool) throws(StoreError) {
    try write("archive") { _, db in try db.execute(sql: "UPDATE ledger SET archived = ?", arguments: [isArchived]) }
    header.isArchived = isArchived
  }

  /// One transaction of the writer. Whatever fails in it suspends the store: after an error of the disk the
  /// connection's idea of the file is not to be trusted until it was opened again.
  private func write(_ operation: String, _ body: (WriterStatements, Database) throws -> Void) throws(StoreError) {
    let (file, statements) = try writable()
    do throws(StoreError) {
      try file.run(operation) { db in
        try statements.begin.run()
        do {
          try body(statements, db)
          try statements.commit.run()
        } catch {
          // An error may have ended the transaction already; then there is nothing to roll back, and that is all right.
          if db.isInsideTransaction { _ = statements.rollback.execute() }
          throw error
        }
      }
    } catch {
      condition = .suspended(file, after: error)
      throw error
    }
  }

  private func writable() throws(StoreError) -> (StoreFile, WriterStatements) {
    switch condition {
    case .open(let file, let statements): return (file, statements)
    case .suspended: throw .suspended(file: path)
    case .closed: throw .closed(file: path)
    }
  }
}

extension DerivedRows {
  /// Writes the rows sorted by key, so that each page of a table is visited once.
  fileprivate func write(_ db: Database, file: String) throws {
    func prepare(_ sql: String) throws -> RawStatement {
      try RawStatement(sql, on: db, file: file, operation: "write behind")
    }
    let cell = try prepare(
      "INSERT INTO cell (entity, field, seq) VALUES (?1, ?2, ?3) ON CONFLICT (entity, field) DO UPDATE SET seq = ?3")
    for row in sortedCells {
      cell.bind(row.entity, at: 1)
      cell.bind(row.field, at: 2)
      cell.bind(row.seq, at: 3)
      try cell.run()
    }
    let touch = try prepare("INSERT INTO touched (entity, seq) VALUES (?1, ?2)")
    for row in sortedTouched {
      touch.bind(row.entity, at: 1)
      touch.bind(row.seq, at: 2)
      try touch.run()
    }
    let act = try prepare("INSERT INTO act (replica, n, seq) VALUES (?1, ?2, ?3)")
    for (id, seq) in acts.sorted(by: { ($0.id.replica, $0.id.n) < ($1.id.replica, $1.id.n) }) {
      act.bind(id.replica.text.string, at: 1)
      act.bind(id.n, at: 2)
      act.bind(seq, at: 3)
      try act.run()
    }
  }

  // Sorting is for speed only, so Swift's own order of strings will do: it is the bytes' order but for the rare text
  // that is not normalised, and it compares several times faster.

  private var sortedCells: [(entity: String, field: String, seq: UInt64)] {
    cells.map { (entity: $0.key.entity.description, field: $0.key.field.description, seq: $0.value) }.sorted {
      ($0.entity, $0.field) < ($1.entity, $1.field)
    }
  }

  private var sortedTouched: [(entity: String, seq: UInt64)] {
    touched.map { (entity: $0.entity.description, seq: $0.seq) }.sorted { $0 < $1 }
  }
}
