import GRDB

extension DerivedTables {
  /// Writes the rows, as part of the caller's transaction.
  func write(_ db: Database, file: String) throws {
    func prepare(_ sql: String) throws -> RawStatement {
      try RawStatement(kept: sql, on: db, file: file, operation: "write behind")
    }
    try writeCells(
      prepare("INSERT INTO cell (entity, field, seq) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET seq = ?3"))
    try writeTouched(prepare("INSERT INTO touched (entity, seq, seqs) VALUES (?1, ?2, ?3)"))
    try writeActs(prepare("INSERT INTO act (replica, n, least, acts) VALUES (?1, ?2, ?3, ?4)"))
  }

  private func writeCells(_ statement: RawStatement) throws {
    for row in cells {
      statement.bind(row.entity, at: 1)
      statement.bind(row.field, at: 2)
      statement.bind(row.seq, at: 3)
      try statement.run()
    }
  }

  private func writeTouched(_ statement: RawStatement) throws {
    for row in touched {
      statement.bind(row.entity, at: 1)
      statement.bind(row.last, at: 2)
      try statement.run(binding: row.seqs.bytes, at: 3)
    }
  }

  private func writeActs(_ statement: RawStatement) throws {
    for row in acts {
      statement.bind(row.replica, at: 1)
      statement.bind(row.numbers.upperBound, at: 2)
      statement.bind(row.numbers.lowerBound, at: 3)
      try statement.run(binding: row.acts.bytes, at: 4)
    }
  }
}
