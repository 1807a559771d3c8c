import Crypto
import EditModel
import SnapshotFile

/// A file of a set being written: its bytes go to the disk and into its hash.
final class SetFileWriter {
  private let name: String
  private let output: DiskWriter
  private var hash = SHA256()
  private var count: UInt64 = 0

  init(_ name: String, in folder: String) throws(AdminError) {
    self.name = name
    self.output = try DiskWriter(creating: "\(folder)/\(name)")
  }

  /// Writes `bytes`.
  func write(_ bytes: [UInt8]) throws(AdminError) {
    try output.write(bytes)
    hash.update(data: bytes)
    count += UInt64(bytes.count)
  }

  /// Puts the file on the disk and says what it is.
  func finish(ledger: SnapshotSet.Ledger?) throws(AdminError) -> SnapshotSet.File {
    try output.finish()
    let digest = hash.finalize().hexadecimal
    return SnapshotSet.File(name: name, bytes: count, sha256: digest, ledger: ledger)
  }
}
