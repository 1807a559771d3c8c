package import EditModel
import GRDB

/// One code that was made, as a list shows it: nothing of its secret.
package struct EnrolmentListing: Hashable, Sendable {
  /// The digits by which it is found.
  package let lookup: String
  /// The seat that its device will act for, or acts for.
  package let seat: SeatID
  /// The ledger of that seat.
  package let ledger: ExactString
  /// When it was made.
  package let made: Stamp
  /// From when on it lets nobody in.
  package let expires: Stamp
  /// The replica that it has let in; nil while it has let nobody in.
  package let replica: ReplicaID?
  /// The replica whose id and history its device goes on with; nil for a new one.
  package let again: ReplicaID?

  /// Whether it lets a device in at `now` that it has not let in before.
  package func isOpen(at now: Stamp) -> Bool { replica == nil && expires > now }
}

/// Codes as an administrator looks after them.
extension SeatStore {
  /// Every code that is kept, by ledger, seat and when it was made.
  package func enrolments() throws(StoreError) -> [EnrolmentListing] {
    try file.run("list codes") { db in
      try Row.fetchAll(
        db,
        sql: "SELECT lookup, seat, ledger, made, expires, replica, again FROM enrolment ORDER BY ledger, seat, made"
      ).compactMap(EnrolmentListing.init)
    }
  }

  /// Takes a code back: it lets nobody in any more, not even the device that it has let in, which stays as it is. Throws
  /// `noCode` when there is none.
  package func withdrawEnrolment(_ lookup: String, at stamp: Stamp) throws(StoreError) {
    try file.transaction("withdraw code") { db in
      guard try db.has("enrolment", "lookup", lookup) else { throw StoreError.seats(.noCode(lookup)) }
      try db.withdraw(lookup, at: stamp, by: author)
    }
  }
}

extension Database {
  /// Takes back the codes of a seat that have let nobody in, all of them or those for `replica` only: whoever has one may
  /// be who leaves. Answers their look-ups.
  func withdrawOpen(
    of seat: SeatID, _ ledger: ExactString, for replica: ReplicaID? = nil, at stamp: Stamp, by author: AuditAuthor
  ) throws -> [String] {
    let open = try openCodes(of: seat, ledger, for: replica, at: stamp)
    for lookup in open { try withdraw(lookup, at: stamp, by: author) }
    return open
  }

  /// The look-ups of the codes of a seat that let somebody in still who was not let in before, of all or for `replica`.
  func openCodes(
    of seat: SeatID, _ ledger: ExactString, for replica: ReplicaID? = nil, at stamp: Stamp
  ) throws -> [String] {
    try String.fetchAll(
      self,
      sql: """
        SELECT lookup FROM enrolment
        WHERE ledger = ?1 AND seat = ?2 AND used IS NULL AND expires > ?3 AND (?4 IS NULL OR again = ?4) ORDER BY lookup
        """,
      arguments: [ledger.string, seat.name.string, stamp.column, replica?.text.string])
  }

  fileprivate func withdraw(_ lookup: String, at stamp: Stamp, by author: AuditAuthor) throws {
    try execute(sql: "DELETE FROM enrolment WHERE lookup = ?", arguments: [lookup])
    try audit(.codeWithdraw, [lookup], at: stamp, by: author)
  }
}

extension EnrolmentListing {
  /// Reads the columns lookup, seat, ledger, made, expires, replica, again; nil when the seat is none.
  fileprivate init?(_ row: Row) {
    guard let seat = SeatID(row[1] as String) else { return nil }
    self.init(
      lookup: row[0], seat: seat, ledger: ExactString(row[2] as String), made: Stamp(row: row[3]),
      expires: Stamp(row: row[4]), replica: (row[5] as String?).flatMap { ReplicaID($0) },
      again: (row[6] as String?).flatMap { ReplicaID($0) })
  }
}
