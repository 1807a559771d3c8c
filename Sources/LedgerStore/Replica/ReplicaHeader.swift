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
  init(_ db: Database, file: String) throws {
    let sql =
      """
      SELECT * FROM replica JOIN identity USING (generation) LEFT JOIN trust USING (one) LEFT JOIN removal USING (one)
      LEFT JOIN holder USING (one) LEFT JOIN moving USING (one)
      LEFT JOIN anchor USING (one)
      """
    // Read with every transaction: to prepare it anew was a quarter of what a short one costs.
    guard let row = try Row.fetchOne(db.cachedStatement(sql: sql)), let id = ReplicaID(row["replica"] as String),
      let secret = Secret(row["secret"] as String)
    else { throw StoreError.unreadable(file: file, seq: 0) }
    self.replica = id
    self.secret = secret
    self.trust = ReplicaTrust(row)
    self.server = row["server"]
    self.movingTo = row["moving_to"]
    self.ledger = ExactString(row["ledger"])
    self.seat = (row["seat"] as String?).flatMap { SeatID($0) }
    self.role = (row["role"] as String?).flatMap { Role(rawValue: $0) }
    self.place = (row["place"] as String?).map { ExactString($0) }
    self.holder = (row["holder"] as String?).map { ExactString($0) }
    self.counter = UInt64(row["counter"] as Int64)
    self.clock = Stamp(rawValue: UInt64(bitPattern: row["clock"]))
    self.seen = Stamp(rawValue: UInt64(bitPattern: row["seen"]))
    self.anchor = ClockAnchor(row)
    self.offsetMilliseconds = row["time_offset"]
    self.contact = (row["contact"] as Int64?).map { Stamp(rawValue: UInt64(bitPattern: $0)) }
    self.epoch = (row["epoch"] as String?).flatMap { Epoch($0) }
    self.cursor = (row["cursor"] as String?).map { ExactString($0) }
    self.reached = UInt64(row["reached"] as Int64)
    self.removal = ReplicaRemoval(row)
    self.needsNewID = row["needs_new_id"]
    self.generation = row["generation"]
    self.revision = row["revision"]
    self.arrivals = UInt64(row["arrivals"] as Int64)
    self.drops = row["drops"]
  }
}
