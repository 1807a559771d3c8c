package import EditModel
package import LedgerRules
import LedgerStore

extension Replica {
  /// What stands against each other and nobody has decided, without what an own pending edit among `shown` settles: cheap
  /// beside a view.
  package func clashes(in shown: LedgerState) throws(ClientError) -> [Clash] {
    try withStore { store throws(StoreError) in try store.clashes() }.filter { !shown.isSettled($0) }
  }

  /// Sets the field of `clash` to the value that was beaten, and settles the clash, in one act on the disk.
  package func take(_ clash: Clash) throws(ClientError) -> ActID {
    let act = try history(of: clash.entity).map(\.edit).filter { $0.id.act == clash.id.act }
    guard let changes = clash.taking(of: act) else { throw .notWritable(clash.field) }
    return try record(changes)
  }

  /// Settles `clash` and leaves its field as it is; on the disk when it returns.
  package func keep(_ clash: Clash) throws(ClientError) -> ActID {
    guard let changes = clash.keeping() else { throw .notWritable(clash.field) }
    return try record(changes)
  }
}
