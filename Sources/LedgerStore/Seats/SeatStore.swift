package import EditModel
import GRDB
package import LedgerRules
package import LineProtocol

/// A server's ledgers, seats and devices: the file `seats.sqlite`.
///
/// `Sendable`: callers wait for each other. A command may use it beside a running server, which reads every answer from
/// the file. Replica ids are never given out twice: a device's row is never deleted.
package final class SeatStore: Sendable {
  /// Where the file is.
  package let path: String
  let file: StoreFile
  /// Who does what is done through this object: the audit log's word for it.
  let author: AuditAuthor

  /// Makes an empty file.
  package static func create(path: String) throws(StoreError) {
    try StoreFile.create(path, schema: .seats) { _ in }.close()
  }

  /// Opens the file at `path`; the audit log says that `author` did what is done through it.
  package init(path: String, author: AuditAuthor = .server) throws(StoreError) {
    self.path = path
    self.author = author
    self.file = try StoreFile.open(path, schema: .seats, purpose: .writing)
  }

  /// Closes the file.
  package func close() throws(StoreError) { try file.close() }

  // MARK: Ledgers

  /// Every ledger by name.
  package func ledgers() throws(StoreError) -> [LedgerEntry] {
    try file.run("list ledgers") { db in
      try Row.fetchAll(db, sql: "SELECT name, added, archived FROM ledger ORDER BY name").map { row in
        LedgerEntry(name: ExactString(row[0] as String), added: Stamp(row: row[1]), isArchived: row[2])
      }
    }
  }

  /// Adds a ledger to the list; its own file is made by `ServerStore.create`.
  package func addLedger(_ name: ExactString, at stamp: Stamp) throws(StoreError) {
    try file.transaction("add ledger") { db in
      guard try !db.has("ledger", "name", name.string) else { throw StoreError.seats(.ledgerTaken(name)) }
      try db.execute(sql: "INSERT INTO ledger (name, added) VALUES (?, ?)", arguments: [name.string, stamp.column])
      try db.audit(.ledgerAdd, [name.string], at: stamp, by: author)
    }
  }

  /// Marks a ledger as taking no more edits, or as taking them again. The audit log's time is never before its last.
  package func setArchived(_ name: ExactString, _ isArchived: Bool, at stamp: Stamp = .zero) throws(StoreError) {
    try file.transaction("archive ledger") { db in
      try db.execute(sql: "UPDATE ledger SET archived = ? WHERE name = ?", arguments: [isArchived, name.string])
      guard db.changesCount == 1 else { throw StoreError.seats(.noLedger(name)) }
      try db.audit(isArchived ? .ledgerArchive : .ledgerReopen, [name.string], at: stamp, by: author)
    }
  }

  // MARK: Seats

  /// Every seat with its ledger, by name and then ledger.
  package func seats() throws(StoreError) -> [(seat: SeatFacts, ledger: ExactString)] {
    try file.run("list seats") { db in
      try Row.fetchAll(db, sql: SeatStore.seatColumns + " FROM seat ORDER BY name, ledger").map { row in
        (seat: try SeatFacts(row: row, file: path), ledger: ExactString(row["ledger"] as String))
      }
    }
  }

  /// Adds a seat to a ledger; another ledger may have one of the same name. A holder is given with `hold`.
  package func addSeat(_ seat: SeatFacts, ledger: ExactString, at stamp: Stamp = .zero) throws(StoreError) {
    try file.transaction("add seat") { db in
      guard try db.has("ledger", "name", ledger.string) else { throw StoreError.seats(.noLedger(ledger)) }
      guard try !db.hasSeat(seat.seat, of: ledger) else { throw StoreError.seats(.seatTaken(seat.seat, ledger)) }
      try db.execute(
        sql: "INSERT INTO seat (name, ledger, role, place) VALUES (?, ?, ?, ?)",
        arguments: [seat.seat.name.string, ledger.string, seat.role.rawValue, seat.place?.string])
      let words = [seat.seat.description, ledger.string, seat.role.rawValue, seat.place?.string ?? "-"]
      try db.audit(.seatAdd, words, at: stamp, by: author)
    }
  }

  /// Puts the role and place of a seat of `ledger` right; answers whether they were others.
  package func change(_ seat: SeatFacts, of ledger: ExactString, at stamp: Stamp) throws(StoreError) -> Bool {
    try file.transaction("change seat") { db in
      guard try db.hasSeat(seat.seat, of: ledger) else { throw StoreError.seats(.noSeat(seat.seat, ledger)) }
      try db.execute(
        sql: """
          UPDATE seat SET role = ?1, place = ?2 WHERE ledger = ?3 AND name = ?4 AND (role <> ?1 OR place IS NOT ?2)
          """,
        arguments: [seat.role.rawValue, seat.place?.string, ledger.string, seat.seat.name.string])
      guard db.changesCount > 0 else { return false }
      let words = [seat.seat.description, ledger.string, seat.role.rawValue, seat.place?.string ?? "-"]
      try db.audit(.seatChange, words, at: stamp, by: author)
      return true
    }
  }

  // MARK: Devices

  /// Every device, by replica id; of one ledger only when it is named.
  package func devices(of ledger: ExactString? = nil) throws(StoreError) -> [DeviceFacts] {
    try file.run("list devices") { db in
      try Row.fetchAll(
        db, sql: SeatStore.deviceColumns + " WHERE ?1 IS NULL OR seat.ledger = ?1 ORDER BY replica",
        arguments: [ledger?.string]
      ).map { try DeviceFacts(row: $0, file: path) }
    }
  }

  /// The device `replica`, nil when there is none.
  package func device(_ replica: ReplicaID) throws(StoreError) -> DeviceFacts? {
    try file.run("find device") { db in try find(replica, db) }
  }

  /// The device `replica` when `secret` is its own; nil when either is not known.
  package func authenticate(_ replica: ReplicaID, _ secret: Secret) throws(StoreError) -> DeviceFacts? {
    try file.run("authenticate") { db in
      let stored = try String.fetchOne(
        db, sql: "SELECT secret FROM device WHERE replica = ?", arguments: [replica.text.string])
      guard let stored, SecretDigest(of: secret).matches(stored) else { return nil }
      return try find(replica, db)
    }
  }

  /// Enrols a new device for `seat` of `ledger`. Throws `deviceTaken` in the rare case that the drawn id is in use: draw
  /// again.
  package func addDevice(
    _ seat: SeatID, of ledger: ExactString, draw: DeviceDraw, at stamp: Stamp
  ) throws(StoreError) -> DeviceGrant {
    try file.transaction("add device") { db in
      guard try !db.has("device", "replica", draw.replica.text.string) else {
        throw StoreError.seats(.deviceTaken(draw.replica))
      }
      let grant = try grant(draw.replica, seat, ledger, draw.secret, stamp, db)
      let words = [draw.replica.description, seat.description, ledger.string]
      try db.audit(.deviceAdd, words, at: stamp, by: author)
      return grant
    }
  }

  /// Enrols a copied device under a new id, for the seat that `replica` has, with the same key and name.
  package func newReplica(for replica: ReplicaID, draw: DeviceDraw, at stamp: Stamp) throws(StoreError) -> DeviceGrant {
    try file.transaction("copy device") { db in
      guard let old = try find(replica, db) else { throw StoreError.seats(.noDevice(replica)) }
      guard try !db.has("device", "replica", draw.replica.text.string) else {
        throw StoreError.seats(.deviceTaken(draw.replica))
      }
      let grant = try grant(draw.replica, old.seat.seat, old.ledger, draw.secret, stamp, db)
      try db.execute(
        sql: "UPDATE device SET key = ?, name = ? WHERE replica = ?",
        arguments: [old.key, old.name?.string, draw.replica.text.string])
      let words = [draw.replica, old.seat.seat, old.ledger, replica] as [any CustomStringConvertible]
      try db.audit(.deviceCopy, words.map(\.description), at: stamp, by: .device(replica))
      return grant
    }
  }

  /// Gives the device `replica` of `seat` of `ledger` a new secret, so that a folder whose device file was lost goes on
  /// under its own id. A replica that the file does not know (it came after the snapshot that was restored) is taken in,
  /// and one that was shut out is let in again. It has no key afterwards: it comes in over loopback.
  package func deviceAgain(
    _ seat: SeatID, of ledger: ExactString, replica: ReplicaID, draw: DeviceDraw, at stamp: Stamp
  ) throws(StoreError) -> DeviceGrant {
    try file.transaction("add device again") { db in
      if let known = try find(replica, db), known.seat.seat != seat || known.ledger != ledger {
        throw StoreError.seats(.otherSeat(replica, known.seat.seat, known.ledger))
      }
      let grant = try grant(replica, seat, ledger, draw.secret, stamp, db)
      try db.execute(
        sql: "UPDATE device SET key = NULL, revoked = NULL WHERE replica = ?", arguments: [replica.text.string])
      let words = [replica.description, seat.description, ledger.string]
      try db.audit(.deviceAgain, words, at: stamp, by: author)
      return grant
    }
  }

  /// Notes when devices were heard from and what they had unsent: one transaction for all, so a server gathers them
  /// and calls this now and then, never once a ping. Unknown devices are passed over.
  package func note(_ contacts: [DeviceContact]) throws(StoreError) {
    guard !contacts.isEmpty else { return }
    try file.transaction("note contacts") { db in
      for contact in contacts {
        try db.execute(
          sql: """
            UPDATE device SET contact = ?1, unsent = coalesce(?2, unsent), version = coalesce(?3, version),
              clock_offset = coalesce(?4, clock_offset)
            WHERE replica = ?5
            """,
          arguments: [
            contact.at.column, contact.unsent.map { Int64(bitPattern: $0) }, contact.version?.string,
            contact.clockOffset, contact.replica.text.string,
          ])
      }
    }
  }

  /// A seat with who holds it now.
  static let seatColumns = """
    SELECT seat.name AS seat, seat.role, seat.place, seat.ledger,
      (SELECT person FROM holder
        WHERE holder.ledger = seat.ledger AND holder.seat = seat.name AND ended IS NULL) AS holder
    """

  private static let deviceColumns =
    seatColumns + """
      , replica, enrolled, contact, unsent, key, device.name AS device_name, version, clock_offset, revoked
      FROM device JOIN seat ON seat.ledger = device.ledger AND seat.name = device.seat
      """

  func find(_ replica: ReplicaID, _ db: Database) throws -> DeviceFacts? {
    try Row.fetchOne(db, sql: SeatStore.deviceColumns + " WHERE replica = ?", arguments: [replica.text.string]).map {
      try DeviceFacts(row: $0, file: path)
    }
  }

  func grant(
    _ replica: ReplicaID, _ seat: SeatID, _ ledger: ExactString, _ secret: Secret, _ stamp: Stamp, _ db: Database
  ) throws -> DeviceGrant {
    guard try db.hasSeat(seat, of: ledger) else { throw StoreError.seats(.noSeat(seat, ledger)) }
    try db.execute(
      sql: """
        INSERT INTO device (replica, ledger, seat, secret, enrolled) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (replica) DO UPDATE SET secret = ?4
        """,
      arguments: [
        replica.text.string, ledger.string, seat.name.string, SecretDigest(of: secret).text, stamp.column,
      ])
    guard let facts = try find(replica, db) else { throw StoreError.seats(.noDevice(replica)) }
    return DeviceGrant(replica: replica, secret: secret, seat: facts.seat, ledger: facts.ledger)
  }
}

extension Database {
  /// Whether `ledger` has the seat.
  func hasSeat(_ seat: SeatID, of ledger: ExactString) throws -> Bool {
    try Bool.fetchOne(
      self, sql: "SELECT EXISTS (SELECT 1 FROM seat WHERE ledger = ? AND name = ?)",
      arguments: [ledger.string, seat.name.string]) ?? false
  }

  /// Whether `table` has a row whose `column` is `value`.
  func has(_ table: String, _ column: String, _ value: String) throws -> Bool {
    try Bool.fetchOne(self, sql: "SELECT EXISTS (SELECT 1 FROM \(table) WHERE \(column) = ?)", arguments: [value])
      ?? false
  }
}
