extension Schema {
  /// One device's copy of one ledger.
  ///
  /// `line` holds what the server said and nothing else; `winner` is derived from it. `act` holds the device's own acts
  /// that are not confirmed: outbox, overlay and shelf are its phases (`OwnActPhase`). `identity` holds every id that
  /// the replica had, so that its own work stays its own. `undo` says which own act took which back; without an act of
  /// its own where there was nothing to take back. `settled` holds the last notice that was shown for the last time.
  /// `withdrawn_line` holds own lines of what the seat may see no more.
  /// `moving` is there while the server is said to have moved and was not found there yet.
  /// `anchor` holds what the last contact showed of the clocks; `moment` when each own act was made that is not decided.
  /// `contended` holds the fields whose edits are no chain of one on the other, `clash` the seqs of the beaten edits among
  /// them; `unread_branches` is there until a first fetch is through, and in an older file until its lines have been
  /// looked at for that.
  /// `look` says how far the owner has seen the news, `seen_refusal` which refused acts and
  /// `seen_clash` which clashes they have seen.
  /// `welcome` is there once a server let the device in: the mark of what it answered, and what it was told of the device.
  /// `unchecked_acts` is there in an older file until its acts have got their checksums (`ActRow`); `dismissed` holds the
  /// damaged acts of which the owner need not be told any more.
  /// `given_out` says up to which number the folder had got under each earlier id when it took the next, and `renamed` which
  /// of those acts it issued anew; an older file does not say it of the ids that it had by then.
  /// `told_number` says by which number each self-found problem is known to the owner.
  /// `trust` is there in an enrolled replica only: what its server is known by, and the device's certificate.
  static let replica = Schema(
    applicationID: 0x747A_7270,  // "tzrp"
    noun: "replica file",
    current: """
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
        PRIMARY KEY (replica, n, i, line)
      ) WITHOUT ROWID;
      CREATE TABLE notice (
        number INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        detail TEXT NOT NULL
      );
      CREATE TABLE undo (
        undone_replica TEXT NOT NULL,
        undone_n INTEGER NOT NULL,
        replica TEXT,
        n INTEGER
      );
      CREATE TABLE settled (
        notice INTEGER NOT NULL
      );
      CREATE TABLE withdrawn_line (
        seq INTEGER PRIMARY KEY,
        replica TEXT NOT NULL,
        n INTEGER NOT NULL,
        i INTEGER NOT NULL,
        line TEXT NOT NULL,
        UNIQUE (replica, n, i)
      );
      CREATE TABLE trust (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        authority TEXT NOT NULL,
        certificate TEXT NOT NULL,
        second TEXT,
        lookup TEXT NOT NULL
      );
      CREATE TABLE removal (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        removed_at INTEGER NOT NULL,
        handed_over INTEGER NOT NULL
      );
      CREATE TABLE holder (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        holder TEXT NOT NULL
      );
      CREATE TABLE moving (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        moving_to TEXT NOT NULL
      );
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
      CREATE TABLE welcome (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        mark TEXT NOT NULL,
        software TEXT NOT NULL,
        told_offset INTEGER
      );
      CREATE TABLE unchecked_acts (
        one INTEGER PRIMARY KEY CHECK (one = 1)
      );
      CREATE TABLE dismissed (
        generation INTEGER NOT NULL,
        n INTEGER NOT NULL,
        PRIMARY KEY (generation, n)
      ) WITHOUT ROWID;
      CREATE TABLE given_out (
        generation INTEGER PRIMARY KEY,
        counter INTEGER NOT NULL
      );
      CREATE TABLE renamed (
        generation INTEGER NOT NULL,
        n INTEGER NOT NULL,
        PRIMARY KEY (generation, n)
      ) WITHOUT ROWID;
      CREATE TABLE told_number (
        replica TEXT NOT NULL,
        n INTEGER NOT NULL,
        i INTEGER NOT NULL,
        number INTEGER NOT NULL,
        PRIMARY KEY (replica, n, i)
      ) WITHOUT ROWID;
      """,
    migrations: replicaMigrations)
}
