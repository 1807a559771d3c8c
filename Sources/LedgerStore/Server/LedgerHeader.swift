package import EditModel
package import LineProtocol

/// What a ledger file says of itself.
package struct LedgerHeader: Hashable, Sendable {
  /// The ledger's name, as in its address.
  package let name: ExactString
  /// The history that new edits belong to.
  package internal(set) var epoch: Epoch
  /// The histories that it goes back to, oldest first.
  package internal(set) var parents: [Parent]
  /// Whether the ledger takes no more edits.
  package internal(set) var isArchived: Bool
  /// When it was created, on the server's clock.
  package let created: Stamp
  /// Acts whose stamp is not after this are held back until somebody decides about them; nil where none is. Set by a restore to
  /// an earlier moment.
  package internal(set) var heldThrough: Stamp?

  /// An earlier history of the same ledger, and how far the present one shares it.
  package struct Parent: Hashable, Sendable {
    /// Which history.
    package let epoch: Epoch
    /// The greatest seq that both have: lines above it are of the parent alone.
    package let forkSeq: UInt64
    /// The greatest seq up to which both have the same links, at most `forkSeq`.
    package let linkedSeq: UInt64

    /// A parent from its parts.
    package init(epoch: Epoch, forkSeq: UInt64, linkedSeq: UInt64) {
      self.epoch = epoch
      self.forkSeq = forkSeq
      self.linkedSeq = linkedSeq
    }
  }

  /// A header from its parts; a new ledger has no parents and holds nothing back.
  package init(
    name: ExactString, epoch: Epoch, created: Stamp, parents: [Parent] = [], isArchived: Bool = false,
    heldThrough: Stamp? = nil
  ) {
    self.name = name
    self.epoch = epoch
    self.created = created
    self.parents = parents
    self.isArchived = isArchived
    self.heldThrough = heldThrough
  }

  /// How much of `other`'s history this one shares: the smallest fork on the way there; nil for an unknown epoch.
  package func sharedSeq(with other: Epoch) -> UInt64? { sharing(with: other, \.forkSeq) }

  /// How far the links of `other`'s history are those of this one; nil for an unknown epoch.
  package func sharedLinks(with other: Epoch) -> UInt64? {
    other == epoch ? .max : sharing(with: other, \.linkedSeq)
  }

  private func sharing(with other: Epoch, _ seq: KeyPath<Parent, UInt64>) -> UInt64? {
    guard let index = parents.firstIndex(where: { $0.epoch == other }) else { return nil }
    return parents[index...].map { $0[keyPath: seq] }.min()
  }
}
