package import LedgerStore

extension Replica {
  /// The self-found problems whose numbers mean others than their owner was told; without reading the ledger.
  package func renumbered() throws(ClientError) -> [RenumberedProblem] {
    try withStore { store throws(StoreError) in try store.renumbered() }
  }

  /// The owner was told of `changes`.
  package func wereTold(_ changes: [RenumberedProblem]) throws(ClientError) {
    guard !changes.isEmpty else { return }
    try withStore { store throws(StoreError) in try store.remember(told: changes) }
  }
}
