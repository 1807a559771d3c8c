import Crypto
import EditModel
package import LineProtocol

/// What was found when a ledger's lines were held against their links.
package struct ChainCheck: Hashable, Sendable {
  /// The last line that there is or that was linked.
  package let lineCount: UInt64
  /// How far they are linked.
  package let head: ChainHead
  /// What is wrong, in the order of the lines, at most `flawLimit`.
  package let flaws: [ChainFlaw]
  /// How much is wrong altogether.
  package let flawCount: Int

  /// How many flaws are named.
  package static let flawLimit = 100

  /// Whether nothing is wrong.
  package var isWhole: Bool { flawCount == 0 }
}

extension ChainFlaw {
  /// Whether the lines themselves are not those that were accepted: not so where only links are, or where a head is not right.
  package var isOfLines: Bool {
    switch self {
    case .changed, .missing, .doubled, .unreadable, .misspelled: true
    case .relinked, .otherHead, .noSuchHead: false
    }
  }
}

/// Something that is not as the server wrote it.
package enum ChainFlaw: Hashable, Sendable {
  /// The line is another than the one that was linked.
  case changed(seq: UInt64)
  /// These lines are not there, or not readable as lines.
  case missing(ClosedRange<UInt64>)
  /// There is a second line of this seq.
  case doubled(seq: UInt64)
  /// What is stored as the lines up to this one is not as lines are stored, or is more than these.
  case unreadable(seq: UInt64)
  /// The line is not in the spelling that the server writes.
  case misspelled(seq: UInt64)
  /// The lines are those that were linked, as far as can be told, and the links are not: they were made anew, or damaged.
  case relinked(ClosedRange<UInt64>)
  /// The link that was written down elsewhere is not that of its line.
  case otherHead(ChainHead)
  /// The link that was written down elsewhere is of a line that is not there, or not linked.
  case noSuchHead(ChainHead)
}

/// Lines as they were found.
struct FoundLines {
  private(set) var lines: [UInt64: [UInt8]] = [:]
  private(set) var doubled: [UInt64] = []
  private(set) var misspelled: [UInt64] = []
  private(set) var broken: [UInt64] = []

  /// What is stored under `seq` is no run of lines, or more than one.
  mutating func takeBroken(_ seq: UInt64) { broken.append(seq) }

  mutating func take(_ seq: UInt64, _ line: UnsafeRawBufferPointer) {
    if EditLine.accepted(line)?.seq != seq { misspelled.append(seq) }
    if lines.updateValue(Array(line), forKey: seq) != nil { doubled.append(seq) }
  }

  /// Which lines behind `after` up to `through` are not among them.
  func missing(after: UInt64, through: UInt64) -> [ClosedRange<UInt64>] {
    var ranges: [ClosedRange<UInt64>] = []
    var last = after
    for seq in lines.keys.sorted() {
      if seq > last + 1 { ranges.append(last + 1...seq - 1) }
      last = seq
    }
    if last < through { ranges.append(last + 1...through) }
    return ranges
  }
}

/// Holds lines against links, row by row.
struct ChainChecking {
  private(set) var head = ChainHead.start
  private var heads: [UInt64: Set<ChainHead>]
  private var flaws: [ChainFlaw] = []
  private var flawCount = 0
  /// A run goes over several pieces; it is said once that it is broken.
  private var knownBroken: Set<UInt64> = []

  init(heads: [ChainHead]) {
    self.heads = Dictionary(grouping: heads, by: \.seq).mapValues { Set($0) }
    compare(.start)
  }

  /// The lines of `row`, as they were found.
  mutating func take(_ row: ChainRow, _ found: FoundLines) {
    note(found, after: row.before, through: row.last)
    defer { head = ChainHead(seq: row.last, link: row.link) }
    let isShaped =
      row.salts.count == row.lineCount * ChainFormula.saltBytes
      && row.checks.count == row.lineCount * ChainRow.checkBytes
    guard isShaped else { return note(.relinked(row.before + 1...row.last)) }
    var (link, isSame) = (head.link, true)
    for index in 0..<row.lineCount {
      let seq = row.before + 1 + UInt64(index)
      guard let line = found.lines[seq] else {
        // What follows cannot be held against anything but its own check.
        isSame = false
        continue
      }
      let digest = ChainChecking.digest(line, row, index)
      let check = row.checks[(index * ChainRow.checkBytes)..<((index + 1) * ChainRow.checkBytes)]
      if !digest.prefix(ChainRow.checkBytes).elementsEqual(check) {
        note(.changed(seq: seq))
        isSame = false
      }
      link = ChainFormula.link(digest, behind: link)
      if isSame, seq < row.last { compare(ChainHead(seq: seq, link: link)) }
    }
    if isSame, link != row.link { note(.relinked(row.before + 1...row.last)) }
    compare(ChainHead(seq: row.last, link: row.link))
  }

  /// A row that is longer than any: the lines from there on have no links that could be held against them.
  mutating func takeImplausible(_ row: ChainRow) { note(.relinked(row.before + 1...row.last)) }

  /// Lines that have no links yet.
  mutating func takeUnlinked(after: UInt64, through: UInt64, _ found: FoundLines) {
    note(found, after: after, through: through)
  }

  /// What was found. A head of which nothing was said by now is of a line that is not linked, or behind one that was changed.
  mutating func finish(lineCount: UInt64) -> ChainCheck {
    for (seq, left) in heads.sorted(by: { $0.key < $1.key }) {
      for known in left { note(seq <= head.seq ? .otherHead(known) : .noSuchHead(known)) }
    }
    return ChainCheck(lineCount: lineCount, head: head, flaws: flaws, flawCount: flawCount)
  }

  /// Takes `present` for what stands at its line.
  private mutating func compare(_ present: ChainHead) {
    guard let known = heads.removeValue(forKey: present.seq) else { return }
    for head in known where head != present { note(.otherHead(head)) }
  }

  private mutating func note(_ found: FoundLines, after: UInt64, through: UInt64) {
    for range in found.missing(after: after, through: through) { note(.missing(range)) }
    for seq in found.doubled { note(.doubled(seq: seq)) }
    for seq in found.misspelled { note(.misspelled(seq: seq)) }
    for seq in found.broken where knownBroken.insert(seq).inserted { note(.unreadable(seq: seq)) }
  }

  private mutating func note(_ flaw: ChainFlaw) {
    flawCount += 1
    if flaws.count < ChainCheck.flawLimit { flaws.append(flaw) }
  }

  private static func digest(_ line: [UInt8], _ row: ChainRow, _ index: Int) -> SHA256.Digest {
    row.salts.withUnsafeBytes { salts in
      let salt = salts[(index * ChainFormula.saltBytes)..<((index + 1) * ChainFormula.saltBytes)]
      return line.withUnsafeBytes {
        ChainFormula.digest(salt: UnsafeRawBufferPointer(rebasing: salt), line: $0)
      }
    }
  }
}
