import EditModel
import GRDB
import LedgerRules

/// The seats file as lines of words, for a snapshot set: `nothing` is `-`, which is no name.
///
/// ```
/// ledger NAME ADDED live|archived
/// seat NAME LEDGER ROLE PLACE|-
/// device REPLICA LEDGER SEAT DIGEST ENROLLED CONTACT|- UNSENT
/// ```
extension SeatStore {
  /// Every row as a line, in an order in which they can be read again. Secrets are in it as digests only.
  package func seatLines() throws(StoreError) -> [String] {
    try file.snapshot("export seats") { db in
      let ledgers = try Row.fetchAll(db, sql: "SELECT name, added, archived FROM ledger ORDER BY name").map { row in
        "ledger \(row[0] as String) \(Stamp(row: row[1])) \(row[2] as Bool ? "archived" : "live")"
      }
      let seats = try Row.fetchAll(db, sql: "SELECT name, ledger, role, place FROM seat ORDER BY name, ledger").map {
        row in
        "seat \(row[0] as String) \(row[1] as String) \(row[2] as String) \(row[3] as String? ?? "-")"
      }
      let sql = "SELECT replica, ledger, seat, secret, enrolled, contact, unsent FROM device ORDER BY replica"
      let devices = try Row.fetchAll(db, sql: sql).map { row in
        let contact = (row[5] as Int64?).map { Stamp(row: $0).description } ?? "-"
        let who = "\(row[0] as String) \(row[1] as String) \(row[2] as String)"
        return "device \(who) \(row[3] as String) \(Stamp(row: row[4])) \(contact) \(UInt64(bitPattern: row[6]))"
      }
      return ledgers + seats + devices
    }
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

/// One line of an exported seats file, checked word by word.
private enum SeatLine {
  case ledger(name: String, added: Stamp, isArchived: Bool)
  case seat(SeatFacts, ledger: String)
  case device(
    replica: ReplicaID, ledger: String, seat: SeatID, digest: String, enrolled: Stamp, contact: Stamp?, unsent: UInt64)

  init?(_ line: String) {
    let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    switch (words.first, words.count) {
    case ("ledger", 4):
      guard Name.isValid(words[1]), let added = Stamp(words[2]), ["live", "archived"].contains(words[3]) else {
        return nil
      }
      self = .ledger(name: words[1], added: added, isArchived: words[3] == "archived")
    case ("seat", 5):
      guard let seat = SeatID(words[1]), Name.isValid(words[2]), let role = Role(rawValue: words[3]),
        let place = SeatLine.optional(words[4], { Name.isValid($0) ? ExactString($0) : nil })
      else { return nil }
      self = .seat(SeatFacts(seat: seat, role: role, place: place.value), ledger: words[2])
    case ("device", 8):
      guard let replica = ReplicaID(words[1]), Name.isValid(words[2]), let seat = SeatID(words[3]),
        [UInt8](hexadecimal: words[4])?.count == 32, let enrolled = Stamp(words[5]),
        let contact = SeatLine.optional(words[6], Stamp.init), let unsent = Decimal.number(words[7])
      else { return nil }
      self = .device(
        replica: replica, ledger: words[2], seat: seat, digest: words[4], enrolled: enrolled, contact: contact.value,
        unsent: unsent)
    default: return nil
    }
  }

  /// A word that may be `-`; a type of its own because "nothing" is a value and "unreadable" is not.
  private struct Entry<Value> { let value: Value? }

  private static func optional<Value>(_ word: String, _ read: (String) -> Value?) -> Entry<Value>? {
    word == "-" ? Entry(value: nil) : read(word).map { Entry(value: $0) }
  }

  func insert(_ db: Database) throws {
    switch self {
    case .ledger(let name, let added, let isArchived):
      try db.execute(sql: "INSERT INTO ledger VALUES (?, ?, ?)", arguments: [name, added.column, isArchived])
    case .seat(let seat, let ledger):
      try db.execute(
        sql: "INSERT INTO seat (name, ledger, role, place) VALUES (?, ?, ?, ?)",
        arguments: [seat.seat.name.string, ledger, seat.role.rawValue, seat.place?.string])
    case .device(let replica, let ledger, let seat, let digest, let enrolled, let contact, let unsent):
      try db.execute(
        sql: "INSERT INTO device VALUES (?, ?, ?, ?, ?, ?, ?)",
        arguments: [
          replica.text.string, ledger, seat.name.string, digest, enrolled.column, contact?.column,
          Int64(bitPattern: unsent),
        ])
    }
  }
}
