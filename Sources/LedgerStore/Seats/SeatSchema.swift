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
        FOREIGN KEY (ledger, seat) REFERENCES seat (ledger, name)
      ) WITHOUT ROWID;
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
      """
    ])
}
