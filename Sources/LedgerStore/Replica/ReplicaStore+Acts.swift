package import EditModel
import GRDB
import LineProtocol

// The rows of own acts, and those of them that cannot be read any more.

/// An own act whose row was damaged: kept as it is, shown nowhere and never sent, so that all others can be.
package struct DamagedAct: Hashable, Sendable {
  /// The act.
  package let id: ActID
  /// Whether a byte of it may have left before.
  package let mayHaveBeenSent: Bool
  /// Those of its edits that can still be read.
  package let edits: [Edit]

  /// What is known of a damaged act.
  package init(id: ActID, mayHaveBeenSent: Bool, edits: [Edit]) {
    self.id = id
    self.mayHaveBeenSent = mayHaveBeenSent
    self.edits = edits
  }
}

extension ReplicaStore {
  /// Every own act in the file that can be read, in the device's own order.
  /// `condition` is one of a few texts: its values are `arguments`.
  func ownActs(
    _ db: Database, where condition: String = "1", _ arguments: StatementArguments = StatementArguments()
  ) throws -> [OwnAct] {
    let statement = try db.cachedStatement(sql: "SELECT * FROM act WHERE \(condition) ORDER BY generation, n")
    let rows = try Row.fetchCursor(statement, arguments: arguments)
    var acts: [OwnAct] = []
    // Row by row, not as copies, in which GRDB looks for a column by comparing names.
    while let row = try rows.next() { if let own = OwnAct(row) { acts.append(own) } }
    return acts
  }

  /// The own acts whose row cannot be read. What the server has sent back in its own words is not among them: nothing of
  /// that is lost. Nor is what a person has taken off the shelf.
  package func damagedActs() throws(StoreError) -> [DamagedAct] {
    try file.snapshot("read") { db in try self.damagedActs(db) }
  }

  func damagedActs(_ db: Database) throws -> [DamagedAct] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT act.*, identity.replica FROM act JOIN identity USING (generation)
          WHERE phase <> 6 AND NOT EXISTS (
            SELECT 1 FROM (SELECT replica, n FROM line UNION ALL SELECT replica, n FROM withdrawn_line) AS known
            WHERE known.replica = identity.replica AND known.n = act.n)
          ORDER BY generation, n
          """)
    ).filter { OwnAct($0) == nil }.compactMap(DamagedAct.init)
  }
}

extension OwnAct {
  /// Reads a row of the table `act`; nil when another hand or a failing disk has been at it.
  init?(_ row: Row) {
    let lines = row.lines
    let edits = lines.compactMap { EditLine.edit($0) }
    guard edits.count == lines.count, let act = try? Act(edits: edits), let n = Int64.fromDatabaseValue(row["n"]),
      UInt64(clamping: n) == act.id.n, let phase = OwnActPhase(row),
      let wasAccepted = Bool.fromDatabaseValue(row["was_accepted"])
    else { return nil }
    self.init(
      act: act, phase: phase, wasAccepted: wasAccepted,
      refusal: String.fromDatabaseValue(row["answer"]).map(StoredRefusal.init(answer:)))
  }
}

extension DamagedAct {
  fileprivate init?(_ row: Row) {
    guard let name = String.fromDatabaseValue(row["replica"]), let replica = ReplicaID(name),
      let n = Int64.fromDatabaseValue(row["n"])
    else { return nil }
    self.init(
      id: ActID(replica: replica, n: UInt64(clamping: n)), mayHaveBeenSent: OwnActPhase(row) != .pending,
      edits: row.lines.compactMap { EditLine.edit($0) })
  }
}

extension OwnActPhase {
  /// The phase of a row of the table `act`; nil where there is none that this version writes.
  fileprivate init?(_ row: Row) {
    guard let code = Int.fromDatabaseValue(row["phase"]), let seq = Int64.fromDatabaseValue(row["first_seq"]) else {
      return nil
    }
    self.init(code: code, firstSeq: UInt64(clamping: seq))
  }
}

extension Row {
  /// The edits of a row of the table `act`, one a line; none where it holds no text.
  fileprivate var lines: [String] {
    (String.fromDatabaseValue(self["lines"]) ?? "").utf8.split(separator: UInt8(ascii: "\n")).map {
      String(Substring($0))
    }
  }
}
