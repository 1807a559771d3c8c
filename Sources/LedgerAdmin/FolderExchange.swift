import EditModel

/// Puts a new folder of ledgers in the place of the live one in one step, and keeps that one.
///
/// A mark tells a folder that is being built from one that was live. `restoring/` with the mark was never live and is
/// thrown away; without it, a kill came between the exchange and the keeping, and it is kept now. The mark is taken off
/// the live folder last of all; nobody but a restore looks at it.
struct FolderExchange {
  /// The data folder.
  let folder: DataFolder
  /// Where what was replaced is kept.
  let kept: String

  private static let mark = "restoring"

  init(_ folder: DataFolder, kept: String) {
    self.folder = folder
    self.kept = kept
  }

  /// Whether anything was kept.
  var hasKept: Bool { Disk.exists(kept) }

  /// Ends what an earlier restore began, then makes an empty `restoring/`.
  func begin() throws(AdminError) {
    if Disk.exists("\(folder.restoring)/\(FolderExchange.mark)") {
      try Disk.removeFolder(folder.restoring, last: FolderExchange.mark)
    } else if Disk.exists(folder.restoring) {
      try keepReplaced(in: "\(kept)-interrupted")
    }
    for suffix in SQLiteFiles.suffixes { try Disk.remove(folder.restoringSeats + suffix) }
    try unmark()
    try Disk.makeFolder(folder.restoring)
    try Disk.touch("\(folder.restoring)/\(FolderExchange.mark)")
    try Disk.syncFolder(folder.restoring)
  }

  /// Gives the ledgers that are not `restored` a second name in the new folder, with their logs: they stay as they are.
  /// Two names for one database are safe only while nobody has it open by both, so `takePlace` removes the first ones.
  func linkOthers(than restored: [ExactString]) throws(AdminError) {
    let taken = Set(restored.map { "\($0).sqlite" })
    for name in Disk.names(in: folder.ledgers) {
      let base = SQLiteFiles.base(of: name)
      guard base.hasSuffix(".sqlite"), !taken.contains(base) else { continue }
      try Disk.link("\(folder.ledgers)/\(name)", as: "\(folder.restoring)/\(name)")
    }
  }

  /// Exchanges the two folders, then keeps what was live.
  func takePlace() throws(AdminError) {
    try Disk.syncFolder(folder.restoring)
    if Disk.exists(folder.ledgers) {
      try Disk.exchange(folder.restoring, folder.ledgers, in: folder.path)
      try keepReplaced(in: kept)
    } else {
      try Disk.move(folder.restoring, to: folder.ledgers, in: folder.path)
    }
    try unmark()
  }

  /// Moves the file `name` of the data folder to what is kept.
  func keep(_ name: String) throws(AdminError) {
    try Disk.makeFolder(kept)
    try Disk.move("\(folder.path)/\(name)", to: "\(kept)/\(name)", in: kept)
    try Disk.syncFolder(folder.path)
  }

  /// Moves what was the live folder to `place`, without the ledgers that are live by another name; an empty one goes.
  private func keepReplaced(in place: String) throws(AdminError) {
    for name in Disk.names(in: folder.restoring)
    where Disk.isSameFile("\(folder.restoring)/\(name)", "\(folder.ledgers)/\(name)") {
      try Disk.remove("\(folder.restoring)/\(name)")
    }
    try Disk.remove("\(folder.restoring)/\(FolderExchange.mark)")
    guard !Disk.names(in: folder.restoring).isEmpty else {
      return try Disk.removeFolder(folder.restoring)
    }
    try Disk.makeFolder(place)
    try Disk.move(folder.restoring, to: "\(place)/ledgers", in: place)
    try Disk.syncFolder(folder.replaced)
    try Disk.syncFolder(folder.path)
  }

  private func unmark() throws(AdminError) {
    guard Disk.exists("\(folder.ledgers)/\(FolderExchange.mark)") else { return }
    try Disk.remove("\(folder.ledgers)/\(FolderExchange.mark)")
    try Disk.syncFolder(folder.ledgers)
  }
}

/// The files that SQLite keeps beside a database.
enum SQLiteFiles {
  /// What the names of logs and their indices end with.
  static let logSuffixes = ["-wal", "-shm", "-journal"]
  /// The database's own name, and those.
  static let suffixes = [""] + logSuffixes

  /// The database that the file `name` belongs to.
  static func base(of name: String) -> String {
    for suffix in logSuffixes where name.hasSuffix(suffix) {
      return String(name.dropLast(suffix.count))
    }
    return name
  }
}
