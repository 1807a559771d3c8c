import EditModel
import GRDB
import LineProtocol

/// One of a replica's ids with what proves it, read from what may be damaged.
struct RescuedIdentity: Hashable {
  var replica: ReplicaID
  let secret: Secret

  /// From the columns `replica` and `secret`; nil when they are none.
  init?(_ replica: DatabaseValue, _ secret: DatabaseValue) {
    guard let name = String.fromDatabaseValue(replica), let id = ReplicaID(name),
      let digits = String.fromDatabaseValue(secret), let proof = Secret(digits)
    else { return nil }
    (self.replica, self.secret) = (id, proof)
  }

  static func == (left: RescuedIdentity, right: RescuedIdentity) -> Bool { left.replica == right.replica }

  func hash(into hasher: inout Hasher) { hasher.combine(replica) }
}

/// The row of the table `replica`, read from what may be damaged.
struct RescuedHeader {
  /// The columns that are kept, in the order of `names`.
  let values: [DatabaseValue]

  /// How many columns the table has.
  static let columns = 19
  /// The columns that are kept: where the stream stood is not, so that everything confirmed is fetched anew.
  static let names = [
    "server", "ledger", "seat", "role", "place", "generation", "counter", "clock", "seen", "time_offset", "contact",
    "epoch", "needs_new_id", "revision",
  ]
  /// Where they are among the columns of the table.
  private static let places = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 16]

  /// From all columns of the table; nil when one of them is of no such kind.
  init?(_ row: [DatabaseValue]) {
    guard row.count == RescuedHeader.columns else { return nil }
    values = RescuedHeader.places.map { row[$0] }
    let (texts, optionalTexts) = ([0, 1], [2, 3, 4, 11])
    let (numbers, optionalNumbers) = ([5, 6, 7, 8, 12, 13], [9, 10])
    guard texts.allSatisfy({ String.fromDatabaseValue(values[$0]) != nil }),
      optionalTexts.allSatisfy({ values[$0].isNull || String.fromDatabaseValue(values[$0]) != nil }),
      numbers.allSatisfy({ Int64.fromDatabaseValue(values[$0]) != nil }),
      optionalNumbers.allSatisfy({ values[$0].isNull || Int64.fromDatabaseValue(values[$0]) != nil }),
      HostPort(server) != nil, Name.isValid(ledger), generation >= 0, counter >= 0, revision >= 0
    else { return nil }
  }

  var server: String { String.fromDatabaseValue(values[0]) ?? "" }
  var ledger: String { String.fromDatabaseValue(values[1]) ?? "" }
  var generation: Int64 { Int64.fromDatabaseValue(values[5]) ?? -1 }
  var counter: Int64 { Int64.fromDatabaseValue(values[6]) ?? -1 }
  var seen: Stamp { Stamp(rawValue: UInt64(bitPattern: Int64.fromDatabaseValue(values[8]) ?? 0)) }
  var clock: UInt64 { UInt64(bitPattern: Int64.fromDatabaseValue(values[7]) ?? 0) }
  var revision: Int64 { Int64.fromDatabaseValue(values[13]) ?? -1 }
}
