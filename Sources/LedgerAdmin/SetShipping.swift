import EditModel
import Glibc
package import SealedFile

/// What came of shipping a set to one destination.
package struct Shipment: Sendable {
  /// The destination's folder, as it was named.
  package let destination: String
  /// What came of it.
  package let outcome: Outcome

  /// What can come of it.
  package enum Outcome: Sendable {
    /// The set lies there, was read back and is the one that was sent.
    case shipped(isSealed: Bool)
    /// It lay there before, whole.
    case there(isSealed: Bool)
    /// It does not lie there.
    case failed(AdminError)
  }
}

/// Copies sets into folders of other disks and machines, sealed where there are recovery keys.
///
/// A destination has a marker, a file that is made once: where the disk is not mounted there is none, and the system's own disk
/// is not filled. A set is written beside, its list last, read back, and only then gets its name, so that what is listed there
/// is whole. What a shipping that was cut off left is removed by the next.
package enum SetShipping {
  /// The file by which a destination is known.
  package static let markerName = "taizhang-destination"

  private static let partialPrefix = ".shipping-"
  private static let damagedSuffix = ".damaged"
  private static let markerText = """
    # taizhangd ship puts snapshot sets into this folder; by this file it knows that the right disk is mounted.
    # 快照送达目录。程序凭此文件确认磁盘已挂载，请勿删除。

    """

  // MARK: Destinations

  /// Makes the folder `destination`, which must be there, one that is shipped to; answers false when it is one. Throws `sameDisk`
  /// when it lies on the disk of `folder`, unless `isSameDiskMeant`: as where the disk is not mounted.
  package static func prepare(
    _ destination: String, for folder: DataFolder, isSameDiskMeant: Bool
  ) throws(AdminError) -> Bool {
    let disk = try disk(of: destination)
    let marker = "\(destination)/\(markerName)"
    if Disk.exists(marker) { return false }
    let ownDisk = try self.disk(of: folder.path)
    guard isSameDiskMeant || disk != ownDisk else { throw .sameDisk(path: destination) }
    try Disk.replace(marker, with: markerText, beside: "\(destination)/.\(markerName)", in: destination)
    return true
  }

  /// The number of the disk on which the folder lies.
  private static func disk(of folder: String) throws(AdminError) -> UInt64 {
    guard let disk = Disk.number(ofDiskUnder: folder) else { throw .noDestination(path: folder) }
    return disk
  }

  // MARK: Shipping

  /// Ships `set` to each of `destinations`, sealed to `keys` unless there are none; a set that is sealed goes as it is. What fails
  /// at one keeps nothing from the others. Answers a result for each, in their order. `generator` must be the system's, but for
  /// tests. Memory: some pieces of 256 KiB.
  package static func ship(
    _ set: SnapshotSet, to destinations: [String], keys: [RecoveryKey],
    using generator: inout some RandomNumberGenerator
  ) -> [Shipment] {
    var shipments: [Shipment] = []
    for destination in destinations {
      do throws(AdminError) {
        let outcome = try ship(set, to: destination, keys, &generator)
        shipments.append(Shipment(destination: destination, outcome: outcome))
      } catch {
        // Told with the others' results; the other destinations go on.
        shipments.append(Shipment(destination: destination, outcome: .failed(error)))
      }
    }
    return shipments
  }

  private static func ship(
    _ set: SnapshotSet, to destination: String, _ keys: [RecoveryKey],
    _ generator: inout some RandomNumberGenerator
  ) throws(AdminError) -> Shipment.Outcome {
    _ = try disk(of: destination)
    let lock = try FolderLock(marker: "\(destination)/\(markerName)", of: destination)
    defer { lock.release() }
    try removeLeftOvers(in: destination)
    // Its folder's own name may be anything, such as a dot.
    let name = SetName.text(set.takenAt)
    let place = "\(destination)/\(name)"
    if let there = try whole(set, at: place) { return .there(isSealed: there.isSealed) }
    let sealing = set.isSealed ? [] : keys
    try requireRoom(for: set, sealedTo: sealing.count, in: destination)
    let partial = "\(destination)/\(partialPrefix)\(name)"
    do throws(AdminError) {
      let arrived = try copy(set, into: partial, sealing, &generator)
      try arrived.checkStored()
      try putAside(place)
      try rename(partial, to: place)
      try syncFolder(destination)
      return .shipped(isSealed: arrived.isSealed)
    } catch {
      // What cannot be removed either is removed by the next; the first failure is the one to tell.
      try? Disk.removeFolder(partial)
      throw error
    }
  }

  /// The set at `place` when it is `set` and whole; nil when nothing is there, or it is damaged. Throws `otherSetThere`.
  private static func whole(_ set: SnapshotSet, at place: String) throws(AdminError) -> SnapshotSet? {
    guard Disk.exists(place) else { return nil }
    // A list that cannot be read is damage as that of any file is: the set is shipped anew.
    guard let there = try? SnapshotSet(reading: place) else { return nil }
    guard there.isSame(as: set) else { throw .otherSetThere(path: place) }
    do throws(AdminError) {
      try there.checkStored()
      return there
    } catch {
      // Shipped anew, and what is damaged is put aside then.
      return nil
    }
  }

  private static func removeLeftOvers(in destination: String) throws(AdminError) {
    for name in Disk.names(in: destination) where name.hasPrefix(partialPrefix) {
      try Disk.removeFolder("\(destination)/\(name)")
    }
  }

  /// Gives what is at `place`, if anything, another name.
  private static func putAside(_ place: String) throws(AdminError) {
    guard Disk.exists(place) else { return }
    let aside = place + damagedSuffix
    guard !Disk.exists(aside) else { throw .damagedTwice(path: place, aside: aside) }
    try rename(place, to: aside)
  }

  /// A rename that file systems of sticks and of other machines have too. A folder with something in it is never replaced.
  private static func rename(_ old: String, to new: String) throws(AdminError) {
    guard Glibc.rename(old, new) == 0 else { throw .disk(operation: "rename", path: old, errno: errno) }
  }

  /// Makes names durable, where the file system can: some of other systems refuse it for folders.
  private static func syncFolder(_ folder: String) throws(AdminError) {
    do throws(AdminError) {
      try Disk.syncFolder(folder)
    } catch {
      // EINVAL is what a file system says that has no such call.
      guard case .disk(_, _, EINVAL) = error else { throw error }
    }
  }

  // MARK: Room

  /// What a set's files take beyond their bytes: the rest of a block, a header for each key, a tag for each chunk.
  private static let roomOfFileBytes: UInt64 = 16_384
  private static let roomOfKeyBytes: UInt64 = 256

  private static func requireRoom(
    for set: SnapshotSet, sealedTo keyCount: Int, in destination: String
  ) throws(AdminError) {
    let needed = set.files.reduce(roomOfFileBytes) { sum, file in
      let more = keyCount == 0 ? 0 : file.storedBytes / 2_048 + UInt64(keyCount) * roomOfKeyBytes
      return sum + file.storedBytes + roomOfFileBytes + more
    }
    var facts = statvfs()
    guard statvfs(destination, &facts) == 0 else {
      throw .disk(operation: "look at", path: destination, errno: errno)
    }
    let free = UInt64(facts.f_bavail) * UInt64(facts.f_frsize)
    guard needed <= free else { throw .noRoom(path: destination, neededBytes: needed, freeBytes: free) }
  }

  // MARK: Copying

  private static func copy(
    _ set: SnapshotSet, into partial: String, _ keys: [RecoveryKey], _ generator: inout some RandomNumberGenerator
  ) throws(AdminError) -> SnapshotSet {
    // Not with those above it: a destination that has gone is not made.
    guard mkdir(partial, 0o700) == 0 else { throw .disk(operation: "make folder", path: partial, errno: errno) }
    var files: [SnapshotSet.File] = []
    for file in set.files {
      files.append(
        try keys.isEmpty
          ? copy(file, of: set, into: partial) : seal(file, of: set, into: partial, keys, &generator))
    }
    try syncFolder(partial)
    let copied = SnapshotSet(path: partial, takenAt: set.takenAt, leftOut: set.leftOut, files: files)
    try Disk.create("\(partial)/\(SnapshotSet.listName)", copied.listText)
    try syncFolder(partial)
    return try SnapshotSet(reading: partial)
  }

  /// Copies a file as it is stored.
  private static func copy(
    _ file: SnapshotSet.File, of set: SnapshotSet, into folder: String
  ) throws(AdminError) -> SnapshotSet.File {
    let input = try set.storedReader(of: file)
    let output = try SetFileWriter(file.storedName, in: folder)
    while true {
      let bytes = try input.read()
      if bytes.isEmpty { break }
      try output.write(bytes)
    }
    try file.requireStored(input)
    _ = try output.finish(ledger: file.ledger)
    return file
  }

  private static func seal(
    _ file: SnapshotSet.File, of set: SnapshotSet, into folder: String, _ keys: [RecoveryKey],
    _ generator: inout some RandomNumberGenerator
  ) throws(AdminError) -> SnapshotSet.File {
    let input = try set.storedReader(of: file)
    let output = try SetFileWriter(file.sealedName, in: folder)
    var sealer = try sealer(of: file, keys, &generator)
    while true {
      let bytes = try input.read()
      if bytes.isEmpty { break }
      try output.write(sealer.seal(bytes))
    }
    try file.requireStored(input)
    try output.write(sealer.finish())
    let written = try output.finish(ledger: nil)
    var sealed = file
    sealed.sealed = SnapshotSet.Sealed(bytes: written.bytes, sha256: written.sha256)
    return sealed
  }

  private static func sealer(
    of file: SnapshotSet.File, _ keys: [RecoveryKey], _ generator: inout some RandomNumberGenerator
  ) throws(AdminError) -> Sealer {
    do throws(SealError) {
      return try Sealer(to: keys, using: &generator)
    } catch {
      throw .cannotOpen(file: file.name, error)
    }
  }
}
