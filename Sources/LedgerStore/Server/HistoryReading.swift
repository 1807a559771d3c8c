import EditModel
import GRDB
import LineProtocol
import NIOCore

/// Reading a ledger's lines on one connection: shared by the writer's own look back and by `HistoryReader`.
struct HistoryReading {
  let db: Database
  let file: String

  /// What no seq is above; SQLite's integers are signed.
  static let endless = UInt64(Int64.max)

  // MARK: Lines

  /// The lines behind `after` up to `through`, in order, until `limitBytes` are passed.
  func rows(after: UInt64, through: UInt64, limitBytes: Int = .max) throws -> [HistoryRow] {
    // One buffer for all, of which the rows are slices: one allocation where there would be one a line.
    var all = ByteBuffer()
    var ends: [(seq: UInt64, end: Int)] = []
    try walk(after: after, through: through) { seq, line in
      all.writeBytes(line)
      ends.append((seq: seq, end: all.writerIndex))
      return all.writerIndex < limitBytes
    }
    return try ends.map { row in
      guard let line = all.readSlice(length: row.end - all.readerIndex) else { throw unreadable(row.seq) }
      return HistoryRow(seq: row.seq, line: line)
    }
  }

  /// Visits every edit behind `after` up to `through`, in order.
  func visit(after: UInt64, through: UInt64, _ visit: (AcceptedEdit) -> Void) throws {
    try walk(after: after, through: through) { seq, line in
      visit(try accepted(line, seq))
      return true
    }
  }

  /// Visits the lines with these seqs, in the order given, until `visit` answers false; one that is not there is passed
  /// over. Fast where seqs that are near each other follow each other. Answers whether all were visited.
  @discardableResult
  func walk(_ seqs: some Sequence<UInt64>, _ visit: (UInt64, UnsafeRawBufferPointer) throws -> Bool) throws -> Bool {
    let statement = try prepare("SELECT seq, lines FROM history WHERE seq >= ?1 ORDER BY seq LIMIT 1")
    defer { statement.reset() }
    var run: (first: UInt64, last: UInt64, lines: [UnsafeRawBufferPointer]) = (1, 0, [])
    for seq in seqs where seq > 0 && seq <= HistoryReading.endless {
      if seq < run.first || seq > run.last {
        statement.reset()
        statement.bind(seq, at: 1)
        guard try statement.step() else { continue }
        let lines = try lines(of: statement).map(\.line)
        run = (statement.number(0) + 1 - UInt64(lines.count), statement.number(0), lines)
      }
      if seq >= run.first, try !visit(seq, run.lines[Int(seq - run.first)]) { return false }
    }
    return true
  }

  /// The edit of line `seq`, nil when there is none.
  func accepted(_ seq: UInt64) throws -> AcceptedEdit? {
    var found: AcceptedEdit?
    try visit([seq]) { found = $0 }
    return found
  }

  /// Visits the edits with these seqs, in the order given; one that is not there is passed over.
  func visit(_ seqs: [UInt64], _ visit: (AcceptedEdit) -> Void) throws {
    try walk(seqs) { seq, line in
      visit(try accepted(line, seq))
      return true
    }
  }

  /// Visits the winning lines of all cells, each once, in seq order, as far as they were written behind.
  func visitWinners(_ visit: (AcceptedEdit) -> Void) throws {
    try self.visit(winners(through: HistoryReading.endless), visit)
  }

  /// Walks over the lines behind `after` up to `through` until `visit` answers false; answers whether it never did.
  @discardableResult
  func walk(
    after: UInt64, through: UInt64, _ visit: (UInt64, UnsafeRawBufferPointer) throws -> Bool
  ) throws -> Bool {
    let statement = try prepare("SELECT seq, lines FROM history WHERE seq > ?1 ORDER BY seq")
    statement.bind(min(after, HistoryReading.endless), at: 1)
    defer { statement.reset() }
    while try statement.step() {
      var run = RunLines(statement.bytes(1), lastSeq: statement.number(0))
      while let (seq, line) = run.next() {
        if seq > through { return true }
        if seq > after, try !visit(seq, line) { return false }
      }
      if run.isBroken { throw unreadable(statement.number(0)) }
    }
    return true
  }

  private func lines(of statement: RawStatement) throws -> [RunLines.Element] {
    var run = RunLines(statement.bytes(1), lastSeq: statement.number(0))
    var lines: [RunLines.Element] = []
    while let line = run.next() { lines.append(line) }
    if run.isBroken { throw unreadable(statement.number(0)) }
    return lines
  }

  /// The edit of `line`, which is line `seq`.
  func accepted(_ line: UnsafeRawBufferPointer, _ seq: UInt64) throws -> AcceptedEdit {
    guard let accepted = EditLine.accepted(line), accepted.seq == seq else { throw unreadable(seq) }
    return accepted
  }

  // MARK: What is derived

  /// The derived rows are complete up to here.
  func applied() throws -> UInt64 { try UInt64.fetchOne(db.cachedStatement(sql: "SELECT applied FROM ledger")) ?? 0 }

  /// The last line that was committed, 0 when there is none.
  func lastSeq() throws -> UInt64 { try UInt64.fetchOne(db.cachedStatement(sql: "SELECT max(seq) FROM history")) ?? 0 }

  /// The seqs up to `through` that win a cell, ascending, each once, as far as they were written behind.
  func winners(through: UInt64) throws -> [UInt64] {
    try UInt64.fetchAll(
      db.cachedStatement(sql: "SELECT DISTINCT seq FROM cell WHERE seq <= ? ORDER BY seq"),
      arguments: [Int64(bitPattern: min(through, HistoryReading.endless))])
  }

  /// The seqs of the edits of `entity`, ascending, the one that created it included, as far as they were written behind.
  func seqs(of entity: EntityID) throws -> [UInt64] {
    let seqs = try touched(entity)
    guard case .created(let id) = entity, let first = try indexedSeq(of: id.act) else { return seqs }
    return [first + UInt64(id.i) - 1] + seqs
  }

  private func touched(_ entity: EntityID) throws -> [UInt64] {
    let statement = try prepare("SELECT seq, seqs FROM touched WHERE entity = ?1 ORDER BY seq")
    statement.bind(entity.description, at: 1)
    defer { statement.reset() }
    var seqs: [UInt64] = []
    while try statement.step() { seqs += try unpacked(statement, column: 1) }
    return seqs
  }

  /// The first line of act `id`, nil when it was never accepted. Looks into the index, then into what came after it.
  func firstSeq(of id: ActID) throws -> UInt64? {
    if let indexed = try indexedSeq(of: id) { return indexed }
    var found: UInt64?
    try visit(after: try applied(), through: HistoryReading.endless) { accepted in
      if found == nil, accepted.edit.id.act == id { found = accepted.seq }
    }
    return found
  }

  private func indexedSeq(of id: ActID) throws -> UInt64? {
    let statement = try prepare("SELECT n, acts FROM act WHERE replica = ?1 AND n >= ?2 AND least <= ?2 ORDER BY n")
    statement.bind(id.replica.text.string, at: 1)
    statement.bind(id.n, at: 2)
    defer { statement.reset() }
    while try statement.step() {
      let numbers = try unpacked(statement, column: 1)
      let half = numbers.count / 2
      // A replica's acts may come in any order, so a row's span may hold others' numbers.
      if let place = numbers[..<half].firstIndex(of: id.n) { return numbers[half + place] }
    }
    return nil
  }

  private func unpacked(_ statement: RawStatement, column: Int32) throws -> [UInt64] {
    guard let numbers = PackedNumbers.numbers(statement.bytes(column)) else { throw unreadable(statement.number(0)) }
    return numbers
  }

  func prepare(_ sql: String) throws -> RawStatement {
    try RawStatement(kept: sql, on: db, file: file, operation: "read")
  }

  private func unreadable(_ seq: UInt64) -> StoreError { .unreadable(file: file, seq: seq) }
}
