import Glibc
import LedgerIdentity

/// The private key of a device: a file beside its replica, which only its owner can read. It never leaves the machine.
enum DeviceKey {
  private static let limitBytes = 4_096

  /// The key's file in `home`.
  static func path(_ home: String) -> String { home + "/device.key" }

  /// The key in `home`; nil when there is none, or it is damaged.
  static func load(_ home: String) -> KeyPair? {
    let file = open(path(home), O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    // Whoever copied the folder may have left it readable for others.
    fchmod(file, 0o600)
    var bytes = [UInt8](repeating: 0, count: limitBytes)
    let count = read(file, &bytes, bytes.count)
    guard count > 0, let text = String(validating: bytes.prefix(count), as: UTF8.self) else { return nil }
    return KeyPair(pem: text)
  }

  /// The key in `home`, made when there is none: on the disk when it returns. A damaged one is not replaced.
  ///
  /// It is written beside its place first, always under the same name, so that a program that is killed leaves nothing that
  /// the next does not use or remove; a lock on that file lets one program at a time write it.
  static func ready(_ home: String) throws(ClientError) -> KeyPair {
    let beside = path(home) + ".new"
    if let key = load(home) {
      unlink(beside)
      return key
    }
    let file = open(beside, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0, flock(file, LOCK_EX) == 0 else { throw failure(beside) }
    defer { close(file) }
    // Whoever had the lock before may have made the key.
    if let key = load(home) { return key }
    let key = KeyPair()
    guard fill(file, key.pem), link(beside, path(home)) == 0, syncFolder(home) else {
      let failure = failure(path(home))
      unlink(beside)
      throw failure
    }
    unlink(beside)
    return key
  }

  private static func fill(_ file: Int32, _ text: String) -> Bool {
    var text = text
    return ftruncate(file, 0) == 0
      && text.withUTF8 { write(file, $0.baseAddress, $0.count) == $0.count } && fsync(file) == 0
  }

  private static func syncFolder(_ path: String) -> Bool {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return false }
    defer { close(folder) }
    return fsync(folder) == 0
  }

  private static func failure(_ path: String) -> ClientError {
    .fileUnreadable(path: path, reason: String(cString: strerror(errno)))
  }
}
