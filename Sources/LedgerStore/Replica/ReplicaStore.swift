package import EditModel
import GRDB
import LedgerRules
import LineProtocol

/// One device's copy of one ledger: what the server said, what was done here and not yet confirmed, what was refused.
///
/// Several processes may have the same file open, each with a store of its own; every change is one fsynced transaction
/// that first takes the write lock, so counter and clock never give the same thing twice. Owned by whoever made it, one
/// caller at a time.
package final class ReplicaStore {
  let file: StoreFile
  /// What was read last; valid while the file's revision is that of its header.
  var cache: ReplicaSnapshot?
  /// The confirmed cells as they were when so many lines had arrived; outlives the snapshot.
  var cells: (state: LedgerState, arrivals: UInt64, drops: Int64)?
  /// Whether self-found problems may have come whose first numbers are not kept yet; so after every start.
  var hasUnnumbered = true
  /// Own acts of which a line came since the stream was last level.
  var echoed: Set<ActID> = []

  /// Makes the file of a newly enrolled device. Throws `exists` when there is already something at `path`.
  package static func create(
    path: String, device: DeviceFile, trust: ReplicaTrust? = nil
  ) throws(StoreError) -> ReplicaStore {
    let file = try StoreFile.create(path, schema: .replica) { db in
      try db.executeKept(
        sql: "INSERT INTO identity (generation, replica, secret) VALUES (0, ?, ?)",
        arguments: [device.replica.description, device.secret.digits])
      try db.executeKept(
        sql: "INSERT INTO replica (one, server, ledger) VALUES (1, ?, ?)",
        arguments: [device.server, device.ledger.string])
      try trust?.write(db)
    }
    return ReplicaStore(file: file)
  }

  /// Opens the file at `path`; brings an older one up to date, refuses a newer one and one whose log is damaged.
  package static func open(path: String) throws(StoreError) -> ReplicaStore {
    // Before SQLite is at it: what it passes over in a log it overwrites.
    guard !CutLog.isBeside(path) else {
      throw StoreError(StoreFault(file: path, code: ResultCode.SQLITE_CORRUPT.rawValue, operation: "open"))
    }
    let store = ReplicaStore(file: try StoreFile.open(path, schema: .replica, purpose: .writing))
    try store.checkOldActs()
    try store.readOldBranches()
    return store
  }

  init(file: StoreFile) {
    self.file = file
  }

  /// Closes the file.
  package func close() throws(StoreError) {
    cache = nil
    try file.close()
  }

  /// What the file says of itself now.
  package func header() throws(StoreError) -> ReplicaHeader {
    try file.run("read") { db in try ReplicaHeader(db, file: file.path) }
  }

  /// Moves with every change of the file by any process: cheap enough to ask five times a second.
  package func revision() throws(StoreError) -> Int64 {
    try file.run("read") { db in try Int64.fetchOne(db.cachedStatement(sql: "SELECT revision FROM replica")) ?? 0 }
  }

  /// The replica as it is now.
  package func snapshot() throws(StoreError) -> ReplicaSnapshot {
    try file.snapshot("read") { db in try self.refreshed(db) }
  }

  /// The replica as it is now without these fields' confirmed values: for a list that shows none of them, since every
  /// line that is not read is not parsed, merged and let go of. Kept nowhere.
  package func snapshot(leavingOut fields: [FieldName]) throws(StoreError) -> ReplicaSnapshot {
    try file.snapshot("read") { db in
      let header = try ReplicaHeader(db, file: self.file.path)
      var confirmed = LedgerState()
      let names = fields.map { "'\($0.description)'" }.joined(separator: ", ")
      try self.fold(
        "SELECT line FROM line WHERE seq IN (SELECT seq FROM winner WHERE field NOT IN (\(names))) ORDER BY seq",
        into: &confirmed, db)
      let acts = try self.ownActs(db)
      return ReplicaSnapshot(
        header: header, confirmed: confirmed, acts: acts, clashes: try self.clashes(db, header: header),
        isFetched: try self.isFetched(db, header))
    }
  }

  /// SHA-256 over the confirmed cells: equal on two replicas exactly when these are.
  package func stateHash() throws(StoreError) -> String {
    StateHash.of(try snapshot().confirmed)
  }

  /// The snapshot of what `db` shows, made from the cache as far as that is still right.
  func refreshed(_ db: Database) throws -> ReplicaSnapshot {
    let header = try ReplicaHeader(db, file: file.path)
    if let cache, cache.header.revision == header.revision { return cache }
    let confirmed = try confirmedCells(db, header: header)
    let acts = try ownActs(db)
    let fresh = ReplicaSnapshot(
      header: header, confirmed: confirmed, acts: acts, clashes: try clashes(db, header: header),
      isFetched: try isFetched(db, header))
    cache = fresh
    return fresh
  }

  /// The confirmed cells: those of the cache with what has arrived since, or all winners from the file.
  func confirmedCells(_ db: Database, header: ReplicaHeader) throws -> LedgerState {
    var state = LedgerState()
    var sql = "SELECT line FROM line WHERE seq IN (SELECT seq FROM winner) ORDER BY seq"
    var after: UInt64?
    if let cells, cells.drops == header.drops {
      if cells.arrivals == header.arrivals { return cells.state }
      state = cells.state
      after = cells.arrivals
      sql = "SELECT line FROM line WHERE arrival > ? ORDER BY arrival"
    }
    // Let go of, so that the cells are changed in place.
    cache = nil
    cells = nil
    try fold(sql, after: after, into: &state, db)
    cells = (state, header.arrivals, header.drops)
    return state
  }

  /// Applies the lines that `sql` finds to `state`.
  private func fold(_ sql: String, after: UInt64? = nil, into state: inout LedgerState, _ db: Database) throws {
    let statement = try RawStatement(kept: sql, on: db, file: file.path, operation: "read")
    defer { statement.reset() }
    if let after { statement.bind(after, at: 1) }
    while try statement.step() {
      guard let accepted = EditLine.accepted(statement.bytes(0)) else {
        throw StoreError.unreadable(file: file.path, seq: 0)
      }
      state.apply(accepted)
    }
  }

  /// Says that the file has changed; the last statement of every changing transaction.
  func touch(_ db: Database) throws {
    try db.cachedStatement(sql: "UPDATE replica SET revision = revision + 1").execute()
  }
}
