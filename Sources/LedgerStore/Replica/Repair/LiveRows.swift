import EditModel
import GRDB
import LineProtocol

/// What SQLite still reads of a replica's file: every table as far as it goes.
struct LiveRows {
  /// Whether SQLite finds nothing wrong with the file.
  private(set) var isWhole = false
  /// Whether all rows of the table `act` were read.
  private(set) var hasAllActs = false
  /// The acts whose text is as it was written.
  private(set) var acts: [ActID: ActRow] = [:]
  /// Those of them whose columns say something else.
  private(set) var misplaced: Set<ActID> = []
  /// The rows of acts whose text is not as it was written, as they are.
  private(set) var broken: [Row] = []
  /// The row of the table `replica`.
  private(set) var header: RescuedHeader?
  /// The replica's ids by generation.
  private(set) var identities: [Int64: RescuedIdentity] = [:]
  /// The columns of the table `trust` behind the first.
  private(set) var trust: [DatabaseValue]?
  /// The rows of the tables that are taken over as they are.
  private(set) var others: [KeptTable: [[DatabaseValue]]] = [:]
  /// The own acts of which there is a line.
  private(set) var confirmed: Set<ActID> = []
  /// Whether all that is known of acts issued anew was read.
  private var knowsRenamed = false
  /// Which version of the file it is.
  private(set) var version = 0

  /// Reads the file at `path`; nothing where SQLite does not open it.
  init(path: String) throws(StoreError) {
    guard let file = try? StoreFile.bare(path) else { return }  // what is no database has no rows
    defer { file.closeQuietly() }
    let isOurs =
      LiveRows.first("PRAGMA application_id", file).flatMap(Int.fromDatabaseValue) == Schema.replica.applicationID
    version = LiveRows.first("PRAGMA user_version", file).flatMap(Int.fromDatabaseValue) ?? 0
    let isIntact = LiveRows.first("PRAGMA integrity_check(1)", file).flatMap(String.fromDatabaseValue) == "ok"
    if isOurs, isIntact, version > Schema.replica.version {
      throw .newer(file: path, version: version, known: Schema.replica.version)
    }
    header = LiveRows.rows("SELECT * FROM replica", file).rows.first.flatMap { RescuedHeader(Array($0.databaseValues)) }
    for row in LiveRows.rows("SELECT generation, replica, secret FROM identity", file).rows {
      guard let generation = Int64.fromDatabaseValue(row[0]) else { continue }
      identities[generation] = RescuedIdentity(row[1], row[2])
    }
    let trusts = LiveRows.rows("SELECT * FROM trust", file).rows.map { Array($0.databaseValues) }
    trust = trusts.first.flatMap { FoundRows.isTrust($0) ? Array($0.dropFirst()) : nil }
    readActs(file)
    readConfirmed(file)
    for table in KeptTable.allCases {
      let (rows, isComplete) = LiveRows.rows("SELECT * FROM \(table.rawValue)", file)
      let whole = rows.map { Array($0.databaseValues) }.filter(table.takes)
      others[table] = whole
      if table == .renamed { knowsRenamed = isComplete && whole.count == rows.count }
    }
    // Without knowing which of them were issued anew, another copy's acts would go for own ones.
    if !knowsRenamed { others[.givenOut] = [] }
    // One that cannot be asked is not.
    let isDescribed = version != Schema.replica.version ? true : (try? Schema.replica.isDescribed(in: file)) ?? false
    isWhole =
      isOurs && isIntact && isDescribed && version > 0 && !CutLog.isBeside(path) && hasAllActs
      && LiveRows.hasAllLines(file)
      && header != nil
      && identities[header?.generation ?? -1] != nil && (trust != nil || trusts.isEmpty)
  }

  private mutating func readActs(_ file: StoreFile) {
    let isChecked =
      version > LiveRows.lastUnchecked && LiveRows.rows("SELECT one FROM unchecked_acts", file).rows.isEmpty
    let (rows, isComplete) = LiveRows.rows("SELECT act.*, NULL AS replica FROM act", file)
    // Where the table's own description is damaged, its rows have no columns that could be told apart.
    let isTable = rows.allSatisfy { $0.count == ActColumn.count + 1 }
    hasAllActs = isComplete && isTable
    for row in rows where isTable {
      let text = String.fromDatabaseValue(row.of(.lines))
      if let read = text.flatMap({ ActRow(text: $0) }) ?? (isChecked ? nil : ActRow(unchecked: row)) {
        acts[read.act.id] = read
        if isChecked, ActRow(row) == nil { misplaced.insert(read.act.id) }
      } else {
        broken.append(row)
      }
    }
  }

  private mutating func readConfirmed(_ file: StoreFile) {
    for identity in identities.values {
      for table in ["line", "withdrawn_line", "surplus"] {
        let sql = "SELECT DISTINCT n FROM \(table) WHERE replica = '\(identity.replica)'"
        for row in LiveRows.rows(sql, file).rows {
          guard let n = Int64.fromDatabaseValue(row[0]), n > 0 else { continue }
          confirmed.insert(ActID(replica: identity.replica, n: UInt64(n)))
        }
      }
    }
  }

  /// Whether every confirmed line is one.
  private static func hasAllLines(_ file: StoreFile) -> Bool {
    do {
      return try file.run("rescue") { db in
        let lines = try RawStatement("SELECT line FROM line", on: db, file: file.path, operation: "rescue")
        defer { lines.reset() }
        while try lines.step() { guard EditLine.accepted(lines.bytes(0)) != nil else { return false } }
        return true
      }
    } catch { return false }
  }

  /// The last version of the file whose acts had no checksums.
  private static let lastUnchecked = 10

  private static func first(_ sql: String, _ file: StoreFile) -> DatabaseValue? { rows(sql, file).rows.first?[0] }

  /// The rows from the first on and from the last back, as far as SQLite gets; whether those are all.
  private static func rows(_ sql: String, _ file: StoreFile) -> (rows: [Row], isComplete: Bool) {
    var rows: [Row] = []
    do {
      try file.run("rescue") { db in
        let cursor = try Row.fetchCursor(db, sql: sql)
        while let row = try cursor.next() { rows.append(row.copy()) }
      }
      return (rows, true)
    } catch {
      return (rows, false)
    }
  }
}

/// The tables that a repair takes over row by row: what nobody but this device knows. The confirmed lines and what is
/// derived from them are fetched anew, and what the server says of itself is asked for.
enum KeptTable: String, CaseIterable {
  case surplus, notice, undo, settled
  case withdrawnLine = "withdrawn_line"
  case holder, moving, anchor, moment, look
  case seenRefusal = "seen_refusal"
  case seenClash = "seen_clash"
  case dismissed
  case givenOut = "given_out"
  case renamed
  case toldNumber = "told_number"

  /// What its columns hold: `t` a text, `i` a whole number; a capital letter may be nothing.
  private var columns: String {
    switch self {
    case .surplus: "tiit"
    case .notice: "itt"
    case .undo: "tiTI"
    case .settled: "i"
    case .withdrawnLine: "itiit"
    case .holder, .moving: "it"
    case .anchor: "iiiiT"
    case .moment: "tiiiTii"
    case .look: "iit"
    case .seenRefusal: "ti"
    case .seenClash: "tii"
    case .dismissed, .givenOut, .renamed: "ii"
    case .toldNumber: "tiii"
    }
  }

  /// Whether `row` is one that was written: what a column holds is of its kind.
  func takes(_ row: [DatabaseValue]) -> Bool {
    row.count == columns.count
      && zip(row, columns).allSatisfy { value, kind in
        switch kind {
        case "t": String.fromDatabaseValue(value) != nil
        case "T": value.isNull || String.fromDatabaseValue(value) != nil
        case "I": value.isNull || Int64.fromDatabaseValue(value) != nil
        default: Int64.fromDatabaseValue(value) != nil
        }
      }
  }
}
