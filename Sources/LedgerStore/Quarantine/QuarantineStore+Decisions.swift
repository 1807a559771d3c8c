package import EditModel
import GRDB

/// What is decided of held acts. Whoever decides writes it here; the ledger's writer does it and writes what came of it.
extension QuarantineStore {
  /// Everything that is held, decided or not, in the order of devices and their numbers.
  package func all() throws(StoreError) -> [HeldAct] {
    try file.run("read quarantine") { db in
      try HeldAct.fetch(db, "ORDER BY quarantined.replica, quarantined.n, quarantined.at", [])
    }
  }

  /// Writes down `decision` for each of `keys`, all or none; one that came to nothing for good is put in its place. Those that
  /// stand in the ledger or were refused for good, and those that are not here, are left as they are; answers how many were
  /// decided.
  @discardableResult
  package func decide(_ keys: [HeldAct.Key], _ decision: HeldAct.Decision) throws(StoreError) -> Int {
    let sql = """
      INSERT INTO decision (replica, n, digest, ledger, seat, accepts, decider, at)
      SELECT replica, n, digest, ?, ?, ?, ?, ? FROM quarantined WHERE replica = ? AND n = ? AND digest = ?
      ON CONFLICT DO UPDATE SET ledger = excluded.ledger, seat = excluded.seat, accepts = excluded.accepts,
        decider = excluded.decider, at = excluded.at, answer = NULL
      WHERE answer IS NULL OR NOT (answer LIKE 'ok %' OR answer LIKE 'shelve %')
      """
    return try file.transaction("decide") { db in
      var count = 0
      for key in keys {
        let words: StatementArguments = [
          decision.ledger.string, decision.seat.description, decision.accepts, decision.decider.description,
          decision.at.column,
        ]
        try db.execute(sql: sql, arguments: words + key.columns)
        count += db.changesCount
      }
      return count
    }
  }

  /// What was decided and not done yet, in the order of devices and their numbers.
  package func undone() throws(StoreError) -> [HeldAct] {
    try file.run("read quarantine") { db in
      try HeldAct.fetch(
        db,
        "WHERE decision.decider NOT NULL AND answer IS NULL ORDER BY quarantined.replica, quarantined.n, quarantined.at",
        [])
    }
  }

  /// Writes down what came of decisions.
  package func record(_ answers: [HeldAct.Key: String]) throws(StoreError) {
    try file.transaction("record decisions") { db in
      for (key, answer) in answers {
        try db.execute(
          sql: "UPDATE decision SET answer = ? WHERE replica = ? AND n = ? AND digest = ?",
          arguments: [answer] + key.columns)
      }
    }
  }

  /// Forgets what was decided for `ledger` and came to a line above `seq`, which a restore has taken away: it waits again.
  package func forgetAccepted(in ledger: ExactString, above seq: UInt64) throws(StoreError) {
    try file.transaction("forget decisions") { db in
      try db.execute(
        sql: "DELETE FROM decision WHERE ledger = ? AND answer LIKE 'ok %' AND CAST(substr(answer, 4) AS INTEGER) > ?",
        arguments: [ledger.string, Int64(clamping: seq)])
    }
  }

  /// A number that changes whenever another connection writes.
  package func changeNumber() throws(StoreError) -> Int64 {
    try file.run("look at quarantine") { try Int64.fetchOne($0, sql: "PRAGMA data_version") ?? 0 }
  }
}
