extension Schema {
  /// A server's file of acts that wait for a decision.
  ///
  /// `held_back` names those among `quarantined` whose device may come in: a ledger holds them back since a restore. `decision`
  /// says what was decided of an act; what came of it is in `answer`, as the author is told it, once the ledger's writer has done
  /// it.
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
      \(decisions)
      """,
    migrations: [decisions])

  /// What version 2 brought.
  private static let decisions = """
    CREATE TABLE held_back (
      replica TEXT NOT NULL,
      n INTEGER NOT NULL,
      digest TEXT NOT NULL,
      PRIMARY KEY (replica, n, digest)
    ) WITHOUT ROWID;
    CREATE TABLE decision (
      replica TEXT NOT NULL,
      n INTEGER NOT NULL,
      digest TEXT NOT NULL,
      ledger TEXT NOT NULL,
      seat TEXT NOT NULL,
      accepts INTEGER NOT NULL,
      decider TEXT NOT NULL,
      at INTEGER NOT NULL,
      answer TEXT,
      PRIMARY KEY (replica, n, digest)
    ) WITHOUT ROWID;
    """
}
