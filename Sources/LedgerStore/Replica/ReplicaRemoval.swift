package import EditModel
import GRDB

/// That the server has shut this device out, or does not know it.
package struct ReplicaRemoval: Hashable, Sendable {
  /// When the device was first told, by the server's clock.
  package let at: Stamp
  /// How many acts were handed over for a decision, when it was last told.
  package let handedOver: Int

  /// The columns that `init` reads, in their order.
  static let columns = "removed_at, handed_over"

  /// Reads the columns of the table `removal`; nil where the row is not there.
  init?(_ row: inout RowColumns) {
    let (at, count) = (row.integer(), row.integer())
    guard let at, let count else { return nil }
    self.at = Stamp(rawValue: UInt64(bitPattern: at))
    self.handedOver = Int(count)
  }
}

extension ReplicaStore {
  /// Keeps that the device is shut out or not known, and how many acts were handed over this time.
  package func noteRemoved(handedOver count: Int) throws(StoreError) {
    let contact = try header().contact ?? .zero
    try change("note") { db, _ in
      try db.executeKept(
        sql: """
          INSERT INTO removal (one, removed_at, handed_over) VALUES (1, ?1, ?2)
          ON CONFLICT (one) DO UPDATE SET handed_over = ?2
          """,
        arguments: [Int64(bitPattern: contact.rawValue), count])
    }
  }
}
