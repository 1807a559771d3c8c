package import EditModel
import GRDB
import LedgerRules
package import LineProtocol

extension ServerStore {
  /// Stores `batch` in one transaction: on return all of it is on the disk. Throws with nothing of it acknowledged;
  /// whether a commit that failed was kept is known after `reopen()`.
  package func append(_ batch: HistoryBatch) throws(StoreError) {
    guard !batch.isEmpty else { return }
    var expected = lastSeq
    for run in batch.runs {
      guard run.firstSeq == expected + 1 else { throw .gap(file: path, expected: expected + 1, found: run.firstSeq) }
      expected = run.lastSeq
    }
    let last = expected
    try write("append") { statements, _ in
      for run in batch.runs { try statements.insert(run) }
      for row in batch.shelved { try statements.insert(row, at: last) }
    }
    lastSeq = last
  }

  /// Stores what the history up to `tables.applied` implies, in one transaction.
  package func writeBehind(_ tables: DerivedTables) throws(StoreError) {
    guard tables.lineCount > 0 else { return }
    let before = tables.applied - UInt64(tables.lineCount)
    guard before == applied, tables.applied <= lastSeq else {
      throw .gap(file: path, expected: applied + 1, found: before + 1)
    }
    let stamp = max(greatestStamp, tables.greatestStamp)
    try write("write behind") { _, db in
      try tables.write(db, file: path)
      try db.executeKept(
        sql: "UPDATE ledger SET applied = ?, greatest_stamp = ?",
        arguments: [Int64(bitPattern: tables.applied), Int64(bitPattern: stamp.rawValue)])
    }
    applied = tables.applied
    greatestStamp = stamp
  }

  /// Stores links of lines behind `chained`, in one transaction.
  package func link(_ links: ChainRows) throws(StoreError) {
    guard let first = links.rows.first else { return }
    guard links.goOn(behind: chained), links.head.seq <= lastSeq else {
      throw .gap(file: path, expected: chained.seq + 1, found: first.before + 1)
    }
    try write("link") { _, db in try links.write(db, file: path) }
    chained = links.head
  }

  /// Begins a new history that shares the present one up to the last line: what a restore ends with. The fork is
  /// where the restored history ends, so that everything its parent had above it is known to be gone. Acts whose stamp is not
  /// after `heldThrough` are held back from now on; none where it is nil.
  package func beginEpoch(_ epoch: Epoch, heldThrough: Stamp? = nil) throws(StoreError) {
    let (forkSeq, linkedSeq) = (lastSeq, chained.seq)
    try write("begin epoch") { _, db in
      try LedgerHeader.insert(epoch, forkSeq: forkSeq, linkedSeq: linkedSeq, db)
      try LedgerHeader.hold(through: heldThrough, db)
    }
    header.heldThrough = heldThrough
    header.parents.append(LedgerHeader.Parent(epoch: header.epoch, forkSeq: forkSeq, linkedSeq: linkedSeq))
    header.epoch = epoch
  }

  /// Marks the ledger as taking no more edits, or as taking them again. The store itself refuses nothing.
  package func setArchived(_ isArchived: Bool) throws(StoreError) {
    try write("archive") { _, db in try db.executeKept(sql: "UPDATE ledger SET archived = ?", arguments: [isArchived]) }
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
