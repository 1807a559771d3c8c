package import EditModel
package import NIOCore

/// What one transaction of a ledger's writer adds: accepted lines and refused acts.
package struct HistoryBatch: Sendable {
  /// Accepted lines; their seqs follow each other and the last one stored.
  package private(set) var runs: [HistoryRun]
  /// Acts that were refused for good.
  package var shelved: [ShelvedRow]

  /// A batch of refused acts, to which lines may be added.
  package init(shelved: [ShelvedRow] = []) {
    self.runs = []
    self.shelved = shelved
  }

  /// The lines `firstSeq` … `lastSeq`, which `stream` holds as a watcher is sent them, and refused acts.
  package init(stream: ByteBuffer, firstSeq: UInt64, lastSeq: UInt64, shelved: [ShelvedRow]) {
    self.runs = HistoryRun.cut(stream, firstSeq: firstSeq, lastSeq: lastSeq)
    self.shelved = shelved
  }

  /// Lines one by one: what a restore reads from a snapshot.
  package init(rows: [HistoryRow]) {
    self.init()
    var stream = ByteBuffer()
    for row in rows {
      stream.writeStaticString("+ ")
      stream.writeImmutableBuffer(row.line)
      stream.writeStaticString("\n")
    }
    if let first = rows.first, let last = rows.last {
      runs = HistoryRun.cut(stream, firstSeq: first.seq, lastSeq: last.seq)
    }
  }

  /// Whether there is nothing to write.
  package var isEmpty: Bool { runs.isEmpty && shelved.isEmpty }
}

/// One accepted line as it is read.
package struct HistoryRow: Hashable, Sendable {
  /// Its place in the server's order.
  package let seq: UInt64
  /// The whole line as on the wire, its seq included, without LF.
  package let line: ByteBuffer

  /// A row from its parts.
  package init(seq: UInt64, line: ByteBuffer) {
    self.seq = seq
    self.line = line
  }
}

/// An act that was refused for good, with what its author was told.
package struct ShelvedRow: Hashable, Sendable {
  /// Which act.
  package let id: ActID
  /// `ContentDigest.of` the act: tells a copy of it from another act under the same number.
  package let digest: [UInt8]
  /// The answer, `WireError.text`.
  package let answer: String

  /// A row from its parts.
  package init(id: ActID, digest: [UInt8], answer: String) {
    self.id = id
    self.digest = digest
    self.answer = answer
  }
}

/// What a server decided about an act before.
package enum PriorDecision: Hashable, Sendable {
  /// It was accepted; its edits stand from `firstSeq` on.
  case accepted(firstSeq: UInt64, edits: [AcceptedEdit])
  /// It was refused for good.
  case shelved(ShelvedRow)

  /// Whether `act` is a copy of what was decided: the same answer is due again. Otherwise it is forked.
  package func isCopy(_ act: Act) -> Bool {
    switch self {
    case .accepted(_, let edits):
      edits.count == act.edits.count && zip(edits, act.edits).allSatisfy { $0.edit.isCopy(of: $1) }
    case .shelved(let row): row.digest == ContentDigest.of(act)
    }
  }
}
