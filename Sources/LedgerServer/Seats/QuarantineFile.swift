import LedgerAdmin
import LedgerStore
import Synchronization

/// The file of what is held, opened when it is first needed and made when something is first to be kept.
final class QuarantineFile: Sendable {
  private let path: String
  private let opened = Mutex<QuarantineStore?>(nil)

  init(_ folder: DataFolder) { path = folder.quarantine }

  /// The file, made where it is not there.
  func store() throws(StoreError) -> QuarantineStore {
    try opened.withLock { (opened) throws(StoreError) in
      if let store = opened { return store }
      let store = try QuarantineStore(path: path)
      opened = store
      return store
    }
  }

  /// The file where there is one.
  func storeIfThere() throws(StoreError) -> QuarantineStore? {
    guard opened.withLock({ $0 != nil }) || PlainFile.exists(path) else { return nil }
    return try store()
  }

  /// Closes it, if it is open.
  func close() throws(StoreError) {
    try opened.withLock { (opened) throws(StoreError) in
      try opened?.close()
      opened = nil
    }
  }
}
