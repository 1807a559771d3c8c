package import EditModel
import LedgerStore

extension Replica {
  /// Looks for the server at `address` from now on.
  package func moveServer(to address: HostPort) throws(ClientError) {
    try withStore { store throws(StoreError) in try store.keep(server: address.description) }
  }
}
