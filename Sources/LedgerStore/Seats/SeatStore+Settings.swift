package import EditModel
import GRDB

/// What a server tells every device about where it is.
package struct AnnouncedAddresses: Hashable, Sendable {
  /// Where it has moved to, nil while it is where it was.
  package let moved: HostPort?
  /// A second address, nil when there is none.
  package let second: HostPort?
}

extension SeatStore {
  /// The addresses that devices are told.
  package func addresses() throws(StoreError) -> AnnouncedAddresses {
    try file.run("read settings") { db in
      AnnouncedAddresses(moved: try db.setting("moved"), second: try db.setting("second"))
    }
  }

  /// Tells devices from now on that the server has moved to `address`; nil tells them nothing more.
  package func setMoved(_ address: HostPort?, at stamp: Stamp) throws(StoreError) {
    try set("moved", address, .moved, at: stamp)
  }

  /// Tells devices from now on of a second address; nil tells them nothing more.
  package func setSecond(_ address: HostPort?, at stamp: Stamp) throws(StoreError) {
    try set("second", address, .second, at: stamp)
  }

  private func set(
    _ name: String, _ address: HostPort?, _ action: AuditAction, at stamp: Stamp
  ) throws(StoreError) {
    try file.transaction("change setting") { db in
      guard try db.setting(name) != address else { return }
      if let address {
        try db.execute(
          sql: "INSERT INTO setting VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
          arguments: [name, address.description])
      } else {
        try db.execute(sql: "DELETE FROM setting WHERE name = ?", arguments: [name])
      }
      try db.audit(action, [address?.description ?? "-"], at: stamp, by: author)
    }
  }
}

extension Database {
  fileprivate func setting(_ name: String) throws -> HostPort? {
    try String.fetchOne(self, sql: "SELECT value FROM setting WHERE name = ?", arguments: [name]).flatMap {
      HostPort($0)
    }
  }
}
