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
  /// Reads the columns seat, role, place and holder.
  init(row: Row, file: String) throws {
    guard let seat = SeatID(row["seat"] as String), let role = Role(rawValue: row["role"]) else {
      throw StoreError(StoreFault(file: file, code: ResultCode.SQLITE_CORRUPT.rawValue, operation: "read seats"))
    }
    self.init(
      seat: seat, role: role, place: (row["place"] as String?).map { ExactString($0) },
      holder: (row["holder"] as String?).map { ExactString($0) })
  }
}

extension DeviceFacts {
  /// Reads the columns of a seat, its ledger, and those of a device.
  init(row: Row, file: String) throws {
    guard let replica = ReplicaID(row["replica"] as String) else {
      throw StoreError(StoreFault(file: file, code: ResultCode.SQLITE_CORRUPT.rawValue, operation: "read seats"))
    }
    self.init(
      replica: replica, seat: try SeatFacts(row: row, file: file), ledger: ExactString(row["ledger"] as String),
      contact: (row["contact"] as Int64?).map { Stamp(row: $0) }, unsent: UInt64(bitPattern: row["unsent"]))
    enrolled = Stamp(row: row["enrolled"])
    key = row["key"]
    name = (row["device_name"] as String?).map { ExactString($0) }
    version = (row["version"] as String?).map { ExactString($0) }
    clockOffset = row["clock_offset"]
    revoked = (row["revoked"] as Int64?).map { Stamp(row: $0) }
  }
}
