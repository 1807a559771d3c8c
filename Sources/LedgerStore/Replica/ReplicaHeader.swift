package import EditModel
import GRDB
package import LedgerRules
package import LineProtocol

/// What a replica's file says of itself: the one row of `replica` and the identity in force.
package struct ReplicaHeader: Sendable {
  /// `host:port` of the server.
  package let server: String
  /// Where the server is said to have moved, `host:port`; nil when it is said to be nowhere else, or was found there.
  package let movingTo: String?
  /// The ledger that it is a copy of.
  package let ledger: ExactString
  /// The id in force.
  package let replica: ReplicaID
  /// What proves it.
  package let secret: Secret
  /// What an enrolled replica knows its server by; nil for one that was made from a device file.
  package let trust: ReplicaTrust?
  /// The seat it acts for; nil before the first contact.
  package let seat: SeatID?
  /// The seat's role; nil before the first contact, or when this version does not know it.
  package let role: Role?
  /// The village or office of the seat, when it has one.
  package let place: ExactString?
  /// Who holds the seat, as the server said last; nil when nobody was named.
  package let holder: ExactString?
  /// The greatest `n` given out under the id in force.
  package let counter: UInt64
  /// The greatest stamp given out or seen.
  package let clock: Stamp
  /// The greatest stamp of a confirmed line.
  package let seen: Stamp
  /// What the last contact showed of the server's time and this device's clocks; nil: never.
  package let anchor: ClockAnchor?
  /// The server's time minus this device's, in milliseconds, as last measured; nil: never.
  package let offsetMilliseconds: Int64?
  /// The server's time at the last contact; nil: never.
  package let contact: Stamp?
  /// The history that the confirmed lines are of; nil before the first contact.
  package let epoch: Epoch?
  /// What to open with; nil: from nothing.
  package let cursor: ExactString?
  /// Everything visible up to here has come.
  package let reached: UInt64
  /// That the server has shut this device out or does not know it; nil while it is let in.
  package let removal: ReplicaRemoval?
  /// Whether a new id must be had before new acts are sent.
  package let needsNewID: Bool
  /// Which of the replica's ids is in force, from 0.
  let generation: Int
  /// Moves with every change of the file.
  package let revision: Int64
  /// How many lines ever arrived.
  let arrivals: UInt64
  /// How often lines were dropped.
  let drops: Int64

  /// The seat's facts as the rules want them; nil until seat and role are known.
  package var facts: SeatFacts? {
    guard let seat, let role else { return nil }
    return SeatFacts(seat: seat, role: role, place: place, holder: holder)
  }

  /// Reads the header; throws when there is none, or it is damaged.
  ///
  /// It is read with every transaction, so by SQLite's own calls: GRDB's rows, whose columns have names, took as long as
  /// the rest of a short one.
  init(_ db: Database, file: String) throws {
    let statement = try RawStatement(kept: ReplicaHeader.sql, on: db, file: file, operation: "read")
    defer { statement.reset() }
    guard try statement.step() else { throw StoreError.unreadable(file: file, seq: 0) }
    var row = RowColumns(statement)
    guard let replica = row.text().flatMap({ ReplicaID($0) }), let secret = row.text().flatMap({ Secret($0) }) else {
      throw StoreError.unreadable(file: file, seq: 0)
    }
    self.replica = replica
    self.secret = secret
    server = row.text() ?? ""
    ledger = ExactString(row.text() ?? "")
    generation = Int(row.integer() ?? 0)
    counter = UInt64(clamping: row.integer() ?? 0)
    clock = row.stamp() ?? .zero
    seen = row.stamp() ?? .zero
    reached = UInt64(clamping: row.integer() ?? 0)
    needsNewID = row.integer() ?? 0 != 0
    revision = row.integer() ?? 0
    arrivals = UInt64(clamping: row.integer() ?? 0)
    drops = row.integer() ?? 0
    seat = row.text().flatMap { SeatID($0) }
    role = row.text().flatMap { Role(rawValue: $0) }
    place = row.text().map { ExactString($0) }
    offsetMilliseconds = row.integer()
    contact = row.stamp()
    epoch = row.text().flatMap { Epoch($0) }
    cursor = row.text().map { ExactString($0) }
    holder = row.text().map { ExactString($0) }
    movingTo = row.text()
    trust = ReplicaTrust(&row)
    removal = ReplicaRemoval(&row)
    anchor = ClockAnchor(&row)
  }

  /// Its columns stand in the order in which they are read.
  private static let sql = """
    SELECT replica, secret, server, ledger, generation, counter, clock, seen, reached, needs_new_id, revision, arrivals,
      drops, seat, role, place, time_offset, contact, epoch, cursor, holder, moving_to, \(ReplicaTrust.columns),
      \(ReplicaRemoval.columns), \(ClockAnchor.columns)
    FROM replica JOIN identity USING (generation) LEFT JOIN trust USING (one) LEFT JOIN removal USING (one)
      LEFT JOIN holder USING (one) LEFT JOIN moving USING (one) LEFT JOIN anchor USING (one)
    """
}

extension RowColumns {
  /// The next column as a stamp; nil where it is empty.
  fileprivate mutating func stamp() -> Stamp? { integer().map { Stamp(rawValue: UInt64(bitPattern: $0)) } }
}
