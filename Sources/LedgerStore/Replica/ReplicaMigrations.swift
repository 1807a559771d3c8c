extension Schema {
  /// What makes a replica's file of each version one of the next, the first for version 1. Never changed once released.
  static let replicaMigrations = [
    """
    CREATE TABLE undo (
      undone_replica TEXT NOT NULL,
      undone_n INTEGER NOT NULL,
      replica TEXT,
      n INTEGER
    );
    """,
    """
    CREATE TABLE settled (
      notice INTEGER NOT NULL
    );
    """,
    """
    CREATE TABLE withdrawn_line (
      seq INTEGER PRIMARY KEY,
      replica TEXT NOT NULL,
      n INTEGER NOT NULL,
      i INTEGER NOT NULL,
      line TEXT NOT NULL,
      UNIQUE (replica, n, i)
    );
    """,
    """
    CREATE TABLE trust (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      authority TEXT NOT NULL,
      certificate TEXT NOT NULL,
      second TEXT,
      lookup TEXT NOT NULL
    );
    """,
    """
    CREATE TABLE removal (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      removed_at INTEGER NOT NULL,
      handed_over INTEGER NOT NULL
    );
    CREATE TABLE holder (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      holder TEXT NOT NULL
    );
    """,
    """
    CREATE TABLE moving (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      moving_to TEXT NOT NULL
    );
    """,
    """
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
    """,
    """
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
    INSERT INTO unread_branches VALUES (1);
    """,
    """
    CREATE TABLE welcome (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      mark TEXT NOT NULL,
      software TEXT NOT NULL,
      told_offset INTEGER
    );
    """,
    """
    CREATE TABLE unchecked_acts (
      one INTEGER PRIMARY KEY CHECK (one = 1)
    );
    CREATE TABLE dismissed (
      generation INTEGER NOT NULL,
      n INTEGER NOT NULL,
      PRIMARY KEY (generation, n)
    ) WITHOUT ROWID;
    INSERT INTO unchecked_acts VALUES (1);
    """,
    """
    CREATE TABLE given_out (
      generation INTEGER PRIMARY KEY,
      counter INTEGER NOT NULL
    );
    CREATE TABLE renamed (
      generation INTEGER NOT NULL,
      n INTEGER NOT NULL,
      PRIMARY KEY (generation, n)
    ) WITHOUT ROWID;
    CREATE TEMP TABLE kept_aside AS SELECT replica, n, i, line FROM surplus;
    DROP TABLE surplus;
    CREATE TABLE surplus (
      replica TEXT NOT NULL,
      n INTEGER NOT NULL,
      i INTEGER NOT NULL,
      line TEXT NOT NULL,
      PRIMARY KEY (replica, n, i, line)
    ) WITHOUT ROWID;
    INSERT INTO surplus SELECT replica, n, i, line FROM kept_aside;
    DROP TABLE kept_aside;
    """,
    """
    CREATE TABLE told_number (
      replica TEXT NOT NULL,
      n INTEGER NOT NULL,
      i INTEGER NOT NULL,
      number INTEGER NOT NULL,
      PRIMARY KEY (replica, n, i)
    ) WITHOUT ROWID;
    INSERT INTO told_number (replica, n, i, number)
      SELECT replica, n, i, row_number() OVER (ORDER BY seq) FROM line
      WHERE entity = '.' AND substr(line, instr(line, ' . ') + 3, 8) = 'problem '
        AND NOT EXISTS (SELECT 1 FROM unread_branches);
    """,
  ]
}
