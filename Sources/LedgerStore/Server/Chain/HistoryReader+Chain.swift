import EditModel
import GRDB
package import LineProtocol

extension HistoryReader {
  /// Links the committed lines behind `head` up to `through`, at most `limitLines` of them; throws `unreadable` when one is not
  /// there, so that none is linked as another. What is linked is for the ledger's writer to keep (`ServerStore.link`); until
  /// then it is nobody's.
  package func linked(
    after head: ChainHead, through: UInt64, limitLines: Int, using generator: inout some RandomNumberGenerator
  ) throws(StoreError) -> ChainRows {
    let last = min(through, head.seq + UInt64(limitLines))
    var linking = ChainLinking(after: head)
    try read { reading in
      _ = try reading.walk(after: head.seq, through: last) { seq, line in
        guard seq == linking.last + 1 else { throw StoreError.unreadable(file: path, seq: linking.last + 1) }
        linking.add(line, using: &generator)
        return true
      }
    }
    guard linking.last == max(last, head.seq) else { throw .unreadable(file: path, seq: linking.last + 1) }
    return linking.finish()
  }

  /// The last committed line and how far the lines up to it are linked, both of one moment.
  package func standing() throws(StoreError) -> (seq: UInt64, head: ChainHead) {
    try file.snapshot("read") { db in
      let seq = try HistoryReading(db: db, file: path).lastSeq()
      return (seq, try HistoryReader.hasLinks(db) ? ChainHead.last(db) : .start)
    }
  }

  /// What the lines behind `seq` were linked with, as far as one row of links goes; nil where none begins there, or it is not as
  /// one is written.
  package func linkedRow(after seq: UInt64) throws(StoreError) -> LinkedRow? {
    guard let row = try chainRow(after: seq), row.isPlausible, row.salts.count == row.lineCount * ChainFormula.saltBytes
    else { return nil }
    return LinkedRow(salts: row.salts, head: ChainHead(seq: row.last, link: row.link))
  }

  /// Looks at every line and every link: whether the lines are all there, each in its one spelling, and are those that were
  /// linked. `heads` were written down elsewhere, and are held against the links of their lines. Reads in pieces, so that a
  /// running server is not kept from anything; of lines that are not linked yet only the spelling is looked at.
  package func checkedChain(against heads: [ChainHead] = []) throws(StoreError) -> ChainCheck {
    var checking = ChainChecking(heads: heads)
    // Before the lines, of which a running server may derive more meanwhile.
    let derived = try read { try $0.applied() }
    let hasLinks = try file.run("read") { try HistoryReader.hasLinks($0) }
    while hasLinks, let row = try chainRow(after: checking.head.seq) {
      guard row.isPlausible else {
        checking.takeImplausible(row)
        break
      }
      checking.take(row, try found(after: row.before, through: row.last))
    }
    // Run by run, and not by numbers: who can write the file can write any number.
    var seq = checking.head.seq
    while let last = try lastOfRun(after: seq) {
      checking.takeUnlinked(after: seq, through: last, try found(after: seq, through: last))
      seq = last
    }
    // What was derived is of lines that were there.
    if derived > seq { checking.takeUnlinked(after: seq, through: derived, FoundLines()) }
    return checking.finish(lineCount: seq)
  }

  /// Whether the file is of a version that has links.
  private static func hasLinks(_ db: Database) throws -> Bool {
    try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'chain')") ?? false
  }

  /// The first row of links behind `seq`; of what is too long for one only as much as tells so.
  private func chainRow(after seq: UInt64) throws(StoreError) -> ChainRow? {
    try read { reading in
      let statement = try reading.prepare(
        "SELECT seq, salts, checks, link FROM chain WHERE seq > ?1 ORDER BY seq LIMIT 1")
      statement.bind(min(seq, HistoryReading.endless), at: 1)
      defer { statement.reset() }
      guard try statement.step() else { return nil }
      func bytes(_ column: Int32, atMost limit: Int) -> [UInt8] { Array(statement.bytes(column).prefix(limit + 1)) }
      return ChainRow(
        before: seq, last: statement.number(0), salts: bytes(1, atMost: ChainRow.lineLimit * ChainFormula.saltBytes),
        checks: bytes(2, atMost: ChainRow.lineLimit * ChainRow.checkBytes),
        link: bytes(3, atMost: ChainHead.start.link.count))
    }
  }

  /// Under which seq the first run behind `seq` is stored; nil when there is none.
  private func lastOfRun(after seq: UInt64) throws(StoreError) -> UInt64? {
    try read { reading in
      let statement = try reading.prepare("SELECT seq FROM history WHERE seq > ?1 ORDER BY seq LIMIT 1")
      statement.bind(min(seq, HistoryReading.endless), at: 1)
      defer { statement.reset() }
      return try statement.step() ? statement.number(0) : nil
    }
  }

  /// The lines behind `after` up to `through` as they are found, whatever is wrong with them.
  private func found(after: UInt64, through: UInt64) throws(StoreError) -> FoundLines {
    try read { reading in
      var found = FoundLines()
      try reading.walkAsFound(after: after, through: through, into: &found)
      return found
    }
  }
}

/// What lines that follow each other were linked with, as a snapshot takes it.
package struct LinkedRow: Sendable {
  /// `ChainFormula.saltBytes` for each line.
  package let salts: [UInt8]
  /// How far the row goes, and the link there.
  package let head: ChainHead
}

extension HistoryReading {
  /// Takes the lines behind `after` up to `through` as they are found: none may be missing, a seq may come twice, and behind
  /// a line that is not where its seq says the rest of its run is passed over.
  fileprivate func walkAsFound(after: UInt64, through: UInt64, into found: inout FoundLines) throws {
    let statement = try prepare("SELECT seq, lines FROM history WHERE seq > ?1 ORDER BY seq")
    statement.bind(min(after, HistoryReading.endless), at: 1)
    defer { statement.reset() }
    while try statement.step() {
      let last = statement.number(0)
      // Runs come in the order of their last lines, and the lines of each begin behind those of the one before.
      if min(HistoryRun.firstSeq(statement.bytes(1)) ?? last, last) > through { return }
      var run = RunLines(statement.bytes(1), lastSeq: last)
      var isPassed = false
      while !isPassed, let (seq, line) = run.next() {
        isPassed = seq > through
        if seq > after, !isPassed { found.take(seq, line) }
      }
      if !isPassed, !run.isWhole { found.takeBroken(last) }
    }
  }
}
