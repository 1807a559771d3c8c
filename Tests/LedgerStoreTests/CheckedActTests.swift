import EditModel
import GRDB
import LedgerStore
import LedgerTestKit
import LineProtocol
import Testing

/// Every byte and bit of a stored own act that a disk may change.
@Suite(.onOwnThreads) struct CheckedActTests {
  private let folder = ReplicaFolder()

  /// Whatever one byte of any act becomes, that act is not sent and is told; the others are sent as they were made.
  @Test func anyChangedByteIsFoundAndTheOthersAreSent() throws {
    let store = try folder.created()
    try folder.seed(store)
    let acts = try ["一", "two\n二", "三"].map { try folder.record(store, $0) }
    try store.markSent([1])
    try store.close()
    let queue = try DatabaseQueue(path: folder.path)
    var count = 0
    for (index, act) in acts.enumerated() {
      let bytes = try #require(try text(of: act, queue))
      for place in bytes.indices {
        for bit in 0..<8 where bit == place % 8 || index == 1 {
          var hurt = bytes
          hurt[place] ^= UInt8(1) << UInt8(bit)
          try write(hurt, of: act, queue)
          let again = try folder.opened()
          let others = acts.filter { $0 != act }
          #expect(try again.outbox().acts.map(\.act) == others, "act \(index) byte \(place) bit \(bit)")
          #expect(try again.snapshot().overlay.map(\.act) == others, "act \(index) byte \(place) bit \(bit)")
          #expect(try again.damagedActs().map(\.id) == [act.id], "act \(index) byte \(place) bit \(bit)")
          try again.close()
          count += 1
        }
      }
      try write(bytes, of: act, queue)
    }
    #expect(count > 900)
    #expect(try folder.opened().outbox().acts.map(\.act) == acts)
  }

  /// A column that flipped hides no act: neither one that would not be sent any more nor one that would be sent again.
  @Test(arguments: [
    "phase = 1", "phase = 5", "phase = 6", "first_seq = 1", "was_accepted = 1", "answer = 'shelve right'",
    "generation = 64", "n = 34", "lines = CAST(lines || 'x' AS BLOB)",
  ]) func anyChangedColumnIsFound(_ damage: String) throws {
    let store = try folder.created()
    try folder.seed(store)
    let acts = try ["一", "二", "三"].map { try folder.record(store, $0) }
    let queue = try DatabaseQueue(path: folder.path)
    try queue.write { try $0.execute(sql: "UPDATE act SET \(damage) WHERE n = 2") }
    let again = try folder.opened()
    #expect(try again.outbox().acts.map(\.act) == [acts[0], acts[2]])
    #expect(try again.damagedActs().map(\.id) == [acts[1].id])
    if !damage.hasPrefix("lines") { #expect(try again.damagedActs().first?.edits == acts[1].edits) }
  }

  /// The counter alone decides the next number: gone back by damage, it must not write over what was made before.
  @Test func aCounterThatWentBackOverwritesNothing() throws {
    let store = try folder.created()
    try folder.seed(store)
    let acts = try ["一", "二", "三"].map { try folder.record(store, $0) }
    try DatabaseQueue(path: folder.path).write { try $0.execute(sql: "UPDATE replica SET counter = 1") }
    let again = try folder.opened()
    let fourth = try folder.record(again, "四")
    #expect(fourth.id.n == 4)
    #expect(try again.outbox().acts.map(\.act) == acts + [fourth])
  }

  /// A file of version 10: its acts are as good as they were, those that could not be read stay told or untold.
  @Test func actsOfAnOlderFileGetTheirChecksums() throws {
    let store = try folder.created()
    try folder.seed(store)
    let acts = try ["一", "二", "三", "四"].map { try folder.record(store, $0) }
    try store.close()
    let queue = try DatabaseQueue(path: folder.path)
    try queue.write { db in
      for act in acts {
        let lines = act.edits.map { EditLine.text($0) }.joined(separator: "\n")
        try db.execute(sql: "UPDATE act SET lines = ? WHERE n = ?", arguments: [lines, Int64(act.id.n)])
      }
      try db.execute(sql: "UPDATE act SET lines = 'x' WHERE n IN (2, 3); UPDATE act SET phase = 6 WHERE n = 3")
      for table in ["unchecked_acts", "dismissed", "given_out", "renamed", "told_number"] {
        try db.execute(sql: "DROP TABLE \(table)")
      }
      try db.execute(sql: "PRAGMA user_version = 10")
    }
    for _ in 1...2 {
      let again = try folder.opened()
      #expect(try again.outbox().acts.map(\.act) == [acts[0], acts[3]])
      #expect(try again.damagedActs().map(\.id) == [acts[1].id])
      try again.close()
    }
    let text = try #require(try text(of: acts[0], queue))
    #expect(text.starts(with: "~act1 ".utf8))
  }

  private func text(of act: Act, _ queue: DatabaseQueue) throws -> [UInt8]? {
    try queue.read { db in
      try String.fetchOne(db, sql: "SELECT lines FROM act WHERE n = ?", arguments: [Int64(act.id.n)]).map {
        Array($0.utf8)
      }
    }
  }

  private func write(_ bytes: [UInt8], of act: Act, _ queue: DatabaseQueue) throws {
    let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    try queue.write { db in
      try db.execute(sql: "UPDATE act SET lines = CAST(x'\(digits)' AS TEXT) WHERE n = \(act.id.n)")
    }
  }
}
