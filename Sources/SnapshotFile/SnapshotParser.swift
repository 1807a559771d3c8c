import EditModel
import LineProtocol

/// The order in which a snapshot's lines may come, and what each says.
struct SnapshotParser {
  private enum State {
    case magic, ledger, created, epoch, parents, seq, lines, refusals, counted, ended
  }

  private var state = State.magic
  private var ledger: ExactString?
  private var created = Stamp.zero
  private var epoch: Epoch?
  private var parents: [ParentEpoch] = []
  private var takenAt = Stamp.zero
  private var seq: UInt64 = 0
  private var lineCount: UInt64 = 0
  private var refusalCount: UInt64 = 0

  /// Whether the trailer was read.
  var isEnded: Bool { state == .ended }

  /// Takes a line before the last; answers the entry that it makes or completes.
  mutating func take(_ text: String, at line: Int) throws(SnapshotError) -> SnapshotEntry? {
    let words = text.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false).map(
      String.init)
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
    case (.parents, "parent", 3): try parent(words, at: line)
    case (.parents, "taken", 2):
      takenAt = try read(Stamp(words[1]), at: line)
      state = .seq
    case (.seq, "seq", 2):
      seq = try read(Decimal.number(words[1]), at: line)
      state = .lines
      return try header(at: line)
    case (.lines, "+", _): return try edit(String(text.utf8.dropFirst(2)) ?? "", at: line)
    case (.lines, "-", 4), (.refusals, "-", 4): return try refusal(words, at: line)
    case (.lines, "count", 3), (.refusals, "count", 3): try count(words, at: line)
    default: throw SnapshotError(.malformed, at: line)
    }
    return nil
  }

  /// Takes the last line: `digest` is the hash of all lines before it.
  mutating func end(
    _ text: String, digest: String, at line: Int
  ) throws(SnapshotError)
    -> SnapshotEntry
  {
    guard state == .counted else { throw SnapshotError(.malformed, at: line) }
    guard text == "end sha256 \(digest)" else { throw SnapshotError(.mismatch, at: line) }
    state = .ended
    return .end
  }

  private mutating func magic(_ words: [String], at line: Int) throws(SnapshotError) {
    guard words[2] == "ledger", let format = Decimal.number(words[1]) else {
      throw SnapshotError(.malformed, at: line)
    }
    guard format == SnapshotHeader.format else { throw SnapshotError(.newerFormat, at: line) }
    state = .ledger
  }

  private mutating func parent(_ words: [String], at line: Int) throws(SnapshotError) {
    // One for each restore that ever was: the bound only keeps a made-up file from filling the memory.
    guard parents.count < SnapshotHeader.limitParents else {
      throw SnapshotError(.malformed, at: line)
    }
    let fork = try read(Decimal.number(words[2]), at: line)
    parents.append(ParentEpoch(epoch: try read(Epoch(words[1]), at: line), forkSeq: fork))
  }

  private func header(at line: Int) throws(SnapshotError) -> SnapshotEntry {
    guard let ledger, let epoch else { throw SnapshotError(.malformed, at: line) }
    let history = SnapshotHistory(epoch: epoch, parents: parents)
    return .header(
      SnapshotHeader(ledger: ledger, created: created, history: history, takenAt: takenAt, seq: seq)
    )
  }

  private mutating func edit(_ text: String, at line: Int) throws(SnapshotError) -> SnapshotEntry {
    let edit = try read(EditLine.accepted(text), at: line)
    lineCount += 1
    guard edit.seq == lineCount, edit.seq <= seq else { throw SnapshotError(.mismatch, at: line) }
    return .line(text: text, edit: edit)
  }

  private mutating func refusal(
    _ words: [String], at line: Int
  ) throws(SnapshotError)
    -> SnapshotEntry
  {
    // `- REPLICA.N DIGEST ANSWER…`: an act's identity is that of its first edit without the `/1`.
    guard let id = EditID(words[1] + "/1"), let digest = [UInt8](hexadecimal: words[2]),
      digest.count == KeptRefusal.digestBytes, !words[3].isEmpty
    else { throw SnapshotError(.malformed, at: line) }
    state = .refusals
    refusalCount += 1
    return .refusal(KeptRefusal(act: id.act, digest: digest, answer: words[3]))
  }

  private mutating func count(_ words: [String], at line: Int) throws(SnapshotError) {
    guard Decimal.number(words[1]) == lineCount, lineCount == seq,
      Decimal.number(words[2]) == refusalCount
    else {
      throw SnapshotError(.mismatch, at: line)
    }
    state = .counted
  }

  private func read<Value>(_ value: Value?, at line: Int) throws(SnapshotError) -> Value {
    guard let value else { throw SnapshotError(.malformed, at: line) }
    return value
  }
}
