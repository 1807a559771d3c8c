import EditModel
import GRDB
import LineProtocol
import NIOCore

/// Reading a ledger's lines on one connection: shared by the writer's own look back and by `HistoryReader`.
struct HistoryReading {
  let db: Database
  let file: String

  /// Reads `sql`, whose columns are seq and line, until `limitBytes` are passed; `numbers` are its parameters.
  func rows(_ sql: String, _ numbers: [UInt64], limitBytes: Int = .max) throws -> [HistoryRow] {
    let statement = try prepare(sql)
    for (index, number) in numbers.enumerated() { statement.bind(number, at: Int32(index + 1)) }
    defer { statement.reset() }
    // One buffer for all, of which the rows are slices: one allocation where there would be one a line.
    var all = ByteBuffer()
    var ends: [(seq: UInt64, end: Int)] = []
    while all.writerIndex < limitBytes, try statement.step() {
      all.writeBytes(statement.bytes(1))
      ends.append((seq: statement.number(0), end: all.writerIndex))
    }
    return try ends.map { row in
      guard let line = all.readSlice(length: row.end - all.readerIndex) else { throw unreadable(row.seq) }
      return HistoryRow(seq: row.seq, line: line)
    }
  }

  /// Visits every edit that `sql` finds, whose columns are seq and line.
  func visit(_ sql: String, _ numbers: [UInt64], _ visit: (AcceptedEdit) -> Void) throws {
    let statement = try prepare(sql)
    for (index, number) in numbers.enumerated() { statement.bind(number, at: Int32(index + 1)) }
    defer { statement.reset() }
    while try statement.step() {
      guard let accepted = EditLine.accepted(statement.bytes(1)) else { throw unreadable(statement.number(0)) }
      visit(accepted)
    }
  }

  /// The winning lines of all cells, each once, in seq order, as far as they were written behind.
  static let winners = """
    SELECT seq, line FROM history WHERE seq IN (SELECT seq FROM cell) ORDER BY seq
    """
  /// The lines behind ?1 up to ?2.
  static let range = "SELECT seq, line FROM history WHERE seq > ?1 AND seq <= ?2 ORDER BY seq"
  /// What no seq is above; SQLite's integers are signed.
  static let endless = UInt64(Int64.max)

  /// The derived rows are complete up to here.
  func applied() throws -> UInt64 { try UInt64.fetchOne(db, sql: "SELECT applied FROM ledger") ?? 0 }

  /// The last line that was committed, 0 when there is none.
  func lastSeq() throws -> UInt64 { try UInt64.fetchOne(db, sql: "SELECT max(seq) FROM history") ?? 0 }

  /// The line `seq`, nil when there is none.
  func accepted(_ seq: UInt64) throws -> AcceptedEdit? {
    var found: AcceptedEdit?
    try visit("SELECT seq, line FROM history WHERE seq = ?1", [seq]) { found = $0 }
    return found
  }

  /// The first line of act `id`, nil when it was never accepted. Looks into the index, then into what came after it.
  func firstSeq(of id: ActID) throws -> UInt64? {
    let indexed = try UInt64.fetchOne(
      db, sql: "SELECT seq FROM act WHERE replica = ? AND n = ?",
      arguments: [id.replica.text.string, Int64(bitPattern: id.n)])
    if let indexed { return indexed }
    var found: UInt64?
    try visit(HistoryReading.range, [try applied(), HistoryReading.endless]) { accepted in
      if found == nil, accepted.edit.id.act == id { found = accepted.seq }
    }
    return found
  }

  private func prepare(_ sql: String) throws -> RawStatement {
    try RawStatement(sql, on: db, file: file, operation: "read")
  }

  private func unreadable(_ seq: UInt64) -> StoreError { .unreadable(file: file, seq: seq) }
}
