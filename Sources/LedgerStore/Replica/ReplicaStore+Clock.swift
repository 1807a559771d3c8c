package import EditModel
import GRDB
import LineProtocol

// What the device's clocks showed, and where its acts are put in time by that.

extension ReplicaStore {
  /// Keeps what a contact showed: the server's time, and the device's clocks at that moment.
  package func noteTime(_ anchor: ClockAnchor) throws(StoreError) {
    try change("note the time") { db, _ in
      try db.executeKept(
        sql: "UPDATE replica SET time_offset = ?, contact = ?",
        arguments: [anchor.offsetMilliseconds, Int64(bitPattern: anchor.now.rawValue)])
      try db.executeKept(
        sql: "INSERT OR REPLACE INTO anchor VALUES (1, ?, ?, ?, ?)",
        arguments: [
          Int64(bitPattern: anchor.now.rawValue), Int64(clamping: anchor.reading.wallMilliseconds),
          Int64(clamping: anchor.reading.bootMilliseconds), anchor.reading.boot,
        ])
    }
  }

  /// Which own acts are put at their place in time.
  package enum Unplaced: Hashable, Sendable {
    /// Those of which no byte ever left.
    case unsent
    /// All undecided ones from this number on, sent or not.
    case from(UInt64)
  }

  /// Puts own undecided acts of the id in force at the stamps that `placing` finds for them; those that were accepted once
  /// keep theirs. It is given the acts in their order, each with its moment, and the stamp of the last own act that keeps
  /// its own; it returns them restamped. Writes nothing when no stamp changes.
  package func place(
    _ unplaced: Unplaced, _ placing: ([(act: Act, moment: ActMoment)], _ above: Stamp) -> [Act]
  ) throws(StoreError) {
    let (least, phases) =
      switch unplaced {
      case .unsent: (UInt64(1), "0")
      case .from(let n): (n, "0, 1")
      }
    let isThere = try file.run("look for acts") { db in
      try Bool.fetchOne(db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM act WHERE phase IN (\(phases)))"))
        ?? false
    }
    guard isThere else { return }
    try file.transaction("put acts in time") { db in
      let header = try ReplicaHeader(db, file: self.file.path)
      let condition = "generation = ? AND n >= ? AND phase IN (\(phases)) AND was_accepted = 0"
      let acts = try self.ownActs(db, where: condition, [header.generation, Int64(least)]).map(\.act)
      guard let first = acts.first else { return }
      let moments = try acts.map { ($0, try self.moment(of: $0, db)) }
      let placed = placing(moments, try self.lastStamp(before: first.id, header, db))
      guard placed != acts else { return }
      for (old, act) in zip(acts, placed) where old != act {
        try self.change(act.id, db) { $0.act = act }
      }
      // The clock goes back with them: an hour with a wrong clock must not put every later edit in the future.
      let own = try self.ownActs(db, where: "generation = ? AND phase IN (0, 1, 2)", [header.generation])
      let greatest = own.compactMap { $0.act.edits.first?.stamp }.reduce(header.seen, max)
      try db.executeKept(sql: "UPDATE replica SET clock = ?", arguments: [Int64(bitPattern: greatest.rawValue)])
      try self.touch(db)
    }
  }

  /// Keeps when an act was made; `ifUnknown` only where nothing says so yet.
  func keep(_ moment: ActMoment, of act: ActID, _ db: Database, ifUnknown: Bool = false) throws {
    try db.executeKept(
      sql: "INSERT OR \(ifUnknown ? "IGNORE" : "REPLACE") INTO moment VALUES (?, ?, ?, ?, ?, ?, ?)",
      arguments: [
        act.replica.description, Int64(act.n), Int64(clamping: moment.reading.wallMilliseconds),
        Int64(clamping: moment.reading.bootMilliseconds), moment.reading.boot,
        Int64(bitPattern: moment.seen.rawValue), moment.isAnchored,
      ])
  }

  /// The act goes on under another identity; when it was made stays.
  func renameMoment(of old: ActID, to new: ActID, _ db: Database) throws {
    try db.executeKept(
      sql: "UPDATE moment SET replica = ?, n = ? WHERE replica = ? AND n = ?",
      arguments: [new.replica.description, Int64(new.n), old.replica.description, Int64(old.n)])
  }

  /// Forgets when acts were made that are decided.
  func forgetMoments(_ db: Database) throws {
    try db.executeKept(
      sql: """
        DELETE FROM moment WHERE NOT EXISTS (
          SELECT 1 FROM act JOIN identity USING (generation)
          WHERE identity.replica = moment.replica AND act.n = moment.n AND phase IN (0, 1, 3, 4))
        """)
  }

  /// When `act` was made; of one that an earlier version of this program recorded, what its stamp and shift say.
  private func moment(of act: Act, _ db: Database) throws -> ActMoment {
    let row = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT * FROM moment WHERE replica = ? AND n = ?"),
      arguments: [act.id.replica.description, Int64(act.id.n)])
    return row.map { ActMoment($0) } ?? ActMoment(stampOf: act, seen: .zero)
  }

  /// The stamp of the last own act before `id` that is sent or accepted, seen by this seat or not; zero when there is none.
  private func lastStamp(before id: ActID, _ header: ReplicaHeader, _ db: Database) throws -> Stamp {
    let own = try ownActs(
      db, where: "generation = ? AND n < ? AND phase IN (0, 1, 2, 5)", [header.generation, Int64(id.n)])
    let accepted = try ["line", "withdrawn_line"].compactMap { table in
      try String.fetchOne(
        db.cachedStatement(
          sql: "SELECT line FROM \(table) WHERE replica = ? AND n < ? ORDER BY n DESC, i DESC LIMIT 1"),
        arguments: [id.replica.description, Int64(id.n)])
    }
    let stamps =
      own.compactMap { $0.act.edits.first?.stamp } + accepted.compactMap { EditLine.accepted($0)?.edit.stamp }
    return stamps.max() ?? .zero
  }
}

extension ClockAnchor {
  /// The columns that `init` reads, in their order.
  static let columns = "anchor_now, anchor_wall, anchor_boot_clock, anchor_boot"

  /// Reads the columns of the table `anchor`; nil where the row is not there.
  init?(_ row: inout RowColumns) {
    let (now, wall, bootClock, boot) = (row.integer(), row.integer(), row.integer(), row.text())
    guard let now, let wall, let bootClock else { return nil }
    self.init(
      now: Stamp(rawValue: UInt64(bitPattern: now)),
      reading: ClockReading(
        wallMilliseconds: UInt64(max(0, wall)), bootMilliseconds: UInt64(max(0, bootClock)), boot: boot))
  }
}

extension ActMoment {
  /// When `act` was made, of which nothing but itself says so: its stamp was the best that was known then, and stays.
  init(stampOf act: Act, seen: Stamp) {
    let (stamp, shift) = act.edits.first.map { ($0.stamp, $0.shift) } ?? (.zero, .none)
    let wall = Int64(clamping: stamp.milliseconds) - shift.seconds * 1_000
    self.init(reading: ClockReading(wallMilliseconds: UInt64(max(0, wall))), seen: seen, isAnchored: true)
  }

  /// Reads a row of the table `moment`.
  fileprivate init(_ row: Row) {
    self.init(
      reading: ClockReading(
        wallMilliseconds: UInt64(max(0, row["wall"] as Int64)),
        bootMilliseconds: UInt64(max(0, row["boot_clock"] as Int64)), boot: row["boot"]),
      seen: Stamp(rawValue: UInt64(bitPattern: row["seen"])), isAnchored: row["anchored"])
  }
}
