import CLinuxFiles
import Glibc

/// Plain files outside SQLite: every call that writes, syncs, renames or removes one goes through here, so that a test
/// can make each of them fail.
enum Disk {
  /// Makes a folder with mode 0700 and those above it; one that is there is left as it is.
  static func makeFolder(_ path: String) throws(AdminError) {
    if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
      throw .disk(operation: "make folder", path: path, errno: errno)
    }
    try makeFolder(String(path[..<slash]))
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
      throw .disk(operation: "make folder", path: path, errno: errno)
    }
  }

  /// Whether something is at `path`.
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The names in a folder, without `.` and `..`, sorted; empty when there is no such folder.
  static func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The bytes that a file, or all files below a folder, take on the disk.
  static func size(of path: String) -> UInt64 {
    var facts = stat()
    guard lstat(path, &facts) == 0 else { return 0 }
    let own = UInt64(max(0, facts.st_blocks)) * 512
    guard facts.st_mode & S_IFMT == S_IFDIR else { return own }
    return names(in: path).reduce(own) { $0 + size(of: "\(path)/\($1)") }
  }

  /// How much room the disk under `path` has for this program, in bytes; 0 where the system cannot say.
  static func freeBytes(of path: String) -> UInt64 {
    var facts = statvfs()
    guard statvfs(path, &facts) == 0 else { return 0 }
    return UInt64(facts.f_bavail) * UInt64(facts.f_frsize)
  }

  /// Whether both paths name one file, by two names.
  static func isSameFile(_ one: String, _ other: String) -> Bool {
    var first = stat()
    var second = stat()
    guard lstat(one, &first) == 0, lstat(other, &second) == 0 else { return false }
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }

  /// The system's number of the disk on which a folder lies; nil where there is no such folder.
  static func number(ofDiskUnder folder: String) -> UInt64? {
    var facts = stat()
    guard stat(folder, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR else { return nil }
    return UInt64(facts.st_dev)
  }

  /// Makes an empty file; one that is there is left as it is.
  static func touch(_ path: String) throws(AdminError) {
    let file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .disk(operation: "create", path: path, errno: errno) }
    close(file)
  }

  /// The folder in which `path` stands.
  static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
  }

  /// Asks the system to keep nothing of a file in memory, so that it is read from the medium next. A wish: what a file system
  /// makes of it is its own.
  static func forget(_ path: String) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED)
    close(file)
  }

  /// Makes what is in a file durable.
  static func syncFile(_ path: String) throws(AdminError) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .disk(operation: "open", path: path, errno: errno) }
    defer { close(file) }
    guard fsync(file) == 0 else { throw .disk(operation: "sync", path: path, errno: errno) }
  }

  /// Removes a file; one that is not there is no error.
  static func remove(_ path: String) throws(AdminError) {
    guard unlink(path) == 0 || errno == ENOENT else {
      throw .disk(operation: "remove", path: path, errno: errno)
    }
  }

  /// The text of a file, at most `limitBytes` of it; nil when it is not UTF-8.
  static func text(of path: String, limitBytes: Int) throws(AdminError) -> String? {
    let reader = try DiskReader(path)
    var bytes: [UInt8] = []
    while bytes.count <= limitBytes {
      let piece = try reader.read()
      if piece.isEmpty { return String(validating: bytes, as: UTF8.self) }
      bytes += piece
    }
    return nil
  }

  /// Makes the file `path` with `text` in it, or puts it in the place of the one that is there: whole or not at all, for
  /// its owner only, durable on return. `beside` is the name under which it is written first.
  static func replace(_ path: String, with text: String, beside: String, in folder: String) throws(AdminError) {
    try remove(beside)
    try create(beside, text)
    guard rename(beside, path) == 0 else { throw .disk(operation: "rename", path: beside, errno: errno) }
    try syncFolder(folder)
  }

  /// Makes the file `path`, where nothing may be, with `text` in it on the disk.
  static func create(_ path: String, _ text: String) throws(AdminError) {
    let writer = try DiskWriter(creating: path)
    try writer.write(Array(text.utf8))
    try writer.finish()
  }

  /// Makes a rename or a new file in `folder` durable.
  static func syncFolder(_ folder: String) throws(AdminError) {
    let file = open(folder, O_RDONLY | O_DIRECTORY)
    guard file >= 0 else { throw .disk(operation: "open folder", path: folder, errno: errno) }
    defer { close(file) }
    guard fsync(file) == 0 else {
      throw .disk(operation: "sync folder", path: folder, errno: errno)
    }
  }

  /// Gives `old` the name `new`, durably. `new` must be free.
  static func move(_ old: String, to new: String, in folder: String) throws(AdminError) {
    guard tz_rename_new(old, new) == 0 else {
      throw .disk(operation: "rename", path: old, errno: errno)
    }
    try syncFolder(folder)
  }

  /// Exchanges two folders in one step, durably: at any moment each name has one of the two.
  static func exchange(_ one: String, _ other: String, in folder: String) throws(AdminError) {
    guard tz_rename_exchange(one, other) == 0 else {
      throw .disk(operation: "exchange", path: one, errno: errno)
    }
    try syncFolder(folder)
  }

  /// Gives the file `old` a second name; both are the same file.
  static func link(_ old: String, as new: String) throws(AdminError) {
    guard Glibc.link(old, new) == 0 else { throw .disk(operation: "link", path: old, errno: errno) }
  }

  /// Removes a folder of plain files that this program made, the file `last` behind all others; what is not there is no
  /// error.
  static func removeFolder(_ path: String, last: String = "") throws(AdminError) {
    let names = names(in: path)
    for name in names.filter({ $0 != last }) + names.filter({ $0 == last }) {
      try remove("\(path)/\(name)")
    }
    guard rmdir(path) == 0 || errno == ENOENT else {
      throw .disk(operation: "remove", path: path, errno: errno)
    }
  }
}

/// A file being written: created with mode 0600, complete and on the disk when `finish` returns.
final class DiskWriter {
  private let path: String
  private let file: Int32

  init(creating path: String) throws(AdminError) {
    self.path = path
    file = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .disk(operation: "create", path: path, errno: errno) }
  }

  deinit { close(file) }

  func write(_ bytes: [UInt8]) throws(AdminError) {
    var offset = 0
    while offset < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(file, $0.baseAddress.map { $0 + offset }, $0.count - offset)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .disk(operation: "write", path: path, errno: errno) }
      offset += count
    }
  }

  func finish() throws(AdminError) {
    guard fsync(file) == 0 else { throw .disk(operation: "sync", path: path, errno: errno) }
  }
}

/// A file being read from its start.
final class DiskReader {
  private let path: String
  private let file: Int32

  init(_ path: String) throws(AdminError) {
    self.path = path
    file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .disk(operation: "open", path: path, errno: errno) }
  }

  deinit { close(file) }

  /// The next bytes, at most 256 KiB; empty at the end.
  func read() throws(AdminError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 262_144)
    while true {
      let count = Glibc.read(file, &bytes, bytes.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .disk(operation: "read", path: path, errno: errno) }
      return Array(bytes[..<count])
    }
  }
}

/// A lock on a file, let go of when it is released, however the process ends. The file stays where it is: removing it
/// would let two in.
package final class FolderLock: Sendable {
  private let file: Int32

  /// Takes the lock that one server, or one restore, holds on `folder` while it works; throws `inUse` when another
  /// process has it.
  package convenience init(_ folder: DataFolder) throws(AdminError) {
    try Disk.makeFolder(folder.path)
    try self.init(file: folder.lock, of: folder.path)
  }

  /// Takes the lock `file`, which guards `path`.
  init(file path: String, of guarded: String) throws(AdminError) {
    file = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .disk(operation: "open", path: path, errno: errno) }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      // `deinit` runs and closes the file: every property is set.
      let reason = errno
      if reason == EWOULDBLOCK { throw .inUse(path: guarded) }
      throw .disk(operation: "lock", path: path, errno: reason)
    }
  }

  /// Takes the lock that a shipping holds on the destination `folder`: its marker, which must be there. Throws `notDestination`
  /// where it is not.
  init(marker path: String, of folder: String) throws(AdminError) {
    file = open(path, O_RDWR | O_CLOEXEC)
    guard file >= 0 else {
      if errno == ENOENT { throw .notDestination(path: folder) }
      throw .disk(operation: "open", path: path, errno: errno)
    }
    // A file system of another machine may know no locks: then two shippings at once are the administrator's to avoid.
    if flock(file, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK { throw .destinationInUse(path: folder) }
  }

  /// Takes the lock `file`; waits while another process has it.
  init(waitingFor path: String) throws(AdminError) {
    file = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .disk(operation: "open", path: path, errno: errno) }
    while flock(file, LOCK_EX) != 0 {
      guard errno == EINTR else { throw .disk(operation: "lock", path: path, errno: errno) }
    }
  }

  deinit { close(file) }

  /// Lets others in before this value goes.
  package func release() {
    flock(file, LOCK_UN)
  }
}
