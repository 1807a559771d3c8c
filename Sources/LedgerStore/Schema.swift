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
  /// The statements from each version to the next.
  let migrations: [String]

  /// The version that this program writes.
  var version: Int { migrations.count + 1 }

  /// Checks that `file` is of this kind and not newer; runs the migrations that it lacks unless it is only read.
  func check(_ file: StoreFile, purpose: StoreFile.Purpose) throws(StoreError) {
    let found = try file.run("open") { db in
      guard try Int.fetchOne(db, sql: "PRAGMA application_id") == applicationID else {
        throw StoreError.wrongKind(file: file.path, expected: noun)
      }
      return try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    }
    if found > version { throw .newer(file: file.path, version: found, known: version) }
    if found < 1 { throw .wrongKind(file: file.path, expected: noun) }
    if found == version { return }
    if purpose == .reading { throw .older(file: file.path, version: found, known: version) }
    try migrate(file)
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
