package import EditModel
import Glibc
import LedgerRules
package import SealedFile

/// The recovery keys of a data folder: what sets are sealed to before they leave the machine. They are kept in the text file
/// DATA/recovery.keys, one a line between empty lines and comments (`#`), which people may read and write too.
///
/// A file that cannot be read throws, and is never taken for one without keys: what should be sealed would leave the machine
/// as anybody can read it. Whoever changes it holds a lock that others wait for.
package struct RecoveryKeys: Hashable, Sendable {
  /// The keys in the order of the file, each once, at most `Sealer.limitKeys`; none where sets are not sealed.
  package let keys: [RecoveryKey]
  private let text: String

  private static let limitBytes = 65_536
  private static let heading =
    "# What snapshot sets are sealed to before they leave this machine (快照的恢复公钥): taizhangd recovery changes it.\n"

  /// Reads the keys of `folder`; none where there is no file. Throws `damagedRecoveryKeys` with the first line that is none.
  package init(of folder: DataFolder) throws(AdminError) {
    text = try RecoveryKeys.text(of: folder.recoveryKeys)
    var keys: [RecoveryKey] = []
    for (index, line) in RecoveryKeys.lines(text).enumerated() {
      if line.isEmpty || line.utf8.first == UInt8(ascii: "#") { continue }
      guard let key = RecoveryKey(line) else {
        throw .damagedRecoveryKeys(file: folder.recoveryKeys, line: index + 1)
      }
      if !keys.contains(key) { keys.append(key) }
    }
    guard keys.count <= Sealer.limitKeys else { throw .tooManyRecoveryKeys(file: folder.recoveryKeys) }
    self.keys = keys
  }

  private static func text(of path: String) throws(AdminError) -> String {
    do throws(AdminError) {
      guard let text = try Disk.text(of: path, limitBytes: limitBytes) else {
        throw .damagedRecoveryKeys(file: path, line: 1)
      }
      return text
    } catch {
      // Only a file that is not there says that there are no keys.
      guard case .disk(_, _, ENOENT) = error else { throw error }
      return ""
    }
  }

  /// The lines of a file without LF or CR LF, which is one Character, so that the text is cut between scalars.
  private static func lines(_ text: String) -> [Substring] {
    text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      Substring(line.last == "\r" ? line.dropLast() : line)
    }
  }

  /// Adds `key`; answers false when it is there already. Throws `tooManyRecoveryKeys` at the limit.
  package static func add(_ key: RecoveryKey, to folder: DataFolder) throws(AdminError) -> Bool {
    try change(folder) { (present) throws(AdminError) in
      guard !present.keys.contains(key) else { return nil }
      guard present.keys.count < Sealer.limitKeys else { throw .tooManyRecoveryKeys(file: folder.recoveryKeys) }
      let before = present.text.isEmpty ? heading : present.text
      return before + (before.utf8.last == UInt8(ascii: "\n") ? "" : "\n") + "\(key)\n"
    }
  }

  /// Removes `key`: sets are no longer sealed to it, and those that were stay open to its secret. Throws `noRecoveryKey`
  /// when it is not there.
  package static func remove(_ key: RecoveryKey, from folder: DataFolder) throws(AdminError) {
    _ = try change(folder) { (present) throws(AdminError) in
      guard present.keys.contains(key) else { throw .noRecoveryKey(key: "\(key)", file: folder.recoveryKeys) }
      return lines(present.text).filter { $0 != key.description }.joined(separator: "\n")
    }
  }

  /// Makes a secret, writes it to the file `path`, where nothing may be, for its owner only, and adds its key. When that
  /// fails the file is not left behind.
  package static func make(
    secretAt path: String, of folder: DataFolder, at now: Stamp, using generator: inout some RandomNumberGenerator
  ) throws(AdminError) -> RecoveryKey {
    guard try RecoveryKeys(of: folder).keys.count < Sealer.limitKeys else {
      throw .tooManyRecoveryKeys(file: folder.recoveryKeys)
    }
    let secret = RecoverySecret(using: &generator)
    do throws(AdminError) {
      try Disk.create(path, secret.identityFileText(created: "\(ChinaClock.full(now)) UTC+8"))
      try Disk.syncFolder(Disk.folder(of: path))
      _ = try add(secret.key, to: folder)
    } catch {
      // Somebody else's file stays. Of our own, one that cannot be removed opens nothing: its key was not added.
      guard case .disk(_, path, EEXIST) = error else {
        try? Disk.remove(path)
        throw error
      }
      throw error
    }
    return secret.key
  }

  /// Puts what `body` makes of the present file in its place; answers false when it makes nothing.
  private static func change(
    _ folder: DataFolder, _ body: (RecoveryKeys) throws(AdminError) -> String?
  ) throws(AdminError) -> Bool {
    let lock = try FolderLock(waitingFor: folder.recoveryLock)
    defer { lock.release() }
    guard let text = try body(try RecoveryKeys(of: folder)) else { return false }
    let path = folder.recoveryKeys
    try Disk.replace(path, with: text, beside: path + ".new", in: folder.path)
    return true
  }
}
