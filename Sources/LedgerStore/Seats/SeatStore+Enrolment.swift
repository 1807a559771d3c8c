package import EditModel
import GRDB
import LedgerRules

/// A code that lets one device in: what the server keeps of it.
package struct EnrolmentFacts: Hashable, Sendable {
  /// The digits by which it is found.
  package let lookup: String
  /// The seat that the device will act for.
  package let seat: SeatID
  /// The ledger of that seat.
  package let ledger: ExactString
  /// The key that both sides make of the secret, in bytes; the secret itself is not kept.
  package let key: [UInt8]
  /// From when on it lets nobody in.
  package let expires: Stamp
  /// SHA-256, in hexadecimal, of the public key that it has let in; nil while it has let nobody in.
  package let used: String?
  /// The replica that it has let in; nil while it has let nobody in.
  package let replica: ReplicaID?
  /// The replica whose id and history the device goes on with; nil for a new one.
  package let again: ReplicaID?

  /// A code that was not used yet.
  package init(
    lookup: String, seat: SeatID, ledger: ExactString, key: [UInt8], expires: Stamp, again: ReplicaID? = nil
  ) {
    self.init(lookup, seat, ledger, key, expires, used: nil, replica: nil, again)
  }

  fileprivate init(
    _ lookup: String, _ seat: SeatID, _ ledger: ExactString, _ key: [UInt8], _ expires: Stamp, used: String?,
    replica: ReplicaID?, _ again: ReplicaID?
  ) {
    self.lookup = lookup
    self.seat = seat
    self.ledger = ledger
    self.key = key
    self.expires = expires
    self.used = used
    self.replica = replica
    self.again = again
  }
}

extension EnrolmentFacts: CustomStringConvertible, CustomReflectable {
  /// Names it without its key.
  package var description: String { "enrolment \(lookup) of \(seat)" }

  /// Nothing beyond the description.
  package var customMirror: Mirror { Mirror(self, children: ["lookup": lookup]) }
}

/// Codes: each lets one device in, once, until it expires.
extension SeatStore {
  /// How long a code that has expired is kept, in milliseconds: 30 days, so that the same digits are not found again.
  static let keepsExpiredMilliseconds: UInt64 = 30 * 86_400_000

  /// Keeps a new code. Throws `codeTaken` in the rare case that its look-up is in use: draw again.
  package func addEnrolment(_ facts: EnrolmentFacts, at stamp: Stamp) throws(StoreError) {
    try file.transaction("make code") { db in
      guard try db.hasSeat(facts.seat, of: facts.ledger) else {
        throw StoreError.seats(.noSeat(facts.seat, facts.ledger))
      }
      if let again = facts.again, let known = try find(again, db),
        known.seat.seat != facts.seat || known.ledger != facts.ledger
      {
        throw StoreError.seats(.otherSeat(again, known.seat.seat, known.ledger))
      }
      let past = Stamp(milliseconds: stamp.milliseconds - min(stamp.milliseconds, SeatStore.keepsExpiredMilliseconds))
      try db.execute(sql: "DELETE FROM enrolment WHERE expires < ?", arguments: [past.column])
      guard try !db.has("enrolment", "lookup", facts.lookup) else { throw StoreError.seats(.codeTaken) }
      try db.execute(
        sql: "INSERT INTO enrolment (lookup, ledger, seat, key, made, expires, again) VALUES (?, ?, ?, ?, ?, ?, ?)",
        arguments: [
          facts.lookup, facts.ledger.string, facts.seat.name.string, facts.key.hexadecimal, stamp.column,
          facts.expires.column, facts.again?.text.string,
        ])
      let words = [
        facts.lookup, facts.seat.description, facts.ledger.string, facts.expires.description,
        facts.again?.description ?? "-",
      ]
      try db.audit(.codeMake, words, at: stamp, by: author)
    }
  }

  /// The code with this look-up, used or not, expired or not; nil when there is none.
  package func enrolment(_ lookup: String) throws(StoreError) -> EnrolmentFacts? {
    try file.run("find code") { db in try db.enrolment(lookup) }
  }

  /// Lets the device in whose public key has the digest `deviceKey`, under the code `lookup` that it has proved: once,
  /// but the same key any number of times until the code expires, each time with the secret of `draw`. Nil when the code
  /// is not there, has expired or has let another key in. Throws `deviceTaken` when the drawn id is in use: draw again.
  package func enrol(
    _ lookup: String, deviceKey: String, draw: DeviceDraw, at stamp: Stamp
  ) throws(StoreError) -> DeviceGrant? {
    try file.transaction("enrol device") { db in
      guard let code = try db.enrolment(lookup), code.expires > stamp, code.used == nil || code.used == deviceKey else {
        return nil
      }
      let given = try String.fetchOne(
        db, sql: "SELECT replica FROM enrolment WHERE lookup = ?", arguments: [lookup]
      ).flatMap { ReplicaID($0) }
      let replica = given ?? code.again ?? draw.replica
      if given == nil, code.again == nil, try db.has("device", "replica", replica.text.string) {
        throw StoreError.seats(.deviceTaken(replica))
      }
      // A device that was shut out after it used its code is not let in again by a repetition.
      if given != nil, try find(replica, db)?.revoked != nil { return nil }
      let grant = try grant(replica, code.seat, code.ledger, draw.secret, stamp, db)
      try db.execute(
        sql: "UPDATE device SET key = ?, revoked = NULL WHERE replica = ?",
        arguments: [deviceKey, replica.text.string])
      try db.execute(
        sql: "UPDATE enrolment SET used = ?, replica = ? WHERE lookup = ?",
        arguments: [deviceKey, replica.text.string, lookup])
      let words = [replica.description, code.seat.description, code.ledger.string, deviceKey, lookup]
      try db.audit(.deviceEnrol, words, at: stamp, by: .device(replica))
      return grant
    }
  }
}

extension Database {
  fileprivate func enrolment(_ lookup: String) throws -> EnrolmentFacts? {
    let sql = "SELECT seat, ledger, key, expires, used, again, replica FROM enrolment WHERE lookup = ?"
    guard let row = try Row.fetchOne(self, sql: sql, arguments: [lookup]), let seat = SeatID(row[0] as String),
      let key = [UInt8](hexadecimal: row[2])
    else { return nil }
    return EnrolmentFacts(
      lookup, seat, ExactString(row[1] as String), key, Stamp(row: row[3]), used: row[4],
      replica: (row[6] as String?).flatMap { ReplicaID($0) }, (row[5] as String?).flatMap { ReplicaID($0) })
  }
}
