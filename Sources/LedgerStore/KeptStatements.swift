import GRDB

extension Database {
  /// Executes one statement, which the connection keeps prepared for the next time: to prepare it costs more than most of
  /// them take. Its text must be one of a few, so values are arguments and never part of it.
  func executeKept(sql: String, arguments: StatementArguments = StatementArguments()) throws {
    try cachedStatement(sql: sql).execute(arguments: arguments)
  }

  /// Runs `body` in one transaction that is begun by `beginning`; rolls back whatever it or the commit throws.
  ///
  /// GRDB's own way does the same and prepares each of the two statements anew every time.
  func inKeptTransaction<Result>(_ beginning: String, _ body: (Database) throws -> Result) throws -> Result {
    try executeKept(sql: beginning)
    do {
      let result = try body(self)
      try executeKept(sql: "COMMIT")
      return result
    } catch {
      // An error may have ended the transaction already; and the first error is the one to report.
      if isInsideTransaction { try? executeKept(sql: "ROLLBACK") }
      throw error
    }
  }
}
