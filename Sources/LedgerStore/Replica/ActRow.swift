import EditModel
import GRDB
import LineProtocol

/// A row of the table `act`. Its text says everything that the columns say and is checked as a whole: the columns only find
/// it, and one that says something else is as wrong as a changed text.
struct ActRow: Sendable {
  /// Of which of the replica's ids it is.
  let generation: Int
  /// The act.
  var act: Act
  /// How far it got.
  var phase: OwnActPhase
  /// The seq of its first edit, once it was accepted; else 0.
  var firstSeq: UInt64 = 0
  /// Whether an earlier epoch of the server had accepted it.
  var wasAccepted = false
  /// What the server answered when it refused the act.
  var answer: String?
  /// The file's revision at which it was written: of two remains of one act the later tells how it stood.
  var revision: Int64 = 0

  /// The row's text: how the act stands, and its author's parts, one a line.
  var text: String {
    let head = "\(generation) \(revision) \(phase.code) \(firstSeq) \(wasAccepted ? 1 : 0)"
    let lines = act.edits.map { EditLine.text($0) }
    return CheckedText.text(([head + (answer.map { " \($0)" } ?? "")] + lines).joined(separator: "\n"))
  }

  /// The same act, as an own one.
  var own: OwnAct {
    OwnAct(act: act, phase: phase, wasAccepted: wasAccepted, refusal: answer.map(StoredRefusal.init(answer:)))
  }

  /// Reads a row's text; nil unless it is exactly as it was written.
  init?(text: String) {
    guard let content = CheckedText.content(text) else { return nil }
    var lines = ActRow.parts(of: content, at: "\n", omitsEmpty: false)
    let head = ActRow.parts(of: lines.removeFirst(), at: " ", most: 5, omitsEmpty: true)
    guard head.count >= 5, let generation = Int(head[0]), let revision = Int64(head[1]), let code = Int(head[2]),
      let firstSeq = UInt64(head[3]), let phase = OwnActPhase(code: code, firstSeq: firstSeq),
      let act = ActRow.act(lines)
    else { return nil }
    self.init(
      generation: generation, act: act, phase: phase, firstSeq: firstSeq, wasAccepted: head[4] == "1",
      answer: head.count > 5 ? head[5] : nil, revision: revision)
  }

  /// Reads a row of the table; nil when another hand or a failing disk has been at it.
  init?(_ row: Row) {
    guard let text = String.fromDatabaseValue(row.of(.lines)), let read = ActRow(text: text), read.isFound(by: row)
    else { return nil }
    self = read
  }

  /// Reads a row as versions of the file before 11 have it, where nothing is checked.
  init?(unchecked row: Row) {
    guard let generation = Int.fromDatabaseValue(row.of(.generation)), let act = ActRow.act(row.lines),
      let code = Int.fromDatabaseValue(row.of(.phase)), let firstSeq = Int64.fromDatabaseValue(row.of(.firstSeq)),
      let phase = OwnActPhase(code: code, firstSeq: UInt64(clamping: firstSeq)),
      let wasAccepted = Bool.fromDatabaseValue(row.of(.wasAccepted))
    else { return nil }
    self.init(
      generation: generation, act: act, phase: phase, firstSeq: UInt64(clamping: firstSeq), wasAccepted: wasAccepted,
      answer: String.fromDatabaseValue(row.of(.answer)))
    guard isFound(by: row) else { return nil }
  }

  init(
    generation: Int, act: Act, phase: OwnActPhase, firstSeq: UInt64 = 0, wasAccepted: Bool = false,
    answer: String? = nil, revision: Int64 = 0
  ) {
    self.generation = generation
    self.act = act
    self.phase = phase
    self.firstSeq = firstSeq
    self.wasAccepted = wasAccepted
    self.answer = answer
    self.revision = revision
  }

  /// The parts of `text` between bytes `separator`. By bytes: where a character ends takes looking each up, and a line that
  /// begins with a combining mark would not be split off.
  static func parts(
    of text: String, at separator: Unicode.Scalar, most: Int = .max, omitsEmpty: Bool
  ) -> [String] {
    text.utf8.split(separator: UInt8(ascii: separator), maxSplits: most, omittingEmptySubsequences: omitsEmpty)
      .map { String(Substring($0)) }
  }

  private static func act(_ lines: [String]) -> Act? {
    let edits = lines.compactMap { EditLine.edit($0) }
    // What makes no act is damaged; how so, nobody asks.
    guard edits.count == lines.count, let act = try? Act(edits: edits) else { return nil }
    return act
  }

  /// Whether the columns say what the text says.
  private func isFound(by row: Row) -> Bool {
    row.of(.generation) == generation.databaseValue && row.of(.n) == Int64(act.id.n).databaseValue
      && row.of(.phase) == phase.code.databaseValue && row.of(.firstSeq) == Int64(firstSeq).databaseValue
      && row.of(.wasAccepted) == wasAccepted.databaseValue && row.of(.answer) == answer.databaseValue
  }
}

/// The columns of the table `act`, in their order, and behind them the id of their generation where that was asked for.
enum ActColumn: Int {
  case generation, n, phase, firstSeq, wasAccepted, answer, lines, replica

  /// How many the table has.
  static let count = ActColumn.replica.rawValue
}

extension Row {
  /// A column of a row of the table `act`. By its place: the names stand in the file too, and may be what is damaged there.
  func of(_ column: ActColumn) -> DatabaseValue { column.rawValue < count ? self[column.rawValue] : .null }

  /// The lines of a row of the table `act`, without its head; none where it holds no text.
  var lines: [String] {
    ActRow.parts(of: String.fromDatabaseValue(of(.lines)) ?? "", at: "\n", omitsEmpty: true)
  }
}

// How rows of the table `act` are written: in no other way.

extension ReplicaStore {
  /// Every own act in the file that can be read, in the device's own order. `condition` is one of a few texts: its values are
  /// `arguments`.
  func ownActs(
    _ db: Database, where condition: String = "1", _ arguments: StatementArguments = StatementArguments()
  ) throws -> [OwnAct] {
    try actRows(db, where: condition, arguments: arguments).map(\.own)
  }

  private func actRows(_ db: Database, where condition: String, arguments: StatementArguments) throws -> [ActRow] {
    let statement = try db.cachedStatement(sql: "SELECT * FROM act WHERE \(condition) ORDER BY generation, n")
    let rows = try Row.fetchCursor(statement, arguments: arguments)
    var acts: [ActRow] = []
    // Row by row: a copy of each would be made for nothing.
    while let row = try rows.next() { if let act = ActRow(row) { acts.append(act) } }
    return acts
  }

  /// Writes an act's row, in the place of one that is there.
  func write(_ row: ActRow, _ db: Database) throws {
    var row = row
    row.revision = try Int64.fetchOne(db.cachedStatement(sql: "SELECT revision FROM replica")) ?? 0
    try db.executeKept(
      sql: """
        INSERT OR REPLACE INTO act (generation, n, phase, first_seq, was_accepted, answer, lines)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        row.generation, Int64(row.act.id.n), row.phase.code, Int64(row.firstSeq), row.wasAccepted, row.answer, row.text,
      ])
  }

  /// Changes the rows that `condition` finds, but for those that cannot be read: nothing is known of these that could be
  /// written under a new checksum.
  func change(
    _ db: Database, where condition: String, arguments: StatementArguments, _ change: (inout ActRow) -> Void
  ) throws {
    for var row in try actRows(db, where: condition, arguments: arguments) {
      change(&row)
      try write(row, db)
    }
  }

  /// Changes the row of `act`, if it is there and can be read.
  func change(_ act: ActID, _ db: Database, _ change: (inout ActRow) -> Void) throws {
    try self.change(
      db, where: "n = ? AND generation = (SELECT generation FROM identity WHERE replica = ?)",
      arguments: [Int64(act.n), act.replica.description], change)
  }

  /// Gives the rows of an older file their checksums. Those that could not be read before stay as they are, and with them
  /// that their owner is not told of some of them any more.
  func checkOldActs() throws(StoreError) {
    try file.transaction("give acts their checksums") { db in
      guard try Int.fetchOne(db, sql: "SELECT 1 FROM unchecked_acts") != nil else { return }
      for row in try Row.fetchAll(db, sql: "SELECT * FROM act") {
        if let row = ActRow(unchecked: row) {
          try self.write(row, db)
        } else if row.of(.phase) == OwnActPhase.discarded.code.databaseValue {
          try self.dismiss(row, db)
        }
      }
      try db.execute(sql: "DELETE FROM unchecked_acts")
      try self.touch(db)
    }
  }
}
