package import EditModel
package import LedgerRules
package import LineProtocol
package import NIOCore

/// What a batch of acts came to: what one transaction stores, and what is sent once it has.
package struct Decided: Sendable {
  /// The accepted edits with the cells that each changed, for what is derived from the history.
  package private(set) var applied: [AppliedEdit] = []
  /// The acts that were refused for good, to be stored.
  package var shelved: [ShelvedDecision] = []
  /// The accepted lines, to be stored and to be sent to watchers; nil when nothing was accepted.
  package private(set) var chunk: CommittedChunk?
  /// What the accepted edits mean for who sees what.
  package private(set) var scopes = ScopeNews()
  /// For each submission, in order, the answers to all its acts.
  package var answers: [ByteBuffer] = []

  /// Acts that the machine no longer remembers, now and then. To let go of them takes as long as deciding a few hundred
  /// more, so the driver does it where nobody waits.
  package var forgotten: ForgottenActs?

  private var bytes = ByteBuffer()
  /// Edits of the present act that `scopes` must hear of.
  private var concerning: [ChangedCells] = []
  private let firstSeq: UInt64

  init(firstSeq: UInt64, actCount: Int) {
    self.firstSeq = firstSeq
    applied.reserveCapacity(actCount)
    bytes.reserveCapacity(actCount * 160)
  }

  /// Adds a line that was accepted.
  mutating func append(_ accepted: AcceptedEdit, author: ByteBuffer, changed: ChangedCells) {
    let prefix = AcceptedPrefix(seq: accepted.seq, receipt: accepted.receipt, seat: accepted.seat)
    LineWriter.writeAccepted(author, prefix: prefix, to: &bytes)
    applied.append(AppliedEdit(accepted: accepted, changed: changed))
    if ScopeNews.concerns(changed) { concerning.append(changed) }
  }

  /// All lines of an act were added; `state` has them.
  mutating func actEnds(in state: LedgerState) {
    guard !concerning.isEmpty else { return }
    for changed in concerning { scopes.note(changed, in: state) }
    concerning.removeAll(keepingCapacity: true)
  }

  /// Writes the `=` behind the lines.
  mutating func finish(_ epoch: Epoch) {
    guard !applied.isEmpty else { return }
    let lineBytes = bytes.readableBytes
    let lastSeq = firstSeq + UInt64(applied.count) - 1
    StreamLine.writeReached(Cursor(epoch: epoch, seq: lastSeq), to: &bytes)
    chunk = CommittedChunk(
      firstSeq: firstSeq, lastSeq: lastSeq, bytes: bytes, lineBytes: lineBytes,
      movesAudiences: scopes.movesAudiences)
  }
}

/// An accepted edit and the cells whose winner it became.
package struct AppliedEdit: Sendable {
  /// What was accepted.
  package let accepted: AcceptedEdit
  /// The cells that it changed.
  package let changed: ChangedCells
}

/// An act that was refused for good.
package struct ShelvedDecision: Sendable {
  /// The act.
  package let act: Act
  /// What its author is told.
  package let error: WireError
}
