import Testing

@testable import LedgerStore

/// A schema as a released version wrote it. Rows are added with each version and never changed.
struct FrozenSchema: CustomTestStringConvertible, Sendable {
  let schema: Schema
  let version: Int
  let sql: String

  var testDescription: String { "\(schema.noun), version \(version)" }

  static let all = [
    FrozenSchema(schema: .quarantine, version: 1, sql: quarantine1),
    FrozenSchema(schema: .quarantine, version: 2, sql: quarantine2),
    FrozenSchema(schema: .ledger, version: 1, sql: ledger1), FrozenSchema(schema: .ledger, version: 2, sql: ledger2),
    FrozenSchema(schema: .ledger, version: 3, sql: ledger3), FrozenSchema(schema: .ledger, version: 4, sql: ledger4),
    FrozenSchema(schema: .seats, version: 1, sql: seats1),
    FrozenSchema(schema: .seats, version: 2, sql: seats2), FrozenSchema(schema: .seats, version: 3, sql: seats3),
    FrozenSchema(schema: .replica, version: 1, sql: replica1),
    FrozenSchema(schema: .replica, version: 2, sql: replica2),
    FrozenSchema(schema: .replica, version: 3, sql: replica3),
    FrozenSchema(schema: .replica, version: 4, sql: replica4),
    FrozenSchema(schema: .replica, version: 5, sql: replica5),
    FrozenSchema(schema: .replica, version: 6, sql: replica6),
    FrozenSchema(schema: .replica, version: 7, sql: replica7),
    FrozenSchema(schema: .replica, version: 8, sql: replica8),
    FrozenSchema(schema: .replica, version: 9, sql: replica9),
    FrozenSchema(schema: .replica, version: 10, sql: replica10),
    FrozenSchema(schema: .replica, version: 11, sql: replica11),
    FrozenSchema(schema: .replica, version: 12, sql: replica12),
    FrozenSchema(schema: .replica, version: 13, sql: replica13),
  ]

  private static let ledger1 = """
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
    """

  private static let ledger4 =
    ledger3 + """
      CREATE TABLE held (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        through INTEGER NOT NULL
      );
      """

  private static let ledger3 =
    ledger2 + """
      CREATE TABLE linked_fork (
        generation INTEGER PRIMARY KEY,
        seq INTEGER NOT NULL
      );
      """

  private static let ledger2 = """
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
    CREATE TABLE chain (
      seq INTEGER PRIMARY KEY,
      salts BLOB NOT NULL,
      checks BLOB NOT NULL,
      link BLOB NOT NULL
    );
    """

  private static let quarantine2 =
    quarantine1 + """
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

  private static let quarantine1 = """
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
    """

  private static let seats1 = """
    CREATE TABLE ledger (
      name TEXT PRIMARY KEY,
      added INTEGER NOT NULL,
      archived INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID;
    CREATE TABLE seat (
      name TEXT PRIMARY KEY,
      ledger TEXT NOT NULL REFERENCES ledger (name),
      role TEXT NOT NULL,
      place TEXT
    ) WITHOUT ROWID;
    CREATE TABLE device (
      replica TEXT PRIMARY KEY,
      seat TEXT NOT NULL REFERENCES seat (name),
      secret TEXT NOT NULL,
      enrolled INTEGER NOT NULL,
      contact INTEGER,
      unsent INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID;
    """

  private static let seats2 = """
    CREATE TABLE ledger (
      name TEXT PRIMARY KEY,
      added INTEGER NOT NULL,
      archived INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID;
    CREATE TABLE seat (
      ledger TEXT NOT NULL REFERENCES ledger (name),
      name TEXT NOT NULL,
      role TEXT NOT NULL,
      place TEXT,
      PRIMARY KEY (ledger, name)
    ) WITHOUT ROWID;
    CREATE TABLE device (
      replica TEXT PRIMARY KEY,
      ledger TEXT NOT NULL,
      seat TEXT NOT NULL,
      secret TEXT NOT NULL,
      enrolled INTEGER NOT NULL,
      contact INTEGER,
      unsent INTEGER NOT NULL DEFAULT 0,
      FOREIGN KEY (ledger, seat) REFERENCES seat (ledger, name)
    ) WITHOUT ROWID;
    """

  private static let seats3 = """
    CREATE TABLE ledger (
      name TEXT PRIMARY KEY,
      added INTEGER NOT NULL,
      archived INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID;
    CREATE TABLE seat (
      ledger TEXT NOT NULL REFERENCES ledger (name),
      name TEXT NOT NULL,
      role TEXT NOT NULL,
      place TEXT,
      PRIMARY KEY (ledger, name)
    ) WITHOUT ROWID;
    CREATE TABLE device (
      replica TEXT PRIMARY KEY,
      ledger TEXT NOT NULL,
      seat TEXT NOT NULL,
      secret TEXT NOT NULL,
      enrolled INTEGER NOT NULL,
      contact INTEGER,
      unsent INTEGER NOT NULL DEFAULT 0,
      key TEXT,
      name TEXT,
      version TEXT,
      clock_offset INTEGER,
      revoked INTEGER,
      FOREIGN KEY (ledger, seat) REFERENCES seat (ledger, name)
    ) WITHOUT ROWID;
    CREATE TABLE holder (
      ledger TEXT NOT NULL,
      seat TEXT NOT NULL,
      began INTEGER NOT NULL,
      person TEXT NOT NULL,
      until TEXT,
      ended INTEGER,
      PRIMARY KEY (ledger, seat, began),
      FOREIGN KEY (ledger, seat) REFERENCES seat (ledger, name)
    ) WITHOUT ROWID;
    CREATE UNIQUE INDEX present_holder ON holder (ledger, seat) WHERE ended IS NULL;
    CREATE TABLE enrolment (
      lookup TEXT PRIMARY KEY,
      ledger TEXT NOT NULL,
      seat TEXT NOT NULL,
      key TEXT NOT NULL,
      made INTEGER NOT NULL,
      expires INTEGER NOT NULL,
      used TEXT,
      replica TEXT,
      again TEXT,
      FOREIGN KEY (ledger, seat) REFERENCES seat (ledger, name)
    ) WITHOUT ROWID;
    CREATE TABLE setting (
      name TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE audit (
      number INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      who TEXT NOT NULL,
      what TEXT NOT NULL,
      link TEXT NOT NULL
    );
    CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
      BEGIN SELECT RAISE(ABORT, 'the audit log is only appended to'); END;
    CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
      BEGIN SELECT RAISE(ABORT, 'the audit log is only appended to'); END;
    """

  private static let replica6 =
    replica5 + """
      CREATE TABLE removal (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        removed_at INTEGER NOT NULL,
        handed_over INTEGER NOT NULL
      );
      CREATE TABLE holder (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        holder TEXT NOT NULL
      );
      """

  private static let replica7 =
    replica6 + """
      CREATE TABLE moving (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        moving_to TEXT NOT NULL
      );
      """

  private static let replica13 =
    replica12 + """
      CREATE TABLE told_number (
        replica TEXT NOT NULL,
        n INTEGER NOT NULL,
        i INTEGER NOT NULL,
        number INTEGER NOT NULL,
        PRIMARY KEY (replica, n, i)
      ) WITHOUT ROWID;
      """

  private static let replica12 =
    replica11 + """
      CREATE TABLE given_out (
        generation INTEGER PRIMARY KEY,
        counter INTEGER NOT NULL
      );
      CREATE TABLE renamed (
        generation INTEGER NOT NULL,
        n INTEGER NOT NULL,
        PRIMARY KEY (generation, n)
      ) WITHOUT ROWID;
      DROP TABLE surplus;
      CREATE TABLE surplus (
        replica TEXT NOT NULL,
        n INTEGER NOT NULL,
        i INTEGER NOT NULL,
        line TEXT NOT NULL,
        PRIMARY KEY (replica, n, i, line)
      ) WITHOUT ROWID;
      """

  private static let replica11 =
    replica10 + """
      CREATE TABLE unchecked_acts (
        one INTEGER PRIMARY KEY CHECK (one = 1)
      );
      CREATE TABLE dismissed (
        generation INTEGER NOT NULL,
        n INTEGER NOT NULL,
        PRIMARY KEY (generation, n)
      ) WITHOUT ROWID;
      """

  private static let replica10 =
    replica9 + """
      CREATE TABLE welcome (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        mark TEXT NOT NULL,
        software TEXT NOT NULL,
        told_offset INTEGER
      );
      """

  private static let replica9 =
    replica8
      + """
      CREATE TABLE contended (
        entity TEXT NOT NULL,
        field TEXT NOT NULL,
        stale INTEGER NOT NULL,
        PRIMARY KEY (entity, field)
      ) WITHOUT ROWID;
      CREATE TABLE clash (
        seq INTEGER PRIMARY KEY,
        entity TEXT NOT NULL,
        field TEXT NOT NULL
      );
      CREATE INDEX clash_cell ON clash (entity, field);
      CREATE TABLE unread_branches (
        one INTEGER PRIMARY KEY CHECK (one = 1)
      );
      CREATE TABLE look (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        receipt INTEGER NOT NULL,
        day TEXT NOT NULL
      );
      CREATE TABLE seen_refusal (
        replica TEXT NOT NULL,
        n INTEGER NOT NULL,
        PRIMARY KEY (replica, n)
      ) WITHOUT ROWID;
      CREATE TABLE seen_clash (
        replica TEXT NOT NULL,
        n INTEGER NOT NULL,
        i INTEGER NOT NULL,
        PRIMARY KEY (replica, n, i)
      ) WITHOUT ROWID;
      """

  private static let replica8 =
    replica7 + """
      CREATE TABLE anchor (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        anchor_now INTEGER NOT NULL,
        anchor_wall INTEGER NOT NULL,
        anchor_boot_clock INTEGER NOT NULL,
        anchor_boot TEXT
      );
      CREATE TABLE moment (
        replica TEXT NOT NULL,
        n INTEGER NOT NULL,
        wall INTEGER NOT NULL,
        boot_clock INTEGER NOT NULL,
        boot TEXT,
        seen INTEGER NOT NULL,
        anchored INTEGER NOT NULL,
        PRIMARY KEY (replica, n)
      ) WITHOUT ROWID;
      """

  private static let replica2 =
    replica1 + """
      CREATE TABLE undo (
        undone_replica TEXT NOT NULL,
        undone_n INTEGER NOT NULL,
        replica TEXT,
        n INTEGER
      );
      """

  private static let replica5 =
    replica4 + """
      CREATE TABLE trust (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        authority TEXT NOT NULL,
        certificate TEXT NOT NULL,
        second TEXT,
        lookup TEXT NOT NULL
      );
      """

  private static let replica3 =
    replica2 + """
      CREATE TABLE settled (
        notice INTEGER NOT NULL
      );
      """

  private static let replica4 =
    replica3 + """
      CREATE TABLE withdrawn_line (
        seq INTEGER PRIMARY KEY,
        replica TEXT NOT NULL,
        n INTEGER NOT NULL,
        i INTEGER NOT NULL,
        line TEXT NOT NULL,
        UNIQUE (replica, n, i)
      );
      """

  private static let replica1 = """
    CREATE TABLE replica (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      server TEXT NOT NULL,
      ledger TEXT NOT NULL,
      seat TEXT,
      role TEXT,
      place TEXT,
      generation INTEGER NOT NULL DEFAULT 0,
      counter INTEGER NOT NULL DEFAULT 0,
      clock INTEGER NOT NULL DEFAULT 0,
      seen INTEGER NOT NULL DEFAULT 0,
      time_offset INTEGER,
      contact INTEGER,
      epoch TEXT,
      cursor TEXT,
      reached INTEGER NOT NULL DEFAULT 0,
      needs_new_id INTEGER NOT NULL DEFAULT 0,
      revision INTEGER NOT NULL DEFAULT 0,
      arrivals INTEGER NOT NULL DEFAULT 0,
      drops INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE identity (
      generation INTEGER PRIMARY KEY,
      replica TEXT NOT NULL UNIQUE,
      secret TEXT NOT NULL
    );
    CREATE TABLE act (
      generation INTEGER NOT NULL,
      n INTEGER NOT NULL,
      phase INTEGER NOT NULL,
      first_seq INTEGER NOT NULL DEFAULT 0,
      was_accepted INTEGER NOT NULL DEFAULT 0,
      answer TEXT,
      lines TEXT NOT NULL,
      PRIMARY KEY (generation, n)
    ) WITHOUT ROWID;
    CREATE TABLE line (
      seq INTEGER PRIMARY KEY,
      arrival INTEGER NOT NULL UNIQUE,
      replica TEXT NOT NULL,
      n INTEGER NOT NULL,
      i INTEGER NOT NULL,
      entity TEXT NOT NULL,
      line TEXT NOT NULL,
      UNIQUE (replica, n, i)
    );
    CREATE INDEX line_entity ON line (entity);
    CREATE TABLE winner (
      entity TEXT NOT NULL,
      field TEXT NOT NULL,
      seq INTEGER NOT NULL,
      PRIMARY KEY (entity, field)
    ) WITHOUT ROWID;
    CREATE TABLE surplus (
      replica TEXT NOT NULL,
      n INTEGER NOT NULL,
      i INTEGER NOT NULL,
      line TEXT NOT NULL,
      PRIMARY KEY (replica, n, i)
    ) WITHOUT ROWID;
    CREATE TABLE notice (
      number INTEGER PRIMARY KEY,
      kind TEXT NOT NULL,
      detail TEXT NOT NULL
    );
    """
}
