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
  /// When it was taken, on the server's time line.
  package let takenAt: Stamp
  /// The seq that it is consistent at: it holds the lines 1 ... `seq`.
  package let seq: UInt64

  /// The format's number; a reader refuses a greater one.
  package static let format: UInt64 = 1
  /// The most histories that may have come before.
  package static let limitParents = 10_000

  /// The header of `history` of `ledger`, taken at `takenAt`, holding the lines 1 ... `seq`.
  package init(
    ledger: ExactString, created: Stamp, history: SnapshotHistory, takenAt: Stamp, seq: UInt64
  ) {
    self.ledger = ledger
    self.created = created
    self.epoch = history.epoch
    self.parents = history.parents
    self.takenAt = takenAt
    self.seq = seq
  }
}

/// A history and those that it came from.
package struct SnapshotHistory: Hashable, Sendable {
  /// The history.
  package let epoch: Epoch
  /// The histories before it, oldest first.
  package let parents: [ParentEpoch]

  /// `epoch` behind `parents`.
  package init(epoch: Epoch, parents: [ParentEpoch] = []) {
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

  /// `epoch`, left behind `forkSeq`.
  package init(epoch: Epoch, forkSeq: UInt64) {
    self.epoch = epoch
    self.forkSeq = forkSeq
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

/// A line of a ledger's snapshot.
package enum SnapshotEntry: Hashable, Sendable {
  /// The header, once, first.
  case header(SnapshotHeader)
  /// An accepted edit, in seq order without a gap: the server's line as it was pushed.
  case line(text: String, edit: AcceptedEdit)
  /// A refusal that is kept.
  case refusal(KeptRefusal)
  /// The end: every check was passed.
  case end
}
