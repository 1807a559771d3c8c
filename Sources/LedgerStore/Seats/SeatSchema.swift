extension Schema {
  /// A server's file of seats: which ledgers there are, who sits where, which devices they have.
  static let seats = Schema(
    applicationID: 0x747A_7374,  // "tzst"
    noun: "seats file",
    current: """
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
      """,
    migrations: [
      // A seat is its ledger's: two ledgers may each have a `bangongshi`.
      """
      ALTER TABLE device RENAME TO old_device;
      ALTER TABLE seat RENAME TO old_seat;
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
      INSERT INTO seat SELECT ledger, name, role, place FROM old_seat;
      INSERT INTO device
        SELECT replica, ledger, seat, secret, enrolled, contact, unsent
        FROM old_device JOIN old_seat ON old_seat.name = old_device.seat;
      DROP TABLE old_device;
      DROP TABLE old_seat;
      """,
      // Devices with a key of their own, people who hold seats, codes that let devices in, and a log of it all.
      """
      ALTER TABLE device RENAME TO old_device;
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
      INSERT INTO device (replica, ledger, seat, secret, enrolled, contact, unsent)
        SELECT replica, ledger, seat, secret, enrolled, contact, unsent FROM old_device;
      DROP TABLE old_device;
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
      """,
    ])
}
