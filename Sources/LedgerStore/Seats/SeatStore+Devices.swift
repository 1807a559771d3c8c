package import EditModel
import GRDB
import LedgerRules

/// Devices that are there: what they are called, and that they are shut out.
extension SeatStore {
  /// Gives a device a name for people.
  package func rename(_ replica: ReplicaID, to name: ExactString, at stamp: Stamp) throws(StoreError) {
    try file.transaction("rename device") { db in
      try db.execute(
        sql: "UPDATE device SET name = ? WHERE replica = ?", arguments: [name.string, replica.text.string])
      guard db.changesCount == 1 else { throw StoreError.seats(.noDevice(replica)) }
      try db.audit(.deviceRename, [replica.description, name.string], at: stamp, by: author)
    }
  }

  /// What shutting a device out did.
  package struct Revocation: Hashable, Sendable {
    /// Whether it was not shut out before.
    package let isNew: Bool
    /// The other devices with its key that were shut out with it: copies of its folder, or it of theirs.
    package let copies: [ReplicaID]
    /// The first digits of the unused codes that would have let it in again, which were taken back.
    package let withdrawn: [String]
    /// The first digits of the seat's other unused codes: they let devices in still.
    package let open: [String]
  }

  /// Shuts a device out: from now on it receives nothing and may only hand acts over for a decision. So are all others
  /// that have its key: whoever has a copy of its folder has what proves them all. In the same transaction the unused codes
  /// that were made for them are taken back; other codes of the seat stay, and are named.
  package func revoke(_ replica: ReplicaID, at stamp: Stamp) throws(StoreError) -> Revocation {
    try file.transaction("revoke device") { db in
      guard let device = try find(replica, db) else { throw StoreError.seats(.noDevice(replica)) }
      let (seat, ledger) = (device.seat.seat, device.ledger)
      let isNew = try db.revoke(replica, at: stamp, by: author)
      let copies = try db.sharing(device.key).filter { $0 != replica }
      let revoked = try copies.filter { try db.revoke($0, at: stamp, by: author) }
      let withdrawn = try ([replica] + copies).flatMap {
        try db.withdrawOpen(of: seat, ledger, for: $0, at: stamp, by: author)
      }
      let open = try db.openCodes(of: seat, ledger, at: stamp)
      return Revocation(isNew: isNew, copies: revoked, withdrawn: withdrawn, open: open)
    }
  }

  /// Every device that is shut out.
  package func revoked() throws(StoreError) -> Set<ReplicaID> {
    try file.run("list revoked devices") { db in
      try Set(
        String.fetchAll(db, sql: "SELECT replica FROM device WHERE revoked IS NOT NULL").compactMap { ReplicaID($0) })
    }
  }

  /// A number that changes whenever another program has written to the file since it was last asked for.
  package func changeNumber() throws(StoreError) -> Int64 {
    try file.run("look for changes") { db in try Int64.fetchOne(db, sql: "PRAGMA data_version") ?? 0 }
  }
}

extension Database {
  fileprivate func revoke(_ replica: ReplicaID, at stamp: Stamp, by author: AuditAuthor) throws -> Bool {
    try execute(
      sql: "UPDATE device SET revoked = ? WHERE replica = ? AND revoked IS NULL",
      arguments: [stamp.column, replica.text.string])
    guard changesCount == 1 else { return false }
    try audit(.deviceRevoke, [replica.description], at: stamp, by: author)
    return true
  }

  /// The devices whose key has this digest, by replica id; none without one.
  fileprivate func sharing(_ key: String?) throws -> [ReplicaID] {
    guard let key else { return [] }
    return try String.fetchAll(self, sql: "SELECT replica FROM device WHERE key = ? ORDER BY replica", arguments: [key])
      .compactMap { ReplicaID($0) }
  }

  /// Shuts out every device of a seat; answers those that were not before.
  func revokeAll(
    of seat: SeatID, _ ledger: ExactString, at stamp: Stamp, by author: AuditAuthor
  ) throws -> [ReplicaID] {
    let there = try String.fetchAll(
      self, sql: "SELECT replica FROM device WHERE ledger = ? AND seat = ? ORDER BY replica",
      arguments: [ledger.string, seat.name.string]
    ).compactMap { ReplicaID($0) }
    return try there.filter { try revoke($0, at: stamp, by: author) }
  }
}
