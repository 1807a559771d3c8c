package import LedgerStore
package import SessionRules

extension LedgerHistory {
  /// The histories that a ledger file has.
  package init(_ header: LedgerHeader) {
    self.init(
      ledger: header.name, epoch: header.epoch,
      parents: header.parents.map { Parent(epoch: $0.epoch, forkSeq: $0.forkSeq) }, heldThrough: header.heldThrough)
  }
}
