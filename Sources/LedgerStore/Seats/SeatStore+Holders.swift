package import EditModel
import GRDB
package import LedgerRules

/// That somebody holds or held a seat: one term.
package struct SeatTerm: Hashable, Sendable {
  /// The ledger of the seat.
  package let ledger: ExactString
  /// The seat.
  package let seat: SeatID
  /// Who.
  package let person: ExactString
  /// From when on.
  package let began: Stamp
  /// The day up to which it was given, nil when none was said. It ends nothing by itself.
  package let until: CivilDate?
  /// When it ended, nil while it lasts.
  package let ended: Stamp?
}

/// Who holds a seat: seats stay, people come and go.
extension SeatStore {
  /// Every term of `ledger`, or of all ledgers, by ledger, seat and beginning.
  package func terms(of ledger: ExactString? = nil) throws(StoreError) -> [SeatTerm] {
    try file.run("list holders") { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT ledger, seat, person, began, until, ended FROM holder
          WHERE ?1 IS NULL OR ledger = ?1 ORDER BY ledger, seat, began
          """, arguments: [ledger?.string]
      ).map { try SeatTerm(row: $0, file: path) }
    }
  }

  /// Gives a seat that nobody holds to `person`; or sets the day up to which `person`, who holds it, has it. Answers whether
  /// a term began. Throws `seatHeld` when somebody else holds it, or `person` does and no day is given.
  @discardableResult
  package func hold(
    _ seat: SeatID, of ledger: ExactString, person: ExactString, until: CivilDate?, at stamp: Stamp
  ) throws(StoreError) -> Bool {
    try file.transaction("hold seat") { db in
      guard try db.hasSeat(seat, of: ledger) else { throw StoreError.seats(.noSeat(seat, ledger)) }
      let taking = SeatStore.Taking(ledger, seat, person, until)
      guard let present = try db.holder(of: seat, ledger) else {
        try db.begin(taking, at: stamp, by: author)
        return true
      }
      guard present == person, let until else { throw StoreError.seats(.seatHeld(seat, ledger, present)) }
      try db.set(until, of: taking, at: stamp, by: author)
      return false
    }
  }

  /// What a hand-over did.
  package struct Handover: Hashable, Sendable {
    /// Who held the seat, nil when nobody did.
    package let before: ExactString?
    /// The devices that were shut out with it.
    package let revoked: [ReplicaID]
    /// The first digits of the codes for the seat that had let nobody in and were taken back.
    package let withdrawn: [String]
  }

  /// Ends the present term of a seat and begins one of `person`. In the same transaction all devices of the seat are shut
  /// out, and the codes for it that nobody used are taken back, unless `keepsDevices`. Throws `seatHeld` when `person` holds
  /// it already.
  package func handOver(
    _ seat: SeatID, of ledger: ExactString, to person: ExactString, until: CivilDate? = nil, keepsDevices: Bool,
    at stamp: Stamp
  ) throws(StoreError) -> Handover {
    try file.transaction("hand seat over") { db in
      guard try db.hasSeat(seat, of: ledger) else { throw StoreError.seats(.noSeat(seat, ledger)) }
      if try db.holder(of: seat, ledger) == person { throw StoreError.seats(.seatHeld(seat, ledger, person)) }
      let before = try db.end(seat, ledger, at: stamp, by: author)
      let revoked = keepsDevices ? [] : try db.revokeAll(of: seat, ledger, at: stamp, by: author)
      let withdrawn = keepsDevices ? [] : try db.withdrawOpen(of: seat, ledger, at: stamp, by: author)
      try db.begin(SeatStore.Taking(ledger, seat, person, until), at: stamp, by: author)
      return Handover(before: before, revoked: revoked, withdrawn: withdrawn)
    }
  }

  /// Ends the present term of a seat, which nobody holds then; unless `keepsDevices` as `handOver`. Throws
  /// `seatFree` when nobody holds it.
  package func endHolding(
    _ seat: SeatID, of ledger: ExactString, keepsDevices: Bool, at stamp: Stamp
  ) throws(StoreError) -> Handover {
    try file.transaction("end holding") { db in
      guard try db.hasSeat(seat, of: ledger) else { throw StoreError.seats(.noSeat(seat, ledger)) }
      guard let before = try db.end(seat, ledger, at: stamp, by: author) else {
        throw StoreError.seats(.seatFree(seat, ledger))
      }
      let revoked = keepsDevices ? [] : try db.revokeAll(of: seat, ledger, at: stamp, by: author)
      let withdrawn = keepsDevices ? [] : try db.withdrawOpen(of: seat, ledger, at: stamp, by: author)
      return Handover(before: before, revoked: revoked, withdrawn: withdrawn)
    }
  }

  /// Whose a seat becomes.
  fileprivate struct Taking {
    let ledger: ExactString
    let seat: SeatID
    let person: ExactString
    let until: CivilDate?

    init(_ ledger: ExactString, _ seat: SeatID, _ person: ExactString, _ until: CivilDate?) {
      (self.ledger, self.seat, self.person, self.until) = (ledger, seat, person, until)
    }
  }
}

extension Database {
  /// Who holds the seat now.
  func holder(of seat: SeatID, _ ledger: ExactString) throws -> ExactString? {
    try String.fetchOne(
      self, sql: "SELECT person FROM holder WHERE ledger = ? AND seat = ? AND ended IS NULL",
      arguments: [ledger.string, seat.name.string]
    ).map { ExactString($0) }
  }

  fileprivate func begin(_ taking: SeatStore.Taking, at stamp: Stamp, by author: AuditAuthor) throws {
    // Terms follow each other even when the machine's clock went back between them.
    let last = try Int64.fetchOne(
      self, sql: "SELECT max(max(began, coalesce(ended, began))) FROM holder WHERE ledger = ? AND seat = ?",
      arguments: [taking.ledger.string, taking.seat.name.string]
    ).map { Stamp(row: $0) }
    let began = last.map { max(stamp, $0.next) } ?? stamp
    try execute(
      sql: "INSERT INTO holder (ledger, seat, began, person, until) VALUES (?, ?, ?, ?, ?)",
      arguments: [
        taking.ledger.string, taking.seat.name.string, began.column, taking.person.string,
        taking.until?.description,
      ])
    let words = [
      taking.seat.description, taking.ledger.string, taking.person.string, taking.until?.description ?? "-",
    ]
    try audit(.seatHold, words, at: stamp, by: author)
  }

  fileprivate func set(
    _ until: CivilDate, of taking: SeatStore.Taking, at stamp: Stamp, by author: AuditAuthor
  ) throws {
    let (seat, ledger) = (taking.seat.name.string, taking.ledger.string)
    try execute(
      sql: "UPDATE holder SET until = ? WHERE ledger = ? AND seat = ? AND ended IS NULL",
      arguments: [until.description, ledger, seat])
    try audit(
      .seatUntil, [taking.seat.description, ledger, taking.person.string, until.description], at: stamp, by: author)
  }

  fileprivate func end(
    _ seat: SeatID, _ ledger: ExactString, at stamp: Stamp, by author: AuditAuthor
  ) throws -> ExactString? {
    guard let person = try holder(of: seat, ledger) else { return nil }
    try execute(
      sql: "UPDATE holder SET ended = max(?, began) WHERE ledger = ? AND seat = ? AND ended IS NULL",
      arguments: [stamp.column, ledger.string, seat.name.string])
    try audit(.seatEnd, [seat.description, ledger.string, person.string], at: stamp, by: author)
    return person
  }
}

extension SeatTerm {
  /// Reads the columns ledger, seat, person, began, until, ended.
  init(row: Row, file: String) throws {
    let until = row[4] as String?
    guard let seat = SeatID(row[1] as String), until == nil || CivilDate(until ?? "") != nil else {
      throw StoreError(StoreFault(file: file, code: ResultCode.SQLITE_CORRUPT.rawValue, operation: "read holders"))
    }
    self.init(
      ledger: ExactString(row[0] as String), seat: seat, person: ExactString(row[2] as String),
      began: Stamp(row: row[3]), until: until.flatMap { CivilDate($0) },
      ended: (row[5] as Int64?).map { Stamp(row: $0) })
  }
}
