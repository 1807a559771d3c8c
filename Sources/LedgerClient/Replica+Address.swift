package import EditModel
import LedgerStore

extension Replica {
  /// Looks for the server at `address` from now on.
  package func moveServer(to address: HostPort) throws(ClientError) {
    try withStore { store throws(StoreError) in try store.keep(server: address.description) }
  }

  /// The second address that is tried when the first does not answer; nil when there is none.
  package func secondAddress() throws(ClientError) -> String? {
    try withStore { store throws(StoreError) in try store.header().trust?.second }
  }

  /// Where the server is said to have moved and was not found yet; nil when it is said to be nowhere else.
  package func movingTo() throws(ClientError) -> String? {
    try withStore { store throws(StoreError) in try store.header().movingTo }
  }
}
