import EditModel
import GRDB
import LineProtocol
import Testing

@testable import LedgerStore

@Suite struct StoreErrorTests {
  @Test(arguments: [
    (ResultCode.SQLITE_FULL, "full"), (.SQLITE_IOERR_WRITE, "inputOutput"), (.SQLITE_IOERR_FSYNC, "inputOutput"),
    (.SQLITE_READONLY_DBMOVED, "readOnly"), (.SQLITE_CORRUPT_VTAB, "corrupt"), (.SQLITE_NOTADB, "corrupt"),
    (.SQLITE_IOERR_SHMSIZE, "full"), (.SQLITE_BUSY_SNAPSHOT, "busy"), (.SQLITE_CANTOPEN_ISDIR, "unopened"),
    (.SQLITE_CONSTRAINT_UNIQUE, "engine"),
  ])
  func everyCodeIsToldApart(code: ResultCode, name: String) {
    let error = StoreError(StoreFault(file: "/f", code: code.rawValue, operation: "append"))
    #expect("\(Mirror(reflecting: error).children.first?.label ?? "")" == name)
    #expect(error.fault?.code == code.rawValue)
    #expect(error.description.contains("/f (append, SQLite code \(code.rawValue))"))
    #expect(error.chinese.contains("/f") && error.chinese.hasSuffix("。"))
    // A code says nothing to people: the words before it tell a damaged file from one that is no database.
    #expect(error.description.contains("no database") == (code == .SQLITE_NOTADB))
    #expect(error.chinese.contains("不是数据库文件") == (code == .SQLITE_NOTADB))
  }

  /// GRDB's message may hold the statement with its values; ours may not.
  @Test func contentNeverLeaves() throws {
    let sample = try LedgerSample()
    let file = try StoreFile.open(sample.path, schema: .ledger, purpose: .writing)
    let error = #expect(throws: StoreError.self) {
      try file.run("test") { db in
        try db.execute(sql: "INSERT INTO epoch VALUES (1, '机密', NULL)", arguments: [])
      }
    }
    let text = String(describing: error) + String(reflecting: error)
    #expect(!text.contains("机密") && !text.contains("INSERT"))
  }

  @Test func everySentenceSaysWhatToDo() throws {
    let seat = try #require(SeatID("s"))
    let replica = try #require(ReplicaID("zzzzzzzz"))
    let errors: [StoreError] = [
      .missing(file: "f"), .exists(file: "f"), .wrongKind(file: "f", expected: "ledger file"),
      .newer(file: "f", version: 2, known: 1), .older(file: "f", version: 1, known: 2),
      .notDurable(file: "f", synchronous: 1), .foreignLog(file: "f"), .unreadable(file: "f", seq: 3),
      .gap(file: "f", expected: 1, found: 2),
      .suspended(file: "f"), .closed(file: "f"), .seats(.noLedger("f")), .seats(.noSeat(seat, "f")),
      .seats(.noSeat(seat, nil)),
      .seats(.noDevice(replica)), .seats(.ledgerTaken("f")), .seats(.seatTaken(seat, "f")),
      .seats(.deviceTaken(replica)),
      .seats(.otherSeat(replica, seat, "f")), .seats(.badLine(3)),
    ]
    let sentences = Set(errors.map(\.description))
    #expect(sentences.count == errors.count)
    #expect(sentences.allSatisfy { $0.hasSuffix(".") && $0.count > 15 })
    #expect(errors.allSatisfy { $0.chinese.hasSuffix("。") })
  }
}

@Suite struct DigestTests {
  /// SHA-256 of nothing and of "abc" LF: computed with sha256sum.
  @Test func stateHashIsSha256OverLines() {
    #expect(StateHash.of(lines: []) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(StateHash.of(lines: ["abc"]) == "edeaaff3f1774ad2888673770c6d64097e391bc362d7d6fb34982ddf0efd18cb")
    #expect(StateHash.of(lines: ["ab", "c"]) != StateHash.of(lines: ["a", "bc"]))
  }

  @Test func hexadecimalIsReadAsItIsWritten() {
    let bytes = (0...255).map { UInt8($0) }
    #expect([UInt8](hexadecimal: bytes.hexadecimal) == bytes)
    for text in ["0", "0g", "é0", "+1", "0A"] { #expect([UInt8](hexadecimal: text) == nil) }
  }

  @Test func contentLeavesStampAndShiftOut() throws {
    let (act, row) = try LedgerSample.shelved(1)
    #expect(row.digest.count == ContentDigest.byteCount)
    #expect(ContentDigest.of(act.restamped(Stamp(milliseconds: 5), shift: Shift(seconds: -9))) == row.digest)
    #expect(try ContentDigest.of(LedgerSample.shelved(2).act) != row.digest)
  }
}
