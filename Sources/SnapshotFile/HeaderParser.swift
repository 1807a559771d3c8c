import EditModel
import LineProtocol

/// Reads the first lines of a ledger's snapshot, which are those of every format but for the last of them.
struct HeaderParser {
  private enum State {
    case magic, ledger, created, epoch, parents, seq, head
  }

  private let format: UInt64
  private var state = State.magic
  private var ledger: ExactString?
  private var created = Stamp.zero
  private var epoch: Epoch?
  private var parents: [ParentEpoch] = []
  private var heldThrough: Stamp?
  private var takenAt = Stamp.zero
  private var seq: UInt64 = 0

  /// Of a file of `format`.
  init(format: UInt64) { self.format = format }

  /// Takes the next line; answers the header when it is the last.
  mutating func take(_ text: String, at line: Int) throws(SnapshotError) -> SnapshotHeader? {
    let words = words(of: text)
    switch (state, words[0], words.count) {
    case (.magic, "taizhang-snapshot", 3): try magic(words, at: line)
    case (.ledger, "ledger", 2) where Name.isValid(words[1]):
      ledger = ExactString(words[1])
      state = .created
    case (.created, "created", 2):
      created = try read(Stamp(words[1]), at: line)
      state = .epoch
    case (.epoch, "epoch", 2):
      epoch = try read(Epoch(words[1]), at: line)
      state = .parents
    case (.parents, "parent", format == SnapshotHeader.firstFormat ? 3 : 4) where heldThrough == nil:
      try parent(words, at: line)
    case (.parents, "held", 2) where format != SnapshotHeader.firstFormat && heldThrough == nil:
      heldThrough = try read(Stamp(words[1]), at: line)
    case (.parents, "taken", 2):
      guard let epoch, isAboveParents(epoch) else { throw SnapshotError(.mismatch, at: line) }
      takenAt = try read(Stamp(words[1]), at: line)
      state = .seq
    case (.seq, "seq", 2):
      seq = try read(Decimal.number(words[1]), at: line)
      state = .head
      if format == SnapshotHeader.firstFormat { return try header(head: .start, at: line) }
    case (.head, "head", 2):
      let head = try read(ChainHead(words[1]), at: line)
      guard head.seq <= seq else { throw SnapshotError(.mismatch, at: line) }
      return try header(head: head, at: line)
    default: throw SnapshotError(.malformed, at: line)
    }
    return nil
  }

  private mutating func magic(_ words: [String], at line: Int) throws(SnapshotError) {
    guard words[2] == "ledger", let found = Decimal.number(words[1]) else {
      throw SnapshotError(.malformed, at: line)
    }
    // An earlier one stands in a file of its own shape only.
    guard found == format else {
      throw SnapshotError(found > SnapshotHeader.presentFormat ? .newerFormat : .malformed, at: line)
    }
    state = .ledger
  }

  private mutating func parent(_ words: [String], at line: Int) throws(SnapshotError) {
    // One for each restore that ever was: the bound only keeps a made-up file from filling the memory.
    guard parents.count < SnapshotHeader.limitParents else {
      throw SnapshotError(.malformed, at: line)
    }
    let fork = try read(Decimal.number(words[2]), at: line)
    let linked = words.count == 3 ? 0 : try read(Decimal.number(words[3]), at: line)
    let before = try read(Epoch(words[1]), at: line)
    guard linked <= fork, isAboveParents(before) else { throw SnapshotError(.mismatch, at: line) }
    parents.append(ParentEpoch(epoch: before, forkSeq: fork, linkedSeq: linked))
  }

  /// Whether a restore can have begun `epoch` behind the parents so far. Of their seqs nothing is known: a ledger that lost lines
  /// from its end forks below an earlier fork when it is restored.
  private func isAboveParents(_ epoch: Epoch) -> Bool {
    parents.last.map { $0.epoch.generation < epoch.generation } ?? true
  }

  private func header(head: ChainHead, at line: Int) throws(SnapshotError) -> SnapshotHeader {
    guard let ledger, let epoch else { throw SnapshotError(.malformed, at: line) }
    let history = SnapshotHistory(epoch: epoch, parents: parents, heldThrough: heldThrough)
    return SnapshotHeader(
      ledger: ledger, created: created, history: history, takenAt: takenAt, seq: seq, head: head,
      format: format)
  }

  private func read<Value>(_ value: Value?, at line: Int) throws(SnapshotError) -> Value {
    guard let value else { throw SnapshotError(.malformed, at: line) }
    return value
  }
}

extension KeptRefusal {
  /// Reads `- REPLICA.N DIGEST ANSWER…`; nil for anything else.
  init?(line text: String) {
    let words = words(of: text)
    // An act's identity is that of its first edit without the `/1`.
    guard words.count == 4, words[0] == "-", let id = EditID(words[1] + "/1"),
      let digest = [UInt8](hexadecimal: words[2]), digest.count == KeptRefusal.digestBytes, !words[3].isEmpty
    else { return nil }
    self.init(act: id.act, digest: digest, answer: words[3])
  }

  /// Whether it may stand behind `other`, the last before it: by the bytes of the replica's id, then by number. So none comes
  /// twice.
  func follows(_ other: KeptRefusal?) -> Bool {
    guard let other else { return true }
    return (other.act.replica, other.act.n) < (act.replica, act.n)
  }
}

/// The first three words of a line and the rest. A space is a byte here: to Swift one with an accent behind it is another
/// character, and a name may begin with the accent.
private func words(of text: String) -> [String] {
  text.utf8.split(separator: UInt8(ascii: " "), maxSplits: 3, omittingEmptySubsequences: false)
    .map { String(Substring($0)) }
}
