import GRDB

/// What the server answered when it last let the device in, as a mark of its own, and what it was told of the device then:
/// with both as they were, a sync says and hears nothing of them again.
package struct ReplicaWelcome: Hashable, Sendable {
  /// The server's mark of its answer, sent back as it came.
  package let mark: String
  /// The software that the server was told of.
  package let software: String
  /// How far the clock was ahead of the server's, in milliseconds, as the server was told; nil: it was not told.
  package let offsetMilliseconds: Int64?

  /// From its parts.
  package init(mark: String, software: String, offsetMilliseconds: Int64?) {
    self.mark = mark
    self.software = software
    self.offsetMilliseconds = offsetMilliseconds
  }
}

extension ReplicaStore {
  /// What was kept of the last welcome; nil before the first, or from a server that marks none.
  package func welcome() throws(StoreError) -> ReplicaWelcome? {
    try file.run("read") { db in
      try Row.fetchOne(db.cachedStatement(sql: "SELECT mark, software, told_offset FROM welcome")).map { row in
        ReplicaWelcome(mark: row["mark"], software: row["software"], offsetMilliseconds: row["told_offset"])
      }
    }
  }

  /// Keeps `welcome`, or that there is none; writes nothing when that is known already.
  package func keep(welcome: ReplicaWelcome?) throws(StoreError) {
    guard try self.welcome() != welcome else { return }
    try change("keep a welcome") { db, _ in
      try db.executeKept(sql: "DELETE FROM welcome")
      guard let welcome else { return }
      try db.executeKept(
        sql: "INSERT INTO welcome (one, mark, software, told_offset) VALUES (1, ?, ?, ?)",
        arguments: [welcome.mark, welcome.software, welcome.offsetMilliseconds])
    }
  }
}
