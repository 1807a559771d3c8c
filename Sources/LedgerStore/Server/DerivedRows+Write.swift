import EditModel
import GRDB
import LedgerRules

extension DerivedRows {
  /// How many seqs, or acts, one row holds at the most: whoever looks for one unpacks a row.
  private static let rowCount = 512

  /// Writes the rows sorted by key, so that each page of a table is visited once. Part of the caller's transaction.
  func write(_ db: Database, file: String) throws {
    func prepare(_ sql: String) throws -> RawStatement {
      try RawStatement(sql, on: db, file: file, operation: "write behind")
    }
    try writeCells(
      prepare("INSERT INTO cell (entity, field, seq) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET seq = ?3"))
    try writeTouched(prepare("INSERT INTO touched (entity, seq, seqs) VALUES (?1, ?2, ?3)"))
    try writeActs(prepare("INSERT INTO act (replica, n, least, acts) VALUES (?1, ?2, ?3, ?4)"))
  }

  // Sorting is for speed only, so Swift's own order of strings will do: it is the bytes' order but for the rare text
  // that is not normalised, and it compares several times faster.

  private func writeCells(_ statement: RawStatement) throws {
    let rows = cells.map { (entity: $0.key.entity.description, field: $0.key.field.description, seq: $0.value) }
    for row in rows.sorted(by: { ($0.entity, $0.field) < ($1.entity, $1.field) }) {
      statement.bind(row.entity, at: 1)
      statement.bind(row.field, at: 2)
      statement.bind(row.seq, at: 3)
      try statement.run()
    }
  }

  private func writeTouched(_ statement: RawStatement) throws {
    let rows = touched.map { (entity: $0.key.description, seqs: $0.value) }
    for row in rows.sorted(by: { $0.entity < $1.entity }) {
      for seqs in DerivedRows.pieces(of: row.seqs) {
        var packed = PackedNumbers()
        for seq in seqs { packed.append(seq) }
        statement.bind(row.entity, at: 1)
        statement.bind(seqs[seqs.endIndex - 1], at: 2)
        try statement.run(binding: packed.bytes, at: 3)
      }
    }
  }

  private func writeActs(_ statement: RawStatement) throws {
    for (replica, acts) in acts.sorted(by: { $0.key < $1.key }) {
      for piece in DerivedRows.pieces(of: acts.sorted { $0.n < $1.n }) {
        var packed = PackedNumbers()
        for act in piece { packed.append(act.n) }
        for act in piece { packed.append(act.seq) }
        statement.bind(replica.text.string, at: 1)
        statement.bind(piece[piece.endIndex - 1].n, at: 2)
        statement.bind(piece[piece.startIndex].n, at: 3)
        try statement.run(binding: packed.bytes, at: 4)
      }
    }
  }

  private static func pieces<Element>(of all: [Element]) -> [ArraySlice<Element>] {
    stride(from: 0, to: all.count, by: rowCount).map { all[$0..<min(all.count, $0 + rowCount)] }
  }
}
