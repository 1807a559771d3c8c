import Glibc
package import LedgerAdmin

extension DataFolder {
  /// Makes the folders that are not there.
  package func prepare() throws(ServerError) {
    try PlainFile.makeFolder(path)
    try PlainFile.makeFolder(ledgers)
    try PlainFile.makeFolder(snapshots)
  }

  /// Takes the lock that keeps a second server, and a restore, out; it lasts until it is released or the process ends.
  package func takeLock() throws(ServerError) -> FolderLock {
    do throws(AdminError) {
      return try FolderLock(self)
    } catch {
      switch error {
      case .inUse(let path): throw .folderInUse(path)
      case .disk(_, let path, let number): throw .file(path: path, reason: String(cString: strerror(number)))
      default: throw .file(path: lock, reason: "\(error)")
      }
    }
  }
}
