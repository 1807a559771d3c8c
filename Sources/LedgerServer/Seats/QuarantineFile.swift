import LedgerAdmin
import LedgerStore
import Synchronization

/// The file of what is held, opened when it is first needed and made when something is first to be kept.
final class QuarantineFile: Sendable {
  private let path: String
  private let opened = Mutex<Result<QuarantineStore, StoreError>?>(nil)

  init(_ folder: DataFolder) { path = folder.quarantine }

  /// The file, made where it is not there.
  func store() throws(StoreError) -> QuarantineStore {
    let result = opened.withLock { opened in
      if case .success? = opened { return opened }
      let result = Result { [path] () throws(StoreError) in try QuarantineStore(path: path) }
      // One that could not be opened is tried again.
      opened = result
      return result
    }
    guard let result else { throw .closed(file: path) }
    return try result.get()
  }

  /// The file where there is one.
  func storeIfThere() throws(StoreError) -> QuarantineStore? {
    guard opened.withLock({ $0 != nil }) || PlainFile.exists(path) else { return nil }
    return try store()
  }

  /// Closes it, if it is open.
  func close() throws(StoreError) {
    let store = opened.withLock { opened in
      defer { opened = nil }
      // One that could not be opened is not to be closed.
      return try? opened?.get()
    }
    try store?.close()
  }
}
