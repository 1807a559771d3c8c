import Glibc

/// The few things that are done with small text files and folders, without Foundation.
package enum PlainFile {
  /// The text of the file at `path`; nil when it cannot be read or is not UTF-8.
  package static func text(of path: String) -> String? {
    bytes(of: path).flatMap { String(validating: $0, as: UTF8.self) }
  }

  /// The bytes of the file at `path`; nil when it cannot be read.
  static func bytes(of path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(file, &block, block.count)
      if count == 0 { break }
      guard count > 0 else { return nil }
      bytes += block[..<count]
    }
    return bytes
  }

  /// Writes `text` to `path` with the rights `mode`, whole or not at all: beside it first, then renamed.
  package static func write(_ text: String, to path: String, mode: UInt32) throws(ServerError) {
    // Its own name, so that nobody else's file is in the way.
    let beside = "\(path).\(getpid()).new"
    let file = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard file >= 0 else { throw problem(path) }
    guard fill(file, text) else {
      let problem = problem(path)
      close(file)
      unlink(beside)
      throw problem
    }
    close(file)
    guard rename(beside, path) == 0 else {
      let problem = problem(path)
      unlink(beside)
      throw problem
    }
  }

  /// Makes the file `path`, where nothing may be, with the rights `mode` and `text` in it, all on the disk on return; when
  /// that fails nothing of it is left.
  package static func create(_ text: String, at path: String, mode: UInt32) throws(ServerError) {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard file >= 0 else { throw problem(path) }
    guard fill(file, text), syncFolder(of: path) else {
      let problem = problem(path)
      close(file)
      unlink(path)
      throw problem
    }
    close(file)
  }

  /// Writes `text` to an open file and makes it durable; answers whether that worked.
  private static func fill(_ file: Int32, _ text: String) -> Bool {
    var copy = text
    return copy.withUTF8 { bytes in
      Glibc.write(file, bytes.baseAddress, bytes.count) == bytes.count && fsync(file) == 0
    }
  }

  /// Makes the name `path` durable; answers whether that worked.
  private static func syncFolder(of path: String) -> Bool {
    let folder = open(path.lastIndex(of: "/").map { String(path[...$0]) } ?? ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return false }
    defer { close(folder) }
    return fsync(folder) == 0
  }

  /// Removes the file at `path`; that it is not there, or stays, is for nobody to know.
  package static func remove(_ path: String) {
    unlink(path)
  }

  /// Makes the folder at `path` when it is not there, with rights for its owner only.
  package static func makeFolder(_ path: String) throws(ServerError) {
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw problem(path) }
  }

  /// What changes when the file at `path` is written or replaced.
  static func mark(_ path: String) -> FileMark {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return FileMark() }
    return FileMark(
      inode: UInt64(facts.st_ino), size: Int64(facts.st_size), seconds: Int64(facts.st_mtim.tv_sec),
      nanoseconds: Int64(facts.st_mtim.tv_nsec))
  }

  /// Whether something is at `path`.
  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The names in the folder at `path`, in no particular order; none when it is not there.
  package static func names(in path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }

  /// What the last call of the system failed with, about `path`.
  static func problem(_ path: String) -> ServerError {
    .file(path: path, reason: String(cString: strerror(errno)))
  }
}

/// Tells one state of a file from another.
struct FileMark: Hashable, Sendable {
  var inode: UInt64 = 0
  var size: Int64 = 0
  var seconds: Int64 = 0
  var nanoseconds: Int64 = 0
}
