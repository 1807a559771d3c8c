extension Schema {
  /// A server's file of acts that wait for a decision.
  static let quarantine = Schema(
    applicationID: 0x747A_7172,  // "tzqr"
    noun: "quarantine file",
    current: """
      CREATE TABLE quarantined (
        replica TEXT NOT NULL,
        n INTEGER NOT NULL,
        digest TEXT NOT NULL,
        ledger TEXT,
        at INTEGER NOT NULL,
        size INTEGER NOT NULL,
        lines TEXT NOT NULL,
        PRIMARY KEY (replica, n, digest)
      ) WITHOUT ROWID;
      """,
    migrations: [])
}
