package import EditModel
import GRDB
import LineProtocol

/// What a ledger's machine begins with, beside the lines.
package struct LoadedFacts: Hashable, Sendable {
  /// The last accepted line, 0 when there is none.
  package let lastSeq: UInt64
  /// The derived rows are complete up to here; lines above it were visited one by one.
  package let applied: UInt64
  /// The greatest stamp in the history, receipts included: the server's time line is not below it.
  package let greatestStamp: Stamp
  /// The greatest n decided for each replica, accepted or refused.
  package let lastByReplica: [ReplicaID: UInt64]
}

extension ServerStore {
  /// Visits the winning lines in seq order, then every line behind `applied`: enough to have all cells. Answers the
  /// rest of what a server needs to go on.
  package func load(_ visit: (AcceptedEdit) -> Void) throws(StoreError) -> LoadedFacts {
    try read("load") { reading in
      let applied = try reading.applied()
      var greatest = greatestStamp
      var last = try reading.lastByReplica()
      // None of them is behind `applied`: both are written in one transaction.
      try reading.visitWinners(visit)
      try reading.visit(after: applied, through: HistoryReading.endless) { accepted in
        greatest = max(greatest, accepted.receipt, accepted.edit.stamp)
        last[accepted.edit.id.replica, default: 0] = max(last[accepted.edit.id.replica] ?? 0, accepted.edit.id.n)
        visit(accepted)
      }
      return LoadedFacts(lastSeq: try reading.lastSeq(), applied: applied, greatestStamp: greatest, lastByReplica: last)
    }
  }

  /// What was decided about act `id`; nil when nothing was.
  package func prior(_ id: ActID) throws(StoreError) -> PriorDecision? {
    try read("prior") { reading in
      if let row = try reading.shelved(id) { return .shelved(row) }
      guard let firstSeq = try reading.firstSeq(of: id) else { return nil }
      var edits: [AcceptedEdit] = []
      guard let first = try reading.accepted(firstSeq) else { return nil }
      let lastSeq = firstSeq + UInt64(first.edit.actSize) - 1
      try reading.visit(after: firstSeq - 1, through: lastSeq) { edits.append($0) }
      return .accepted(firstSeq: firstSeq, edits: edits)
    }
  }

  /// A connection for reading on another thread. It sees what is committed, and nothing before it is.
  package func reader() throws(StoreError) -> HistoryReader { try HistoryReader(path: path) }

  /// A connection that copies the log back on another thread.
  package func checkpointer() throws(StoreError) -> Checkpointer { try Checkpointer(path: path) }

  private func read<Result>(_ operation: String, _ body: (HistoryReading) throws -> Result) throws(StoreError) -> Result
  {
    let file = try readable()
    return try file.run(operation) { db in try body(HistoryReading(db: db, file: path)) }
  }
}

extension HistoryReading {
  /// The greatest n of each replica, as far as written behind, refused acts included.
  ///
  /// One look-up a replica, by skipping along the index: `GROUP BY` would walk over every act there is.
  fileprivate func lastByReplica() throws -> [ReplicaID: UInt64] {
    var last: [ReplicaID: UInt64] = [:]
    for table in ["act", "shelved"] {
      let sql = """
        WITH RECURSIVE each(replica) AS (
          SELECT min(replica) FROM \(table)
          UNION ALL
          SELECT (SELECT min(replica) FROM \(table) WHERE replica > each.replica) FROM each
          WHERE each.replica IS NOT NULL
        )
        SELECT replica, (SELECT max(n) FROM \(table) WHERE replica = each.replica) FROM each
        WHERE replica IS NOT NULL
        """
      for row in try Row.fetchAll(db.cachedStatement(sql: sql)) {
        guard let replica = ReplicaID(row[0] as String) else { continue }
        last[replica] = max(last[replica] ?? 0, UInt64(bitPattern: row[1]))
      }
    }
    return last
  }

  /// What was refused as `id`, nil when it was not.
  fileprivate func shelved(_ id: ActID) throws -> ShelvedRow? {
    try shelved("WHERE replica = ?1 AND n = ?2", [id.replica.text.string, Int64(bitPattern: id.n)]).first
  }

  /// Refused acts in the order of their identities.
  func shelved(_ condition: String, _ arguments: StatementArguments) throws -> [ShelvedRow] {
    let sql = "SELECT replica, n, lower(hex(digest)), answer FROM shelved \(condition) ORDER BY replica, n"
    return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: arguments).compactMap { row in
      guard let replica = ReplicaID(row[0] as String) else { return nil }
      return ShelvedRow(
        id: ActID(replica: replica, n: UInt64(bitPattern: row[1])), digest: [UInt8](hexadecimal: row[2]) ?? [],
        answer: row[3])
    }
  }
}
