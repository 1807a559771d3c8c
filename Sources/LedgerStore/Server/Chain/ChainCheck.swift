import EditModel
import LineProtocol

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
    case .changed, .missing, .inserted, .removed, .moved, .doubled, .unreadable, .misspelled: true
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
  /// The line was put in; those behind it are numbered as if it had always been there.
  case inserted(seq: UInt64)
  /// The line that was accepted under this seq was taken out; those behind it are numbered as if it had never been.
  case removed(seq: UInt64)
  /// The line that was accepted under the first seq stands under the second.
  case moved(seq: UInt64, to: UInt64)
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

extension ChainFlaw {
  /// The first line that it is of.
  var firstSeq: UInt64 {
    switch self {
    case .changed(let seq), .inserted(let seq), .removed(let seq), .moved(let seq, _), .doubled(let seq),
      .unreadable(let seq), .misspelled(let seq):
      seq
    case .missing(let range), .relinked(let range): range.lowerBound
    case .otherHead(let head), .noSuchHead(let head): head.seq
    }
  }
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
