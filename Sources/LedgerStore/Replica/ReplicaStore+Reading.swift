package import EditModel
import GRDB
import LineProtocol

/// Figures about a replica that need counting.
package struct ReplicaCounts: Sendable {
  /// Own acts that the server has not decided.
  package let unsent: Int
  /// Own acts that it accepted and whose lines have not come back.
  package let acknowledged: Int
  /// Own acts on the shelf.
  package let shelved: Int
  /// Confirmed lines.
  package let lines: Int

  /// Whether nothing own waits for the server.
  package var isSettled: Bool { unsent == 0 && acknowledged == 0 }
}

extension ReplicaStore {
  /// Figures about the replica.
  package func counts() throws(StoreError) -> ReplicaCounts {
    try file.snapshot("read") { db in
      // A row that cannot be read never moves on, and must hold up nobody who waits for the others.
      let own = try self.ownActs(db, where: "phase IN (0, 1, 2, 3, 4)").map(\.phase)
      let (unsent, shelved) = (own.count(where: \.isUndecided), own.count { $0 == .shelved })
      return ReplicaCounts(
        unsent: unsent, acknowledged: own.count - unsent - shelved, shelved: shelved,
        lines: try Int.fetchOne(db.cachedStatement(sql: "SELECT count(*) FROM line")) ?? 0)
    }
  }

  /// Own acts that were refused, without reading the ledger that they are of.
  package func refusedActs() throws(StoreError) -> [OwnAct] {
    try file.snapshot("read") { db in try self.ownActs(db, where: "phase = 4") }
  }

  /// The confirmed edits of an entity, or of one field of it, in seq order.
  package func history(of entity: EntityID, field: FieldName?) throws(StoreError) -> [AcceptedEdit] {
    let lines = try file.snapshot("read") { db in
      try String.fetchAll(
        db.cachedStatement(sql: "SELECT line FROM line WHERE entity = ? ORDER BY seq"),
        arguments: [entity.description])
    }
    return lines.compactMap { EditLine.accepted($0) }.filter {
      field == nil || $0.edit.field == field
    }
  }

  /// The confirmed lines that came after the `arrival`-th, in the order in which they came; and the number of the last.
  package func arrived(
    after arrival: UInt64
  ) throws(StoreError) -> (
    lines: [AcceptedEdit], last: UInt64
  ) {
    try file.snapshot("read") { db in
      let rows = try Row.fetchAll(
        db.cachedStatement(sql: "SELECT arrival, line FROM line WHERE arrival > ? ORDER BY arrival"),
        arguments: [Int64(arrival)])
      let last = rows.last.map { UInt64($0["arrival"] as Int64) } ?? arrival
      return (rows.compactMap { EditLine.accepted($0["line"] as String) }, last)
    }
  }

  /// The edit with this identity: the server's line of it, also one that a server which went back has lost and its author
  /// has not brought again, or an own one that is not confirmed; nil when none is here.
  package func edit(_ id: EditID) throws(StoreError) -> Edit? {
    try file.snapshot("read") { db in
      // Another copy of the folder may have made another act under the number of one that waits here.
      let own = try self.ownActs(db, where: "n = \(id.n)").flatMap(\.act.edits).first { $0.id == id }
      return try own ?? self.kept(id, in: "line", db) ?? self.kept(id, in: "surplus", db)
    }
  }

  private func kept(_ id: EditID, in table: String, _ db: Database) throws -> Edit? {
    try accepted(id, in: table, db)?.edit
  }

  /// The line of an edit in one of the tables that have some.
  func accepted(_ id: EditID, in table: String, _ db: Database) throws -> AcceptedEdit? {
    try String.fetchOne(
      db.cachedStatement(sql: "SELECT line FROM \(table) WHERE replica = ? AND n = ? AND i = ?"),
      arguments: [id.replica.description, Int64(id.n), Int64(id.i)]
    ).flatMap { EditLine.accepted($0) }
  }

  /// How far an own act got; nil when it is not one of this replica.
  package func phase(of act: ActID) throws(StoreError) -> OwnActPhase? {
    try file.snapshot("read") { db in
      if let own = try self.ownActs(db, where: "n = \(act.n)").first(where: { $0.act.id == act }) {
        return own.phase
      }
      let sql =
        """
        SELECT 1 FROM (SELECT replica, n FROM line UNION ALL SELECT replica, n FROM withdrawn_line)
        JOIN identity USING (replica) WHERE replica = ? AND n = ? LIMIT 1
        """
      let found = try Int.fetchOne(db.cachedStatement(sql: sql), arguments: [act.replica.description, Int64(act.n)])
      return found == nil ? nil : .confirmed
    }
  }

  /// Lines that this replica holds and the server, after going back, has not sent again; by identity.
  package func surplus() throws(StoreError) -> [AcceptedEdit] {
    try file.snapshot("read") { db in
      try String.fetchAll(db.cachedStatement(sql: "SELECT line FROM surplus ORDER BY replica, n, i"))
    }.compactMap { EditLine.accepted($0) }
  }

  /// Those of `notices` that were not yet shown for the last time and still hold, oldest first, and the number of the last.
  /// That something was taken away holds no more when it is here again.
  package func openNotices() throws(StoreError) -> (notices: [ReplicaNotice], last: Int64) {
    try file.snapshot("read") { db in
      let rows = try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT kind, detail, number FROM notice WHERE number > (SELECT coalesce(max(notice), 0) FROM settled)
            ORDER BY number
            """))
      let notices = try rows.compactMap { ReplicaNotice(kind: $0["kind"], detail: $0["detail"]) }
        .filter { try !self.isOver($0, db) }
      return (notices, rows.last.map { $0["number"] } ?? 0)
    }
  }

  /// Whether what was taken away is here again.
  private func isOver(_ notice: ReplicaNotice, _ db: Database) throws -> Bool {
    guard case .takenAway(let entity, _) = notice else { return false }
    if case .created(let made) = entity, try kept(made, in: "line", db) != nil { return true }
    return try Bool.fetchOne(
      db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM line WHERE entity = ?)"), arguments: [entity.description])
      ?? false
  }

  /// How the self-found problems are known that went out of the seat's sight, whether that was shown or not.
  package func goneTexts() throws(StoreError) -> [EntityID: String] {
    let taken = try notices().compactMap { notice in
      if case .takenAway(let entity, let said?) = notice { (entity, said) } else { nil }
    }
    return Dictionary(taken, uniquingKeysWith: { _, last in last })
  }

  /// The notices up to number `last` need not be shown again.
  package func settleNotices(through last: Int64) throws(StoreError) {
    try change("settle notices") { db, _ in
      try db.executeKept(sql: "DELETE FROM settled")
      try db.executeKept(sql: "INSERT INTO settled VALUES (?)", arguments: [last])
    }
  }

  /// What the owner was ever to be told about the replica as a whole, oldest first.
  package func notices() throws(StoreError) -> [ReplicaNotice] {
    try file.snapshot("read") { db in
      try Row.fetchAll(db.cachedStatement(sql: "SELECT kind, detail FROM notice ORDER BY number"))
        .compactMap { ReplicaNotice(kind: $0["kind"], detail: $0["detail"]) }
    }
  }
}

extension ReplicaStore {
  /// How many lines ever arrived: moves with every new line.
  package func arrivals() throws(StoreError) -> UInt64 {
    try header().arrivals
  }
}
