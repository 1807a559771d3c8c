import Crypto
package import EditModel
import GRDB

/// The audit log: every administrative act, written in the transaction that does it.
extension SeatStore {
  /// Notes an act that changes nothing in this file, such as a snapshot.
  package func note(
    _ action: AuditAction, _ words: [String], at stamp: Stamp, by who: AuditAuthor? = nil
  ) throws(StoreError) {
    try file.transaction("audit") { db in try db.audit(action, words, at: stamp, by: who ?? author) }
  }

  /// The lines from number `first` on, at most `limit`, in order.
  package func audit(from first: UInt64 = 1, limit: Int = .max) throws(StoreError) -> [AuditLine] {
    try file.run("read audit") { db in
      try Row.fetchAll(
        db, sql: "SELECT number, at, who, what, link FROM audit WHERE number >= ? ORDER BY number LIMIT ?",
        arguments: [Int64(clamping: first), Int64(limit)]
      ).map(AuditLine.init)
    }
  }

  /// Looks whether every line follows from the one above, from the first on.
  package func checkAudit() throws(StoreError) -> AuditCheck {
    try file.snapshot("check audit") { db in
      var (last, link) = (UInt64(0), AuditLine.noLink)
      let rows = try Row.fetchCursor(db, sql: "SELECT number, at, who, what, link FROM audit ORDER BY number")
      while let row = try rows.next() {
        let line = AuditLine(row)
        guard line.number == last + 1, line.link == AuditLine.link(line.text, behind: link) else {
          return .broken(at: line.number)
        }
        (last, link) = (line.number, line.link)
      }
      if last == 0, try Int.fetchOne(db, sql: "SELECT 1 FROM ledger LIMIT 1") != nil { return .emptied }
      return .whole(last: last, head: link.hexadecimal)
    }
  }
}

extension AuditLine {
  /// What the first line's link is made with.
  static let noLink = [UInt8](repeating: 0, count: SHA256.byteCount)

  /// The link of the line `text` behind the one whose link is `previous`.
  static func link(_ text: String, behind previous: [UInt8]) -> [UInt8] {
    var hash = SHA256()
    hash.update(data: previous)
    hash.update(bytes: text)
    return Array(hash.finalize())
  }

  init(_ row: Row) {
    self.init(
      number: UInt64(bitPattern: row[0]), at: Stamp(row: row[1]), who: row[2], what: row[3],
      link: [UInt8](hexadecimal: row[4]) ?? [])
  }
}

extension Database {
  /// Appends a line. A clock that went back does not make the log go back.
  func audit(_ action: AuditAction, _ words: [String], at stamp: Stamp, by who: AuditAuthor) throws {
    let last = try Row.fetchOne(self, sql: "SELECT number, at, who, what, link FROM audit ORDER BY number DESC LIMIT 1")
      .map(AuditLine.init)
    let what = ([action.rawValue] + words).joined(separator: " ")
    let line = AuditLine(
      number: (last?.number ?? 0) + 1, at: max(stamp, last?.at ?? .zero), who: who.word, what: what, link: [])
    try insert(line, link: AuditLine.link(line.text, behind: last?.link ?? AuditLine.noLink))
  }

  /// Writes a line that has its number and link already.
  func insert(_ line: AuditLine, link: [UInt8]) throws {
    try execute(
      sql: "INSERT INTO audit VALUES (?, ?, ?, ?, ?)",
      arguments: [Int64(bitPattern: line.number), line.at.column, line.who, line.what, link.hexadecimal])
  }
}
