package import EditModel
import GRDB
package import LedgerRules
import LineProtocol

/// How far the owner of a device has seen the news.
package struct Look: Hashable, Sendable {
  /// The greatest receipt that was among the lines then.
  package let receipt: Stamp
  /// The day of the look, in China.
  package let day: CivilDate

  /// A look from its parts.
  package init(receipt: Stamp, day: CivilDate) {
    self.receipt = receipt
    self.day = day
  }
}

// What the owner has looked at.

extension ReplicaStore {
  /// The last look; nil: there was none.
  package func look() throws(StoreError) -> Look? {
    try file.run("read") { db in
      guard let row = try Row.fetchOne(db.cachedStatement(sql: "SELECT receipt, day FROM look")) else { return nil }
      guard let day = CivilDate(row["day"] as String) else { throw StoreError.unreadable(file: self.file.path, seq: 0) }
      return Look(receipt: Stamp(rawValue: UInt64(bitPattern: row["receipt"])), day: day)
    }
  }

  /// The receipt of the newest confirmed line; nil while there is none. Receipts grow with the seq.
  package func newestReceipt() throws(StoreError) -> Stamp? {
    try file.run("read") { db in
      try String.fetchOne(db.cachedStatement(sql: "SELECT line FROM line ORDER BY seq DESC LIMIT 1")).flatMap {
        EditLine.accepted($0)?.receipt
      }
    }
  }

  /// The refused acts that the owner has been shown.
  package func seenRefusals() throws(StoreError) -> Set<ActID> {
    try file.run("read") { db in
      let rows = try Row.fetchAll(db.cachedStatement(sql: "SELECT replica, n FROM seen_refusal"))
      return Set(
        rows.compactMap { row in
          ReplicaID(row["replica"] as String).map { ActID(replica: $0, n: UInt64(row["n"] as Int64)) }
        })
    }
  }

  /// The beaten edits of the clashes that the owner has been shown.
  package func seenClashes() throws(StoreError) -> Set<EditID> {
    try file.run("read") { db in
      let rows = try Row.fetchAll(db.cachedStatement(sql: "SELECT replica, n, i FROM seen_clash"))
      return Set(
        rows.compactMap { row in EditID("\(row["replica"] as String).\(row["n"] as Int64)/\(row["i"] as Int64)") })
    }
  }

  /// Remembers a look at everything up to `look.receipt`, at the refused acts `refusals` and at `clashes`.
  package func remember(_ look: Look, refusals: [ActID], clashes: [EditID]) throws(StoreError) {
    try file.transaction("remember the look") { db in
      try db.executeKept(
        sql: "INSERT OR REPLACE INTO look (one, receipt, day) VALUES (1, ?, ?)",
        arguments: [Int64(bitPattern: look.receipt.rawValue), look.day.description])
      try db.executeKept(sql: "DELETE FROM seen_refusal")
      for act in refusals {
        try db.executeKept(
          sql: "INSERT INTO seen_refusal (replica, n) VALUES (?, ?)",
          arguments: [act.replica.description, Int64(act.n)])
      }
      try db.executeKept(sql: "DELETE FROM seen_clash")
      for edit in clashes {
        try db.executeKept(
          sql: "INSERT INTO seen_clash (replica, n, i) VALUES (?, ?, ?)",
          arguments: [edit.replica.description, Int64(edit.n), Int64(edit.i)])
      }
    }
  }
}
