package import EditModel
import GRDB
package import LedgerRules
import LineProtocol
import NIOCore

/// A ledger's file as other threads read it: its own read-only connection, which sees committed lines only.
///
/// `Sendable`: callers on several threads wait for each other, so a server gives each of its reading threads its own.
/// No method holds a read transaction when it returns, so a slow peer never keeps the log from being copied back.
package final class HistoryReader: Sendable {
  /// Where the file is.
  package let path: String
  let file: StoreFile

  /// Opens the ledger at `path` for reading; it may be a running server's, or of an earlier version.
  package init(path: String) throws(StoreError) {
    self.path = path
    self.file = try StoreFile.open(path, schema: .ledger, purpose: .readingOlder)
  }

  /// Closes the connection.
  package func close() throws(StoreError) { try file.close() }

  /// Has SQLite look at the whole file: its pages, its indexes, its rows. Throws `corrupt` where something is wrong.
  package func checkIntegrity() throws(StoreError) {
    try file.run("check") { db in
      guard try String.fetchOne(db, sql: "PRAGMA integrity_check(1)") == "ok" else {
        throw DatabaseError(resultCode: .SQLITE_CORRUPT)
      }
    }
  }

  /// What the file says of itself now.
  package func header() throws(StoreError) -> LedgerHeader {
    try file.run("read") { try LedgerHeader.read($0, file: path) }
  }

  /// The last committed line, 0 when there is none.
  package func lastSeq() throws(StoreError) -> UInt64 { try read { try $0.lastSeq() } }

  /// The lines behind `seq` up to `through`, in order, until `limitBytes` are passed: at least one when there is one.
  package func lines(after seq: UInt64, through: UInt64, limitBytes: Int = 1 << 20) throws(StoreError) -> [HistoryRow] {
    try read { reading in try reading.rows(after: seq, through: through, limitBytes: max(1, limitBytes)) }
  }

  /// The lines with these seqs, in the order given; one that is not there is left out.
  package func lines(_ seqs: some Sequence<UInt64>) throws(StoreError) -> [HistoryRow] {
    try read { reading in
      var rows: [HistoryRow] = []
      try reading.walk(seqs) { seq, line in
        rows.append(HistoryRow(seq: seq, line: ByteBuffer(bytes: line)))
        return true
      }
      return rows
    }
  }

  /// The seqs that a first sync up to `through` sends before all others, ascending: the lines that win a cell or create
  /// an entity, and of those not yet written behind the ones that win among themselves.
  package func winningSeqs(through: UInt64) throws(StoreError) -> [UInt64] {
    try file.snapshot("read") { db in
      let reading = HistoryReading(db: db, file: path)
      var latest = LedgerState()
      try reading.visit(after: try reading.applied(), through: through) { _ = latest.apply($0) }
      return try reading.winners(through: through) + latest.winners().map(\.seq)
    }
  }

  /// The ledger's state when `through` was its last line.
  ///
  /// From the cells when they are not ahead of it, else from the whole history.
  package func state(through: UInt64) throws(StoreError) -> LedgerState {
    try file.snapshot("read") { db in
      let reading = HistoryReading(db: db, file: path)
      var state = LedgerState()
      var start = try reading.applied()
      if start <= through { try reading.visitWinners { _ = state.apply($0) } } else { start = 0 }
      try reading.visit(after: start, through: through) { _ = state.apply($0) }
      return state
    }
  }

  /// The next page of the edits of `entity` behind line `after` up to `through`, in seq order, the one that created it
  /// included; of one field only when `field` is given. A page ends once lines of `limitBytes` together were looked at.
  package func history(
    of entity: EntityID, field: FieldName? = nil, after: UInt64 = 0, through: UInt64, limitBytes: Int = 1 << 20
  ) throws(StoreError) -> HistoryPage {
    try file.snapshot("read") { db in
      let reading = HistoryReading(db: db, file: path)
      var page = HistoryPage()
      var bytesSeen = 0
      func look(_ seq: UInt64, _ line: UnsafeRawBufferPointer) throws -> Bool {
        let accepted = try reading.accepted(line, seq)
        if accepted.touches(entity), field == nil || accepted.edit.field == field {
          page.rows.append(HistoryRow(seq: seq, line: ByteBuffer(bytes: line)))
        }
        bytesSeen += line.count
        page.next = bytesSeen < limitBytes ? nil : seq
        return page.next == nil
      }
      let applied = try reading.applied()
      let indexed = try reading.seqs(of: entity).filter { $0 > after && $0 <= min(applied, through) }
      if try reading.walk(indexed, look) {
        try reading.walk(after: max(after, applied), through: through, look)
      }
      return page
    }
  }

  /// Visits the edits behind line `after` up to `through`, in order.
  package func visit(after: UInt64, through: UInt64, _ visit: (AcceptedEdit) -> Void) throws(StoreError) {
    try read { try $0.visit(after: after, through: through, visit) }
  }

  /// Visits every edit of `entities` up to line `through`, those that created them included, each once, in order.
  package func visit(
    linesOf entities: Set<EntityID>, through: UInt64, _ visit: (AcceptedEdit) -> Void
  ) throws(StoreError) {
    try file.snapshot("read") { db in
      let reading = HistoryReading(db: db, file: path)
      let applied = min(try reading.applied(), through)
      var seqs: Set<UInt64> = []
      for entity in entities { seqs.formUnion(try reading.seqs(of: entity)) }
      try reading.visit(seqs.filter { $0 <= applied }.sorted(), visit)
      try reading.visit(after: applied, through: through) { accepted in
        if entities.contains(accepted.edit.entity) || entities.contains(.created(accepted.edit.id)) { visit(accepted) }
      }
    }
  }

  /// The acts that were refused for good before line `through` + 1, in the order of their identities.
  package func shelved(through: UInt64) throws(StoreError) -> [ShelvedRow] {
    try read { try $0.shelved("WHERE at <= ?1", [Int64(bitPattern: min(through, HistoryReading.endless))]) }
  }

  /// Reads on this connection.
  func read<Result>(_ body: (HistoryReading) throws -> Result) throws(StoreError) -> Result {
    try file.run("read") { try body(HistoryReading(db: $0, file: path)) }
  }
}

extension AcceptedEdit {
  /// Whether it is an edit of `entity`, or the one that created it.
  fileprivate func touches(_ entity: EntityID) -> Bool { edit.entity == entity || .created(edit.id) == entity }
}
