import Crypto

/// Holds lines against links, row by row.
struct ChainChecking {
  private(set) var head = ChainHead.start
  private var heads: [UInt64: Set<ChainHead>]
  private var flaws: [ChainFlaw] = []
  private var flawCount = 0
  /// A run goes over several pieces; it is said once that it is broken.
  private var knownBroken: Set<UInt64> = []
  private var alignment = LineAlignment()

  init(heads: [ChainHead]) {
    self.heads = Dictionary(grouping: heads, by: \.seq).mapValues { Set($0) }
    compare(.start)
  }

  /// The lines of `row`, as they were found; `around` reads those between two seqs, where it has to be looked for what was
  /// accepted.
  mutating func take(
    _ row: ChainRow, _ found: FoundLines,
    around: (ClosedRange<UInt64>) throws(StoreError) -> [UInt64: [UInt8]]
  ) throws(StoreError) {
    note(found)
    defer { head = ChainHead(seq: row.last, link: row.link) }
    guard row.isShaped else {
      note(found.missing(after: row.before, through: row.last).map { .missing($0) } + alignment.finish())
      return note([.relinked(row.before + 1...row.last)])
    }
    if !alignment.isAway, let link = link(of: row, found.lines) {
      note(alignment.finish())
      if link != row.link { note([.relinked(row.before + 1...row.last)]) }
    } else {
      note(alignment.take(row, try around(alignment.range(of: row))))
    }
    compare(ChainHead(seq: row.last, link: row.link))
  }

  /// A row that is longer than any: the lines from there on have no links that could be held against them.
  mutating func takeImplausible(_ row: ChainRow) { note([.relinked(row.before + 1...row.last)]) }

  /// Lines that have no links yet.
  mutating func takeUnlinked(after: UInt64, through: UInt64, _ found: FoundLines) {
    note(found)
    note(found.missing(after: after, through: through).map { .missing($0) })
  }

  /// What was found. A head of which nothing was said by now is of a line that is not linked, or behind one that was changed.
  mutating func finish(lineCount: UInt64) -> ChainCheck {
    note(alignment.finish())
    for (seq, left) in heads.sorted(by: { $0.key < $1.key }) {
      note(left.map { seq <= head.seq ? .otherHead($0) : .noSuchHead($0) })
    }
    // What was wrong with a line is sometimes told by those behind it only.
    let ordered = flaws.enumerated().sorted { ($0.element.firstSeq, $0.offset) < ($1.element.firstSeq, $1.offset) }
    return ChainCheck(lineCount: lineCount, head: head, flaws: ordered.map(\.element), flawCount: flawCount)
  }

  /// The link behind the lines of `row` when each is the one that was linked; nil when one is not. Holds what it passes against
  /// the heads.
  private mutating func link(of row: ChainRow, _ lines: [UInt64: [UInt8]]) -> [UInt8]? {
    var link = head.link
    for seq in row.before + 1...row.last {
      guard let line = lines[seq] else { return nil }
      let digest = row.digest(of: line, as: seq)
      guard row.isCheck(digest, of: seq) else { return nil }
      link = ChainFormula.link(digest, behind: link)
      if seq < row.last { compare(ChainHead(seq: seq, link: link)) }
    }
    return link
  }

  /// Takes `present` for what stands at its line.
  private mutating func compare(_ present: ChainHead) {
    guard let known = heads.removeValue(forKey: present.seq) else { return }
    note(known.filter { $0 != present }.map { .otherHead($0) })
  }

  private mutating func note(_ found: FoundLines) {
    note(found.doubled.map { .doubled(seq: $0) } + found.misspelled.map { .misspelled(seq: $0) })
    note(found.broken.filter { knownBroken.insert($0).inserted }.map { .unreadable(seq: $0) })
  }

  private mutating func note(_ found: [ChainFlaw]) {
    for flaw in found {
      // Lines that are missing together are said together, though they are linked in several rows.
      if case .missing(let range) = flaw, case .missing(let before)? = flaws.last,
        before.upperBound + 1 == range.lowerBound
      {
        flaws[flaws.count - 1] = .missing(before.lowerBound...range.upperBound)
        continue
      }
      flawCount += 1
      if flaws.count < ChainCheck.flawLimit { flaws.append(flaw) }
    }
  }
}

extension ChainRow {
  /// Whether it has a salt and a check for each line.
  var isShaped: Bool {
    salts.count == lineCount * ChainRow.saltBytes && checks.count == lineCount * ChainRow.checkBytes
  }

  /// The digest of `line` as the line `seq` of this row.
  func digest(of line: [UInt8], as seq: UInt64) -> SHA256.Digest {
    let index = Int(seq - before - 1)
    return salts.withUnsafeBytes { salts in
      let salt = salts[(index * ChainRow.saltBytes)..<((index + 1) * ChainRow.saltBytes)]
      return line.withUnsafeBytes { ChainFormula.digest(salt: UnsafeRawBufferPointer(rebasing: salt), line: $0) }
    }
  }

  /// Whether `digest` begins as that of the line `seq` did.
  func isCheck(_ digest: SHA256.Digest, of seq: UInt64) -> Bool {
    let index = Int(seq - before - 1)
    let check = checks[(index * ChainRow.checkBytes)..<((index + 1) * ChainRow.checkBytes)]
    return digest.prefix(ChainRow.checkBytes).elementsEqual(check)
  }
}
