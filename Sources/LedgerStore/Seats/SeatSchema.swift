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
      """, migrations: [])
}
