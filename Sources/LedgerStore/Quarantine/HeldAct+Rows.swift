package import EditModel
import GRDB
import LineProtocol

extension HeldAct.Key {
  /// The key of `act`.
  package init(_ act: Act) {
    self.init(id: act.id, digest: ContentDigest.of(act).hexadecimal)
  }

  /// Its columns, in the order `replica`, `n`, `digest`.
  var columns: StatementArguments { [id.replica.text.string, Int64(id.n), digest] }
}

extension HeldAct {
  /// The rows of `quarantined` that `clause` chooses, with what was decided of them. A row that is none is passed over.
  static func fetch(_ db: Database, _ clause: String, _ arguments: StatementArguments) throws -> [HeldAct] {
    let sql = """
      SELECT quarantined.replica, quarantined.n, quarantined.digest, quarantined.ledger, quarantined.at, lines,
        held_back.n NOT NULL AS held_back, decision.ledger AS decided_ledger, seat, accepts, decider,
        decision.at AS decided, answer
      FROM quarantined LEFT JOIN held_back USING (replica, n, digest) LEFT JOIN decision USING (replica, n, digest)
      \(clause)
      """
    return try Row.fetchAll(db, sql: sql, arguments: arguments).compactMap { row in
      ReplicaID(row[0] as String).map { HeldAct($0, row) }
    }
  }

  private init(_ replica: ReplicaID, _ row: Row) {
    self.init(
      key: Key(id: ActID(replica: replica, n: UInt64(clamping: row[1] as Int64)), digest: row[2]),
      ledger: (row[3] as String?).map { ExactString($0) }, at: Stamp(row: row[4]),
      cause: (row["held_back"] as Bool) ? .restore : .device,
      lines: (row[5] as String).split(separator: "\n", omittingEmptySubsequences: false).map(String.init),
      decision: Decision(row))
  }
}

extension HeldAct.Decision {
  fileprivate init?(_ row: Row) {
    guard let ledger = row["decided_ledger"] as String?, let seat = SeatID(row["seat"] as String),
      let decider = SeatID(row["decider"] as String)
    else { return nil }
    self.init(
      ledger: ExactString(ledger), seat: seat, accepts: row["accepts"], decider: decider, at: Stamp(row: row["decided"])
    )
    answer = row["answer"]
  }
}
