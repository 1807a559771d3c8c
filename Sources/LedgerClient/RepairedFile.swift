import Glibc
import LedgerStore

/// Puts a mended replica file in the place of the damaged one, and keeps that one with its log in a folder beside.
///
/// A log would be read into whatever file stands beside it, and two names cannot be exchanged at once. So the new file is
/// made whole under a name of its own first, and one rename says that it is to take the place: whoever opens the replica
/// after that ends what is left of it. Before that rename the old file is there as it was, after it the new one.
enum RepairedFile {
  /// Where the new file is made.
  private static func building(_ home: String) -> String { home + "/replica.building" }
  /// The name under which it waits to take the place.
  private static func ready(_ home: String) -> String { home + "/replica.repaired" }
  private static let suffixes = ["", "-wal", "-shm"]

  /// How file and log were when they were looked at: which files they are, their lengths and when they were last written.
  /// An empty log is none: to look at a file makes one.
  struct Stamp: Equatable {
    private let facts: [Int]

    init(home: String) {
      facts = RepairedFile.suffixes.prefix(2).flatMap { suffix -> [Int] in
        var facts = stat()
        guard stat(Replica.path(home) + suffix, &facts) == 0, facts.st_size > 0 || suffix.isEmpty else { return [] }
        return [Int(facts.st_size), facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec, Int(facts.st_ino)]
      }
    }
  }

  /// Has `write` make a new file, keeps the old one and puts the new one in its place; answers where the old one is. False
  /// for `isStill` ends it with everything as it was, and nil.
  static func replace(
    home: String, isStill: () -> Bool, write: (String) throws(StoreError) -> Void
  ) throws(ClientError) -> String? {
    clear(home)
    try Folder.makeFile(building(home))
    do throws(StoreError) { try write(building(home)) } catch {
      clear(home)
      throw .store(error)
    }
    try sync(building(home))
    let kept = try keep(home)
    guard isStill() else {
      clear(home)
      discard(kept)
      return nil
    }
    guard rename(building(home), ready(home)) == 0 else { throw failure(ready(home)) }
    try sync(home)
    try settle(home)
    return kept
  }

  /// Ends what a repair began whose new file waits to take the place. Costs one look where there is none.
  static func settle(_ home: String) throws(ClientError) {
    guard access(ready(home), F_OK) == 0 else { return }
    let lock = open(home + "/repair.lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard lock >= 0, flock(lock, LOCK_EX) == 0 else { throw failure(home + "/repair.lock") }
    defer { close(lock) }
    // Whoever had the lock before may have ended it, and the log that stands there now is the new file's.
    guard access(ready(home), F_OK) == 0 else { return }
    for suffix in suffixes.dropFirst() {
      guard unlink(Replica.path(home) + suffix) == 0 || errno == ENOENT else {
        throw failure(Replica.path(home) + suffix)
      }
    }
    try sync(home)
    guard rename(ready(home), Replica.path(home)) == 0 else { throw failure(Replica.path(home)) }
    try sync(home)
  }

  /// Gives the old file and its log a second name in a folder that is not there yet.
  private static func keep(_ home: String) throws(ClientError) -> String {
    var number = 1
    while mkdir("\(home)/damaged-\(number)", 0o700) != 0 {
      guard errno == EEXIST else { throw failure("\(home)/damaged-\(number)") }
      number += 1
    }
    let folder = "\(home)/damaged-\(number)"
    for suffix in suffixes.prefix(2) {
      let old = Replica.path(home) + suffix
      guard link(old, "\(folder)/replica.sqlite\(suffix)") == 0 || errno == ENOENT else { throw failure(old) }
    }
    try sync(folder)
    return folder
  }

  private static func discard(_ folder: String) {
    for suffix in suffixes { unlink("\(folder)/replica.sqlite\(suffix)") }
    rmdir(folder)
  }

  private static func clear(_ home: String) {
    for suffix in suffixes { unlink(building(home) + suffix) }
  }

  /// Returns when the file or folder is on the disk.
  private static func sync(_ path: String) throws(ClientError) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw failure(path) }
    defer { close(file) }
    guard fsync(file) == 0 else { throw failure(path) }
  }

  private static func failure(_ path: String) -> ClientError {
    .fileUnreadable(path: path, reason: String(cString: strerror(errno)))
  }
}
