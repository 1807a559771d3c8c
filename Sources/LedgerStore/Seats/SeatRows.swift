import EditModel
import GRDB
import LedgerRules

extension Stamp {
  /// The stamp as SQLite holds it: the same 64 bits, signed.
  var column: Int64 { Int64(bitPattern: rawValue) }

  /// The stamp that a column holds.
  init(row column: Int64) { self.init(rawValue: UInt64(bitPattern: column)) }
}

extension SeatFacts {
  /// Reads the columns name, role and place.
  init(row: Row, file: String) throws {
    guard let seat = SeatID(row[0] as String), let role = Role(rawValue: row[1]) else {
      throw StoreError(StoreFault(file: file, code: ResultCode.SQLITE_CORRUPT.rawValue, operation: "read seats"))
    }
    self.init(seat: seat, role: role, place: (row[2] as String?).map { ExactString($0) })
  }
}

extension DeviceFacts {
  /// Reads the columns of a seat, then ledger, replica, contact and unsent.
  init(row: Row, file: String) throws {
    guard let replica = ReplicaID(row[4] as String) else {
      throw StoreError(StoreFault(file: file, code: ResultCode.SQLITE_CORRUPT.rawValue, operation: "read seats"))
    }
    self.init(
      replica: replica, seat: try SeatFacts(row: row, file: file), ledger: ExactString(row[3] as String),
      contact: (row[5] as Int64?).map { Stamp(row: $0) }, unsent: UInt64(bitPattern: row[6]))
  }
}
