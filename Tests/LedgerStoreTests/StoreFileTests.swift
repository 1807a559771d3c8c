import Foundation
import GRDB
import LineProtocol
import Testing

@testable import LedgerStore

@Suite struct StoreFileTests {
  /// The trap: GRDB's pool sets NORMAL behind one's back. What SQLite says of each of our connections is what counts.
  @Test func everyWritingConnectionIsFullySynchronous() throws {
    let sample = try LedgerSample()
    let store = try ServerStore(path: sample.path)
    let pragmas = try #require(store.connection).run("test") { db in
      [
        try String.fetchOne(db, sql: "PRAGMA synchronous"), try String.fetchOne(db, sql: "PRAGMA journal_mode"),
        try String.fetchOne(db, sql: "PRAGMA wal_autocheckpoint"),
      ]
    }
    #expect(pragmas == ["2", "wal", "0"])
    let seats = sample.folder.path + "/seats.sqlite"
    try SeatStore.create(path: seats)
    let seatStore = try SeatStore(path: seats)
    #expect(try seatStore.file.run("test") { try Int.fetchOne($0, sql: "PRAGMA synchronous") } == 2)
  }

  @Test func refusesAFileThatALaterVersionWrote() throws {
    let sample = try LedgerSample()
    try sample.change("PRAGMA user_version = 99")
    let error = StoreError.newer(file: sample.path, version: 99, known: Schema.ledger.version)
    #expect(throws: error) { _ = try ServerStore(path: sample.path) }
    #expect(throws: error) { _ = try HistoryReader(path: sample.path) }
    #expect(error.description.contains("later version"))
  }

  @Test func tellsItsOwnKindsApart() throws {
    let sample = try LedgerSample()
    #expect(throws: StoreError.wrongKind(file: sample.path, expected: "seats file")) {
      _ = try SeatStore(path: sample.path)
    }
    try sample.change("PRAGMA application_id = 7")
    #expect(throws: StoreError.wrongKind(file: sample.path, expected: "ledger file")) {
      _ = try ServerStore(path: sample.path)
    }
  }

  @Test func openingNeverCreates() throws {
    let folder = try FaultDiskFolder()
    let path = folder.path + "/none.sqlite"
    for _ in 1...2 {
      #expect(throws: StoreError.missing(file: path)) { _ = try ServerStore(path: path) }
    }
  }

  @Test func creatingOverwritesNothing() throws {
    let sample = try LedgerSample()
    let store = try ServerStore(path: sample.path)
    try store.append(HistoryBatch(sample.edits))
    #expect(throws: StoreError.exists(file: sample.path)) {
      try ServerStore.create(path: sample.path, header: LedgerSample.header)
    }
    #expect(try store.reader().lastSeq() == UInt64(sample.edits.count))
  }

  @Test func refusesWhatIsNoDatabase() throws {
    let sample = try LedgerSample()
    let path = sample.folder.path + "/text.sqlite"
    try String(repeating: "不是数据库", count: 200).write(toFile: path, atomically: true, encoding: .utf8)
    let error = #expect(throws: StoreError.self) { _ = try ServerStore(path: path) }
    guard case .corrupt = error else {
      Issue.record("expected corrupt, got \(String(describing: error))")
      return
    }
  }
}

@Suite struct SchemaTests {
  /// A file of every version that was ever released comes to the very schema that a new file has.
  @Test(arguments: FrozenSchema.all) func everyFrozenVersionBecomesTheNewest(_ frozen: FrozenSchema) throws {
    let folder = try FaultDiskFolder()
    let (old, new) = (folder.path + "/old.sqlite", folder.path + "/new.sqlite")
    let queue = try DatabaseQueue(path: old)
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: frozen.sql)
      try db.execute(
        sql: "PRAGMA application_id = \(frozen.schema.applicationID); PRAGMA user_version = \(frozen.version)")
    }
    try queue.close()
    let upgraded = try StoreFile.open(old, schema: frozen.schema, purpose: .writing)
    let fresh = try StoreFile.create(new, schema: frozen.schema) { _ in }
    #expect(try upgraded.schemaText() == fresh.schemaText())
    #expect(try upgraded.schemaText().isEmpty == false)
  }

  @Test func everyVersionIsFrozen() {
    for schema in [Schema.ledger, .seats, .replica, .quarantine] {
      let versions = FrozenSchema.all.filter { $0.schema.applicationID == schema.applicationID }.map(\.version)
      #expect(versions == Array(1...schema.version))
    }
  }

  static let first = Schema(applicationID: 7, noun: "test file", current: "CREATE TABLE a (x)", migrations: [])
  static let third = Schema(
    applicationID: 7, noun: "test file", current: "CREATE TABLE a (x, y); CREATE TABLE b (z)",
    migrations: ["ALTER TABLE a ADD COLUMN y", "CREATE TABLE b (z)"])

  @Test func missingStepsRunInOrderAndOnce() throws {
    let folder = try FaultDiskFolder()
    try StoreFile.create(folder.database, schema: SchemaTests.first) { try $0.execute(sql: "INSERT INTO a VALUES (5)") }
      .close()
    #expect(throws: StoreError.older(file: folder.database, version: 1, known: 3)) {
      _ = try StoreFile.open(folder.database, schema: SchemaTests.third, purpose: .reading)
    }
    for _ in 1...2 {
      let file = try StoreFile.open(folder.database, schema: SchemaTests.third, purpose: .writing)
      let rows = try file.run("test") { try Row.fetchAll($0, sql: "SELECT x, y, (SELECT count(*) FROM b) FROM a") }
      #expect(rows == [["x": 5, "y": nil, "(SELECT count(*) FROM b)": 0]])
      #expect(try file.run("test") { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 3)
      try file.close()
    }
    #expect(throws: StoreError.newer(file: folder.database, version: 3, known: 1)) {
      _ = try StoreFile.open(folder.database, schema: SchemaTests.first, purpose: .writing)
    }
  }

  @Test func aStepThatFailsLeavesTheOldVersion() throws {
    let folder = try FaultDiskFolder()
    try StoreFile.create(folder.database, schema: SchemaTests.first) { _ in }.close()
    let broken = Schema(
      applicationID: 7, noun: "test file", current: "", migrations: ["CREATE TABLE c (x)", "CREATE TABLE a (x)"])
    #expect(throws: StoreError.self) {
      _ = try StoreFile.open(folder.database, schema: broken, purpose: .writing)
    }
    let file = try StoreFile.open(folder.database, schema: SchemaTests.first, purpose: .writing)
    #expect(try file.schemaText() == ["CREATE TABLE a (x)"])
  }
}

extension StoreFile {
  /// The statements that the file's tables were made with.
  fileprivate func schemaText() throws -> [String] {
    try run("test") { try String.fetchAll($0, sql: "SELECT sql FROM sqlite_master WHERE sql NOT NULL ORDER BY name") }
  }
}

extension LedgerSample {
  /// Changes the file behind the store's back.
  func change(_ sql: String) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
  }
}
