import EditModel
import GRDB
import LedgerRules
import LedgerTestKit
import LineProtocol
import Testing

@testable import LedgerStore

/// The chain over a ledger's lines: what it says, and what it finds when somebody changes the file behind the server's back.
@Suite struct HistoryChainTests {
  @Test func theFormulasAreThoseOfTheVectors() throws {
    let rows = try VectorTable("chain", columns: 4).rows
    #expect(rows.count == 4)
    var link = ChainHead.start.link
    for row in rows {
      let salt = try #require([UInt8](hexadecimal: row.text(0)))
      let digest = salt.withUnsafeBytes { salt in
        row[1].withUnsafeBytes { ChainFormula.digest(salt: salt, line: $0) }
      }
      link = ChainFormula.link(digest, behind: link)
      #expect(Array(digest).hexadecimal == row.text(2) && link.hexadecimal == row.text(3), "\(row)")
    }
  }

  @Test func aHeadIsReadInItsOneSpelling() throws {
    let text = "1832:\(String(repeating: "0a", count: 32))"
    #expect(ChainHead(text)?.description == text)
    for other in [
      "", "1832", ":", "01:" + text.dropFirst(5), text.uppercased(), text + "0", "1832 :" + text.dropFirst(5),
    ] {
      #expect(ChainHead(other) == nil, "\(other)")
    }
  }

  /// Linked bit by bit, across openings of the file, or all at once: every line is, and nothing is found.
  @Test(arguments: 1...6) func everyLineIsLinkedHoweverItComes(seed: UInt64) throws {
    let sample = try LedgerSample(seed: seed, acts: 40)
    var (generator, salts) = (Generator(seed: seed), SplitMix64(seed: seed))
    var store = try ServerStore(path: sample.path)
    var stored = 0
    while stored < sample.edits.count {
      let next = min(sample.edits.count, stored + 1 + generator.number(below: 20))
      try store.append(HistoryBatch(sample.edits[stored..<next]))
      stored = next
      try store.link(limit: 1 + generator.number(below: 15), &salts)
      if generator.isOnce(in: 3) {
        try store.close()
        store = try ServerStore(path: sample.path)
      }
      let check = try store.reader().checkedChain(against: [store.chained])
      #expect(check.isWhole && check.head == store.chained && check.lineCount == UInt64(stored), "\(check)")
    }
    while store.chained.seq < store.lastSeq { try store.link(limit: 1_000, &salts) }
    #expect(try store.reader().checkedChain().head.seq == store.lastSeq)
  }

  /// More lines than a row of links holds, and a head of every one of them.
  @Test func everyLinksHeadCanBeHeldAgainstIt() throws {
    let linked = try linkedSample(acts: 700)
    #expect(linked.heads.count > ChainRow.lineLimit)
    #expect(try linked.store.reader().checkedChain(against: linked.heads).isWhole)
    let other = try #require(ChainHead("600:\(String(repeating: "00", count: 32))"))
    let beyond = try #require(ChainHead("999999:\(String(repeating: "00", count: 32))"))
    let check = try linked.store.reader().checkedChain(against: linked.heads + [other, beyond])
    #expect(check.flaws == [.otherHead(other), .noSuchHead(beyond)])
  }

  /// Where a line is missing, there twice or gone from the end, nothing is linked as what it is not.
  @Test(arguments: [Tampering.removed, .doubled, .removedTail]) func nothingIsLinkedAsAnother(
    _ tampering: Tampering
  ) throws {
    let sample = try LedgerSample(seed: 5, acts: 60)
    let store = try ServerStore(path: sample.path)
    try store.append(HistoryBatch(sample.edits))
    let last = store.lastSeq
    try store.close()
    _ = try DatabaseQueue(path: sample.path).write { db in try TamperedFile(db).tamper(tampering, last: last) }
    var salts = SplitMix64(seed: 4)
    #expect(throws: StoreError.self) {
      try HistoryReader(path: sample.path).linked(after: .start, through: last, limitLines: 1_000, using: &salts)
    }
  }

  /// A file that lacks lines which were linked, or from which something was derived, is not written to: the seqs would be given
  /// out again.
  @Test func aFileThatLacksLinesDoesNotOpen() throws {
    let linked = try linkedSample(acts: 20)
    let last = linked.store.lastSeq
    try linked.store.close()
    try DatabaseQueue(path: linked.store.path).write { db in
      _ = try TamperedFile(db).tamper(.removedTail, last: last)
    }
    #expect(throws: StoreError.unreadable(file: linked.store.path, seq: 1)) { try ServerStore(path: linked.store.path) }
  }

  /// A ledger of the version before is read as it is, opened beside a log that was left, and linked then.
  @Test func aLedgerWithoutLinksIsBroughtUpToDate() throws {
    let sample = try LedgerSample(seed: 5, acts: 20)
    let before = try ServerStore(path: sample.path)
    try before.append(HistoryBatch(sample.edits))
    try before.close()
    try DatabaseQueue(path: sample.path).writeWithoutTransaction { db in
      try db.execute(sql: "DROP TABLE chain; DROP TABLE linked_fork; DROP TABLE held; PRAGMA user_version = 1")
    }
    let reader = try HistoryReader(path: sample.path)
    let check = try reader.checkedChain()
    #expect(check.isWhole && check.head == .start && check.lineCount == UInt64(sample.edits.count))
    // The reader is left open, so that a log stays where it is.
    let store = try ServerStore(path: sample.path)
    var salts = SplitMix64(seed: 4)
    try store.link(limit: 1_000, &salts)
    #expect(try store.reader().checkedChain().head.seq == store.lastSeq)
    try reader.close()
  }

  @Test func linksGoOnBehindTheLastOnly() throws {
    var salts = SplitMix64(seed: 3)
    let linked = try linkedSample(acts: 10)
    let again = try linked.store.reader().linked(
      after: .start, through: linked.store.lastSeq, limitLines: 5, using: &salts)
    #expect(throws: StoreError.gap(file: linked.store.path, expected: linked.store.lastSeq + 1, found: 1)) {
      try linked.store.link(again)
    }
  }

  /// What somebody who can write the file does to it, and what is found.
  enum Tampering: CaseIterable, Sendable {
    case changed, swapped, removed, removedTail, doubled, broken, appended, respelled, resalted, relinked, unlinked
    case farLine, farLink, longLink, forgottenTail
  }

  @Test(arguments: Tampering.allCases) func whatWasDoneToTheFileIsFoundAndNamed(_ tampering: Tampering) throws {
    let linked = try linkedSample(acts: 60)
    let last = linked.store.lastSeq
    try linked.store.close()
    let expected = try DatabaseQueue(path: linked.store.path).write { db in
      let file = try TamperedFile(db)
      return try file.tamper(tampering, last: last)
    }
    let check = try HistoryReader(path: linked.store.path).checkedChain(against: linked.heads)
    #expect(check.flaws.prefix(expected.count) == expected[...], "\(check)")
    #expect(!check.isWhole && check.flawCount >= check.flaws.count)
  }

  /// Who makes all links anew is found by a head that was written down elsewhere.
  @Test func aChainMadeAnewIsFoundByAnOldHead() throws {
    var salts = SplitMix64(seed: 9)
    let linked = try linkedSample(acts: 20)
    let known = linked.store.chained
    try linked.store.close()
    try DatabaseQueue(path: linked.store.path).write { db in
      try TamperedFile(db).change(5)
      try db.execute(sql: "DELETE FROM chain")
    }
    let store = try ServerStore(path: linked.store.path)
    #expect(store.chained == .start)
    try store.link(limit: 1_000, &salts)
    #expect(try store.reader().checkedChain().isWhole)
    #expect(try store.reader().checkedChain(against: [known]).flaws == [.otherHead(known)])
  }

  private struct Linked {
    let store: ServerStore
    let heads: [ChainHead]
    let sample: LedgerSample
  }

  /// A ledger whose lines are all linked, and the head of each.
  private func linkedSample(acts: Int) throws -> Linked {
    let sample = try LedgerSample(seed: 5, acts: acts)
    var (salts, heads) = (SplitMix64(seed: 5), [ChainHead.start])
    let store = try ServerStore(path: sample.path)
    try store.append(HistoryBatch(sample.edits))
    var linking = ChainLinking(after: .start)
    for accepted in sample.edits {
      Array(LedgerSample.line(accepted).utf8).withUnsafeBytes { linking.add($0, using: &salts) }
      var ended = linking
      heads.append(ended.finish().head)
    }
    try store.link(linking.finish())
    return Linked(store: store, heads: heads, sample: sample)
  }
}

/// A ledger's file in the hands of somebody else.
private struct TamperedFile {
  private let db: Database
  /// All lines of the first run, and its row.
  private let lines: [String]
  private let row: Int64

  init(_ db: Database) throws {
    self.db = db
    let first = try #require(try Row.fetchOne(db, sql: "SELECT seq, CAST(lines AS TEXT) FROM history ORDER BY seq"))
    row = first[0]
    lines = (first[1] as String).split(separator: "\n").map { $0 + "\n" }.map(String.init)
  }

  func tamper(_ tampering: HistoryChainTests.Tampering, last: UInt64) throws -> [ChainFlaw] {
    switch tampering {
    case .changed:
      try change(7)
      return [.changed(seq: 7)]
    case .swapped:
      // Each under the other's seq.
      let (four, five) = ("+ 5 " + lines[3].dropFirst(4), "+ 4 " + lines[4].dropFirst(4))
      try write(lines[..<3] + [five, four] + lines[5...])
      return [.changed(seq: 4), .changed(seq: 5)]
    case .removed:
      try write(lines[..<8] + lines[9...])
      return [.missing(9...UInt64(row)), .unreadable(seq: UInt64(row))]
    case .removedTail:
      try db.execute(sql: "DELETE FROM history WHERE seq = (SELECT max(seq) FROM history)")
      let left = try Int64.fetchOne(db, sql: "SELECT max(seq) FROM history") ?? 0
      return [.missing(UInt64(left) + 1...last)]
    case .doubled:
      try db.execute(sql: "INSERT INTO history (seq, lines) VALUES (3, ?)", arguments: [lines[2].databaseValue])
      return [.doubled(seq: 3)]
    case .broken:
      try db.execute(sql: "INSERT INTO history (seq, lines) VALUES (3, 'nothing')")
      return [.unreadable(seq: 3)]
    case .appended:
      try write(lines + ["+ \(row + 1) "])
      return [.unreadable(seq: UInt64(row))]
    case .respelled:
      var words = lines[5].split(separator: " ", omittingEmptySubsequences: false).map(String.init)
      words[7] = "0" + words[7]
      try write(lines[..<5] + [words.joined(separator: " ")] + lines[6...])
      return [.misspelled(seq: 6), .changed(seq: 6)]
    case .resalted:
      try db.execute(sql: "UPDATE chain SET salts = zeroblob(length(salts)) WHERE seq = (SELECT max(seq) FROM chain)")
      return [.changed(seq: 1)]
    case .relinked:
      try db.execute(sql: "UPDATE chain SET link = zeroblob(32)")
      let rows = try Int64.fetchAll(db, sql: "SELECT seq FROM chain ORDER BY seq")
      return [.relinked(1...UInt64(rows[0]))]
    case .forgottenTail:
      try db.execute(
        sql: "DELETE FROM history; DELETE FROM chain; UPDATE ledger SET applied = ?", arguments: [Int64(last)])
      return [.missing(1...last)]
    case .farLine:
      try db.execute(sql: "INSERT INTO history (seq, lines) VALUES (?, 'nothing')", arguments: [Int64.max])
      return [.missing(last + 1...UInt64(Int64.max)), .unreadable(seq: UInt64(Int64.max))]
    case .farLink:
      try db.execute(
        sql: "INSERT INTO chain (seq, salts, checks, link) VALUES (?, x'', x'', x'')", arguments: [Int64.max])
      return [.relinked(last + 1...UInt64(Int64.max))]
    case .longLink:
      try db.execute(sql: "UPDATE chain SET salts = zeroblob(100000000), checks = zeroblob(100000000)")
      let rows = try Int64.fetchAll(db, sql: "SELECT seq FROM chain ORDER BY seq")
      return [.relinked(1...UInt64(rows[0]))]
    case .unlinked:
      try db.execute(sql: "UPDATE chain SET salts = x'00'")
      let rows = try Int64.fetchAll(db, sql: "SELECT seq FROM chain ORDER BY seq")
      return [.relinked(1...UInt64(rows[0]))]
    }
  }

  /// Changes the value of a line, which keeps its spelling.
  func change(_ seq: Int) throws {
    let line = lines[seq - 1].dropLast() + "改\n"
    try write(lines[..<(seq - 1)] + [String(line)] + lines[seq...])
  }

  private func write(_ lines: some Sequence<String>) throws {
    let text = lines.joined()
    try db.execute(sql: "UPDATE history SET lines = CAST(? AS BLOB) WHERE seq = ?", arguments: [text, row])
  }
}

extension ServerStore {
  /// Links the next lines, at most `limit`.
  fileprivate func link(limit: Int, _ salts: inout SplitMix64) throws {
    try link(try reader().linked(after: chained, through: lastSeq, limitLines: limit, using: &salts))
  }
}
