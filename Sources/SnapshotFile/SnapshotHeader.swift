package import EditModel
package import LineProtocol

/// What the first lines of a ledger's snapshot say (protocol/09-snapshots.md).
package struct SnapshotHeader: Hashable, Sendable {
  /// The ledger's name.
  package let ledger: ExactString
  /// When the ledger was made.
  package let created: Stamp
  /// The history that the lines are of.
  package let epoch: Epoch
  /// The histories before it, oldest first, each with the last seq that the next one shares.
  package let parents: [ParentEpoch]
  /// Acts whose stamp is not after this are held back for a decision; nil where none is, as in format 1.
  package let heldThrough: Stamp?
  /// When it was taken, on the server's time line.
  package let takenAt: Stamp
  /// The seq that it is consistent at: it holds the lines 1 ... `seq`.
  package let seq: UInt64
  /// How far the lines are linked; their salts are in the snapshot.
  package let head: ChainHead
  /// The format's number.
  package let format: UInt64

  /// The format that is written; a reader refuses a greater one.
  package static let presentFormat: UInt64 = 2
  /// The format before: one gzip member, without cells and salts. It is read, and written no more.
  package static let firstFormat: UInt64 = 1
  /// The most histories that may have come before.
  package static let limitParents = 10_000
  /// The longest line of any format in bytes, without LF: the longest of the wire behind `+ `.
  package static let limitLineBytes = Limits.lineBytes + 2

  /// The header of `history` of `ledger`, taken at `takenAt`, holding the lines 1 ... `seq`, linked as far as `head`.
  package init(
    ledger: ExactString, created: Stamp, history: SnapshotHistory, takenAt: Stamp, seq: UInt64, head: ChainHead,
    format: UInt64 = SnapshotHeader.presentFormat
  ) {
    self.ledger = ledger
    self.created = created
    self.epoch = history.epoch
    self.parents = history.parents
    self.heldThrough = history.heldThrough
    self.takenAt = takenAt
    self.seq = seq
    self.head = head
    self.format = format
  }
}

/// A history and those that it came from.
package struct SnapshotHistory: Hashable, Sendable {
  /// The history.
  package let epoch: Epoch
  /// The histories before it, oldest first.
  package let parents: [ParentEpoch]
  /// Acts whose stamp is not after this are held back for a decision; nil where none is.
  package let heldThrough: Stamp?

  /// `epoch` behind `parents`, which holds back what was made up to `heldThrough`.
  package init(epoch: Epoch, parents: [ParentEpoch] = [], heldThrough: Stamp? = nil) {
    self.heldThrough = heldThrough
    self.epoch = epoch
    self.parents = parents
  }
}

/// An earlier history of a ledger and where it was left.
package struct ParentEpoch: Hashable, Sendable {
  /// The earlier history.
  package let epoch: Epoch
  /// The greatest seq that both share.
  package let forkSeq: UInt64
  /// The greatest seq up to which both have the same links; 0 in format 1, which does not say it.
  package let linkedSeq: UInt64

  /// `epoch`, left behind `forkSeq`, with the same links up to `linkedSeq`.
  package init(epoch: Epoch, forkSeq: UInt64, linkedSeq: UInt64) {
    self.epoch = epoch
    self.forkSeq = forkSeq
    self.linkedSeq = linkedSeq
  }
}

/// A refusal that the server keeps for an act, so that a copy of it gets the same answer after a restore.
package struct KeptRefusal: Hashable, Sendable {
  /// The refused act.
  package let act: ActID
  /// The digest of its content, `digestBytes` long.
  package let digest: [UInt8]
  /// The answer, `CLASS CODE ARGUMENTS…`.
  package let answer: String

  /// How long a digest is: half a SHA-256.
  package static let digestBytes = 16

  /// A kept refusal from its parts.
  package init(act: ActID, digest: [UInt8], answer: String) {
    self.act = act
    self.digest = digest
    self.answer = answer
  }
}

/// A line of the history as a snapshot holds it.
package struct SnapshotLine: Hashable, Sendable {
  /// The server's line as it was pushed, without `+ ` and LF.
  package let text: ArraySlice<UInt8>
  /// What it says.
  package let edit: AcceptedEdit
  /// The 16 bytes that it was linked with; nil where it was not linked yet, or the snapshot is of format 1.
  package let salt: ArraySlice<UInt8>?

  /// A line from its parts.
  package init(text: ArraySlice<UInt8>, edit: AcceptedEdit, salt: ArraySlice<UInt8>?) {
    self.text = text
    self.edit = edit
    self.salt = salt
  }
}

/// A line of a ledger's snapshot.
package enum SnapshotEntry: Hashable, Sendable {
  /// The header, once, first.
  case header(SnapshotHeader)
  /// A line that holds the value of a cell, or made a thing; in seq order. It comes again among the lines.
  case cell(AcceptedEdit)
  /// An accepted edit, in seq order without a gap.
  case line(SnapshotLine)
  /// A refusal that is kept.
  case refusal(KeptRefusal)
  /// The end: every check was passed.
  case end
}
