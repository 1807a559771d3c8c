import LedgerStore
import SnapshotFile

/// Runs something of a store, and says its error in this module's words.
func storing<Value>(_ body: () throws(StoreError) -> Value) throws(AdminError) -> Value {
  do throws(StoreError) {
    return try body()
  } catch {
    throw .store(error)
  }
}

/// Runs something of the snapshot format on `file`, and says its error in this module's words.
func coding<Value>(
  _ file: String, _ body: () throws(SnapshotError) -> Value
) throws(AdminError)
  -> Value
{
  do throws(SnapshotError) {
    return try body()
  } catch {
    throw .damaged(file: file, error)
  }
}
