package import EditModel
package import LedgerStore
import ReplicaKeeping
import SyncRules

extension Replica {
  /// Makes the changes of refused acts anew, with those on the shelf that speak of what they make; on the disk, and the old
  /// ones off the shelf, when it returns with the new acts.
  package func retry(_ acts: [ActID]) throws(ClientError) -> ShelfRetry {
    let reading = device.reading()
    return try withStore { store throws(StoreError) in
      try store.retry(acts, at: store.recordTime(at: reading), Reissue.changes)
    }
  }

  /// Takes refused acts off the shelf for good; on the disk when it returns.
  package func discard(_ acts: [ActID]) throws(ClientError) -> ShelfDiscard {
    try withStore { store throws(StoreError) in try store.discard(acts) }
  }
}
