import EditModel
import GRDB
import LedgerRules

/// The seats file as lines of words, for a snapshot set: `nothing` is `-`, which is no name. Codes are not among them:
/// a code that waits when a snapshot is restored is made anew.
///
/// ```
/// ledger NAME ADDED live|archived
/// seat NAME LEDGER ROLE PLACE|-
/// holder SEAT LEDGER PERSON BEGAN UNTIL|- ENDED|-
/// device REPLICA LEDGER SEAT DIGEST ENROLLED CONTACT|- UNSENT KEY|- NAME|- VERSION|- OFFSET|- REVOKED|-
/// setting moved|second ADDRESS
/// audit LINK NUMBER STAMP WHO WHAT...
/// ```
extension SeatStore {
  /// Every row as a line, in an order in which they can be read again. Secrets are in it as digests only.
  package func seatLines() throws(StoreError) -> [String] {
    try file.snapshot("export seats") { db in
      try SeatStore.listed(db) + SeatStore.people(db) + SeatStore.deviceLines(db) + SeatStore.kept(db)
    }
  }

  private static func listed(_ db: Database) throws -> [String] {
    let ledgers = try Row.fetchAll(db, sql: "SELECT name, added, archived FROM ledger ORDER BY name").map { row in
      "ledger \(row[0] as String) \(Stamp(row: row[1])) \(row[2] as Bool ? "archived" : "live")"
    }
    let seats = try Row.fetchAll(db, sql: "SELECT name, ledger, role, place FROM seat ORDER BY name, ledger").map {
      row in
      "seat \(row[0] as String) \(row[1] as String) \(row[2] as String) \(row[3] as String? ?? "-")"
    }
    return ledgers + seats
  }

  private static func people(_ db: Database) throws -> [String] {
    let sql = "SELECT seat, ledger, person, began, until, ended FROM holder ORDER BY seat, ledger, began"
    return try Row.fetchAll(db, sql: sql).map { row in
      let ended = (row[5] as Int64?).map { Stamp(row: $0).description } ?? "-"
      return "holder \(row[0] as String) \(row[1] as String) \(row[2] as String) \(Stamp(row: row[3])) "
        + "\(row[4] as String? ?? "-") \(ended)"
    }
  }

  private static func deviceLines(_ db: Database) throws -> [String] {
    let sql = """
      SELECT replica, ledger, seat, secret, enrolled, contact, unsent, key, name, version, clock_offset, revoked
      FROM device ORDER BY replica
      """
    return try Row.fetchAll(db, sql: sql).map { row in
      let contact = (row[5] as Int64?).map { Stamp(row: $0).description }
      let revoked = (row[11] as Int64?).map { Stamp(row: $0).description }
      let words: [String?] = [
        row[0], row[1], row[2], row[3], Stamp(row: row[4]).description, contact,
        UInt64(bitPattern: row[6]).description, row[7], row[8], row[9], (row[10] as Int64?)?.description, revoked,
      ]
      return "device " + words.map { $0 ?? "-" }.joined(separator: " ")
    }
  }

  private static func kept(_ db: Database) throws -> [String] {
    let settings = try Row.fetchAll(
      db, sql: "SELECT name, value FROM setting WHERE name IN ('moved', 'second') ORDER BY name"
    ).map { row in
      "setting \(row[0] as String) \(row[1] as String)"
    }
    let audit = try Row.fetchAll(db, sql: "SELECT number, at, who, what, link FROM audit ORDER BY number").map { row in
      let line = AuditLine(row)
      return "audit \(line.link.hexadecimal) \(line.text)"
    }
    return settings + audit
  }

  /// Makes a seats file from the lines of a snapshot set. Refuses when there is one already: who was enrolled since is
  /// not to be forgotten.
  package static func create(path: String, lines: [String]) throws(StoreError) {
    let rows = try rows(of: lines)
    let file = try StoreFile.create(path, schema: .seats) { db in for row in rows { try row.insert(db) } }
    try file.close()
  }
}

extension SeatStore {
  /// Throws `badLine` for the first of `lines` that `create` would refuse.
  package static func check(lines: [String]) throws(StoreError) {
    _ = try rows(of: lines)
  }

  private static func rows(of lines: [String]) throws(StoreError) -> [SeatLine] {
    try lines.enumerated().map { index, line throws(StoreError) in
      guard let row = SeatLine(line) else { throw .seats(.badLine(index + 1)) }
      return row
    }
  }
}
