package import EditModel
import Glibc

/// Where a server keeps everything: the lock, the seats, a file for each ledger, the snapshots, the port that it is on.
package struct DataFolder: Hashable, Sendable {
  /// The folder's path.
  package let path: String

  /// The folder at `path`.
  package init(_ path: String) {
    self.path = path
  }

  /// The file of seats, devices and the list of ledgers.
  package var seatsPath: String { path + "/seats.sqlite" }
  /// The folder of the ledgers' files.
  package var ledgersPath: String { path + "/ledgers" }
  /// The folder of the snapshot sets.
  package var snapshotsPath: String { path + "/snapshots" }
  /// Where a running server says what it listens on, `host:port`.
  package var portPath: String { path + "/port" }
  /// What a running server holds locked.
  package var lockPath: String { path + "/taizhangd.lock" }

  /// The file of `ledger`, whose name is one of the protocol's and therefore no path.
  package func ledgerPath(_ ledger: ExactString) -> String { "\(ledgersPath)/\(ledger).sqlite" }

  /// Makes the folders that are not there.
  package func prepare() throws(ServerError) {
    try PlainFile.makeFolder(path)
    try PlainFile.makeFolder(ledgersPath)
    try PlainFile.makeFolder(snapshotsPath)
  }

  /// Takes the lock that keeps a second server out; it lasts until the process ends or `release` is called.
  package func lock() throws(ServerError) -> FolderLock {
    let file = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw PlainFile.problem(lockPath) }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      close(file)
      throw .folderInUse(path)
    }
    return FolderLock(file: file)
  }
}

/// A data folder that is ours alone while this lasts. The file stays where it is: removing it would let two in.
package struct FolderLock: Sendable {
  fileprivate let file: Int32

  /// Lets others in.
  package func release() {
    close(file)
  }
}
