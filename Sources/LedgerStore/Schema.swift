import GRDB

/// One kind of file: its full schema, and how files of earlier versions are brought to it.
///
/// A version is a number in `PRAGMA user_version`. `migrations` only ever grows: the first brings version 1 to 2, and
/// so on; `current` is what a new file gets, and a test shows that every way there ends at the same schema.
struct Schema: Sendable {
  /// `PRAGMA application_id`, four ASCII letters: tells our kinds and other programs' databases apart.
  let applicationID: Int
  /// What a person calls such a file: "ledger file".
  let noun: String
  /// The statements that make a new file.
  let current: String
  /// The statements from each version to the next. After the last of them a file is described by the very text that `current`
  /// gives a new one: one that is described otherwise is taken for damaged.
  let migrations: [String]

  /// The version that this program writes.
  var version: Int { migrations.count + 1 }

  /// Checks that `file` is of this kind, not newer, and described as it was made; runs the migrations that it lacks unless it
  /// is only read.
  func check(_ file: StoreFile, purpose: StoreFile.Purpose) throws(StoreError) {
    let found = try file.run("open") { db in
      guard try Int.fetchOne(db, sql: "PRAGMA application_id") == applicationID else {
        throw StoreError.wrongKind(file: file.path, expected: noun)
      }
      return try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    }
    if found > version { throw .newer(file: file.path, version: found, known: version) }
    if found < 1 { throw .wrongKind(file: file.path, expected: noun) }
    if found == version {
      if try isDescribed(in: file) { return }
      throw .corrupt(StoreFault(file: file.path, code: ResultCode.SQLITE_CORRUPT.rawValue, operation: "open"))
    }
    if purpose.takesOlder { return }
    if purpose.isReading { throw .older(file: file.path, version: found, known: version) }
    try migrate(file)
  }

  /// Whether the tables of `file`, which is of this version, are described as this version makes them. SQLite takes a
  /// description that was damaged for another table with other columns, wherever it still can read it.
  func isDescribed(in file: StoreFile) throws(StoreError) -> Bool {
    let found = try file.run("open") { db in
      try String.fetchAll(
        db.cachedStatement(sql: "SELECT sql FROM sqlite_master WHERE sql NOT NULL AND name NOT LIKE 'sqlite_%'"))
    }
    return Set(found) == statements
  }

  /// The statements of `current`, as SQLite keeps them: without the semicolon, but for that within a trigger.
  private var statements: Set<String> {
    var statements: [String] = []
    for part in current.split(separator: ";") {
      let statement = part.drop(while: \.isWhitespace)
      if statement.starts(with: "END"), let begun = statements.popLast() {
        statements.append(begun + ";" + part)
      } else if !statement.isEmpty {
        statements.append(String(statement))
      }
    }
    return Set(statements)
  }

  /// Marks the database as of this kind and version; part of the transaction that makes or migrates it.
  func stamp(_ db: Database) throws {
    try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
  }

  /// All missing steps are one transaction: a crash leaves the old version or the new one.
  private func migrate(_ file: StoreFile) throws(StoreError) {
    try file.transaction("migrate") { db in
      // Read again under the write lock: another program may have been first.
      let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
      for step in migrations.dropFirst(found - 1) { try db.execute(sql: step) }
      try stamp(db)
    }
  }
}
