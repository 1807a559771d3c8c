package import EditModel
package import LedgerRules
import LedgerStore

extension Replica {
  /// What stands against each other and nobody has decided, without what an own pending edit among `shown` settles: cheap
  /// beside a view.
  package func clashes(in shown: LedgerState) throws(ClientError) -> [Clash] {
    try withStore { store throws(StoreError) in try store.clashes() }.filter { !shown.isSettled($0) }
  }

  /// Sets the field of each clash to the value that was beaten, and settles it, in one act for each; all or none, on the
  /// disk when it returns.
  package func take(_ clashes: [Clash]) throws(ClientError) -> [ActID] {
    var drafts: [[Change]] = []
    for clash in clashes {
      let act = try history(of: clash.entity).map(\.edit).filter { $0.id.act == clash.id.act }
      guard let changes = clash.taking(of: act) else { throw .notWritable(clash.field) }
      drafts.append(changes)
    }
    return try settle(drafts)
  }

  /// Settles the clashes and leaves their fields as they are; all or none, on the disk when it returns.
  package func keep(_ clashes: [Clash]) throws(ClientError) -> [ActID] {
    var drafts: [[Change]] = []
    for clash in clashes {
      guard let changes = clash.keeping() else { throw .notWritable(clash.field) }
      drafts.append(changes)
    }
    return try settle(drafts)
  }

  private func settle(_ drafts: [[Change]]) throws(ClientError) -> [ActID] {
    try recordAll(drafts.map { changes in { _ in changes } }).map(\.id)
  }
}
