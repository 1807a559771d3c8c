import EditModel

extension HistoryReader {
  /// Links the committed lines behind `head` up to `through`, at most `limitLines` of them. What is linked is for the ledger's
  /// writer to keep (`ServerStore.link`); until then it is nobody's.
  package func linked(
    after head: ChainHead, through: UInt64, limitLines: Int, using generator: inout some RandomNumberGenerator
  ) throws(StoreError) -> ChainRows {
    let last = min(through, head.seq + UInt64(limitLines))
    var linking = ChainLinking(after: head)
    try read { reading in
      _ = try reading.walk(after: head.seq, through: last) { _, line in
        linking.add(line, using: &generator)
        return true
      }
    }
    return linking.finish()
  }

  /// Looks at every line and every link: whether the lines are all there, each in its one spelling, and are those that were
  /// linked. `heads` were written down elsewhere, and are held against the links of their lines. Reads in pieces, so that a
  /// running server is not kept from anything; of lines that are not linked yet only the spelling is looked at.
  package func checkedChain(against heads: [ChainHead] = []) throws(StoreError) -> ChainCheck {
    var checking = ChainChecking(heads: heads)
    while let row = try chainRow(after: checking.head.seq) {
      checking.take(row, try found(after: row.before, through: row.last))
    }
    let last = max(try lastSeq(), checking.head.seq)
    var seq = checking.head.seq
    while seq < last {
      let next = min(last, seq + UInt64(ChainRow.lineLimit))
      checking.takeUnlinked(after: seq, through: next, try found(after: seq, through: next))
      seq = next
    }
    return checking.finish(lineCount: last)
  }

  /// The first row of links behind `seq`.
  private func chainRow(after seq: UInt64) throws(StoreError) -> ChainRow? {
    try read { reading in
      let statement = try reading.prepare(
        "SELECT seq, salts, checks, link FROM chain WHERE seq > ?1 ORDER BY seq LIMIT 1")
      statement.bind(seq, at: 1)
      defer { statement.reset() }
      guard try statement.step() else { return nil }
      return ChainRow(
        before: seq, last: statement.number(0), salts: Array(statement.bytes(1)), checks: Array(statement.bytes(2)),
        link: Array(statement.bytes(3)))
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

extension HistoryReading {
  /// Takes the lines behind `after` up to `through` as they are found: none may be missing, a seq may come twice, and behind
  /// a line that is not where its seq says the rest of its run is passed over.
  fileprivate func walkAsFound(after: UInt64, through: UInt64, into found: inout FoundLines) throws {
    let statement = try prepare("SELECT seq, lines FROM history WHERE seq > ?1 ORDER BY seq")
    statement.bind(min(after, HistoryReading.endless), at: 1)
    defer { statement.reset() }
    while try statement.step() {
      let last = statement.number(0)
      let first = HistoryRun.firstSeq(statement.bytes(1))
      // Runs come in the order of their last lines, and the lines of each begin behind those of the one before.
      if first ?? last > through { return }
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
