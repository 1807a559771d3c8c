extension Schema {
  /// A server's file of one ledger.
  ///
  /// `history` is the truth and the only table of the hot path, with `shelved`, what was refused for good. A row of it
  /// is a run of lines (`HistoryRun`) under the seq of its last. `cell`, `touched` and `act` are derived from it, behind
  /// it by what came after `ledger.applied`. A row of `touched` holds the lines of one entity in one slice of the
  /// history, under the last of them; a row of `act` the acts of one replica, from `least` to `n` (`PackedNumbers`). A row
  /// of `chain` holds the links of lines under the last of them (`ChainRow`), behind the history as those are, and is made
  /// of it and of chance: what is lost of it cannot be made again. `linked_fork` says of an epoch how far it shares the links of
  /// the one before; without a row it shares none. `held` has a row where the ledger was restored to an earlier moment: acts whose
  /// stamp is not after `through` are not taken in without a decision.
  static let ledger = Schema(
    applicationID: 0x747A_6C67,  // "tzlg"
    noun: "ledger file",
    current: """
      CREATE TABLE ledger (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        name TEXT NOT NULL,
        created INTEGER NOT NULL,
        archived INTEGER NOT NULL DEFAULT 0,
        applied INTEGER NOT NULL DEFAULT 0,
        greatest_stamp INTEGER NOT NULL DEFAULT 0
      );
      CREATE TABLE epoch (
        generation INTEGER PRIMARY KEY,
        id INTEGER NOT NULL,
        fork_seq INTEGER NOT NULL
      );
      CREATE TABLE history (
        seq INTEGER PRIMARY KEY,
        lines BLOB NOT NULL
      );
      CREATE TABLE shelved (
        replica TEXT NOT NULL,
        n INTEGER NOT NULL,
        at INTEGER NOT NULL,
        digest BLOB NOT NULL,
        answer TEXT NOT NULL,
        PRIMARY KEY (replica, n)
      ) WITHOUT ROWID;
      CREATE TABLE cell (
        entity TEXT NOT NULL,
        field TEXT NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (entity, field)
      ) WITHOUT ROWID;
      CREATE TABLE touched (
        entity TEXT NOT NULL,
        seq INTEGER NOT NULL,
        seqs BLOB NOT NULL,
        PRIMARY KEY (entity, seq)
      ) WITHOUT ROWID;
      CREATE TABLE act (
        replica TEXT NOT NULL,
        n INTEGER NOT NULL,
        least INTEGER NOT NULL,
        acts BLOB NOT NULL,
        PRIMARY KEY (replica, n)
      ) WITHOUT ROWID;
      \(chain)
      \(linkedFork)
      \(held)
      """, migrations: [chain, linkedFork, held])

  /// What version 4 brought.
  private static let held = """
    CREATE TABLE held (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      through INTEGER NOT NULL
    );
    """

  /// What version 3 brought.
  private static let linkedFork = """
    CREATE TABLE linked_fork (
      generation INTEGER PRIMARY KEY,
      seq INTEGER NOT NULL
    );
    """

  /// What version 2 brought.
  private static let chain = """
    CREATE TABLE chain (
      seq INTEGER PRIMARY KEY,
      salts BLOB NOT NULL,
      checks BLOB NOT NULL,
      link BLOB NOT NULL
    );
    """
}
