import CFaultDisk
import GRDB
import Testing

/// The fault disk itself: that it drops what it may drop, keeps what it must keep, and fails on command.
@Suite struct FaultDiskTests {
  @Test func fullKeepsEveryCommitThroughACrash() throws {
    let folder = try FaultDiskFolder()
    let queue = try folder.open(synchronous: 2)
    for id in 1...20 { try queue.commitRow(id) }
    #expect(fault_disk_crash(folder.path) == 0)
    #expect(try folder.storedIds() == Array(1...20))
  }

  /// The counterpart: were nothing lost here, the test above would show nothing.
  @Test func normalLosesCommitsInACrash() throws {
    let folder = try FaultDiskFolder()
    let queue = try folder.open(synchronous: 2)
    for id in 1...5 { try queue.commitRow(id) }
    try queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = NORMAL") }
    for id in 6...20 { try queue.commitRow(id) }
    #expect(fault_disk_unsynced(folder.path) > 0)
    #expect(fault_disk_crash(folder.path) == 0)
    #expect(fault_disk_unsynced(folder.path) == 0)
    #expect(try folder.storedIds() == Array(1...5))
  }

  /// Commits, checkpoints and an unfinished transaction; then any part of what was not synced reaches the disk.
  @Test(arguments: ["wal", "delete"], 1...8) func tornCrashKeepsEveryCommit(journal: String, seed: UInt64) throws {
    let folder = try FaultDiskFolder()
    let queue = try folder.open(journal: journal, synchronous: 2)
    let committed = Int(seed) * 3
    for id in 1...committed {
      try queue.commitRow(id)
      if journal == "wal", id % 5 == 0 { try queue.checkpoint() }
    }
    try queue.inDatabase { db in
      // A small cache, so that the open transaction spills into the file before it commits.
      try db.execute(sql: "PRAGMA cache_size = 4")
      try db.execute(sql: "BEGIN IMMEDIATE; UPDATE row SET text = 'spilt' || text")
      for id in 1000...1030 {
        try db.execute(sql: "INSERT INTO row VALUES (?, ?)", arguments: [id, String(repeating: "x", count: 2000)])
      }
      #expect(fault_disk_unsynced(folder.path) > 0)
      #expect(fault_disk_crash_torn(folder.path, seed) == 0)
      #expect(throws: DatabaseError.self) { try db.execute(sql: "COMMIT") }
    }
    #expect(try folder.storedIds() == Array(1...committed))
  }

  @Test func oldHandlesAreDeadAndNewOnesWork() throws {
    let folder = try FaultDiskFolder()
    let old = try folder.open()
    try old.commitRow(1)
    #expect(fault_disk_crash(folder.path) == 0)
    #expect(throws: DatabaseError.self) { try old.commitRow(2) }
    let new = try folder.open()
    try new.commitRow(3)
    #expect(throws: DatabaseError.self) { try old.commitRow(4) }
    try? old.close()  // It may complain; what counts is that it takes nothing of the new life with it.
    try new.commitRow(5)
    #expect(fault_disk_crash(folder.path) == 0)
    #expect(try folder.storedIds() == [1, 3, 5])
  }

  @Test func aFileThatWasNeverSyncedVanishes() throws {
    let folder = try FaultDiskFolder()
    let queue = try DatabaseQueue(path: folder.database)
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA synchronous = OFF; CREATE TABLE row (id INTEGER PRIMARY KEY)")
    }
    #expect(fault_disk_crash(folder.path) == 0)
    #expect(try folder.storedIds() == [])
  }

  @Test func onlyTheNamedFolderIsHurt() throws {
    let hurt = try FaultDiskFolder()
    let spared = try FaultDiskFolder()
    let queue = try spared.open(synchronous: 1)
    try queue.commitRow(1)
    #expect(fault_disk_fail(hurt.path, FAULT_DISK_WRITE, 1, ResultCode.SQLITE_FULL.rawValue, true) == 0)
    #expect(fault_disk_crash(hurt.path) == 0)
    try queue.commitRow(2)
    #expect(try spared.storedIds() == [1, 2])
  }

  @Test func countsCallsOfEverySort() throws {
    let folder = try FaultDiskFolder()
    let queue = try folder.open(synchronous: 2)
    try queue.commitRow(1)
    let syncs = fault_disk_count(folder.path, FAULT_DISK_SYNC)
    let writes = fault_disk_count(folder.path, FAULT_DISK_WRITE)
    for id in 2...6 { try queue.commitRow(id) }
    #expect(fault_disk_count(folder.path, FAULT_DISK_SYNC) == syncs + 5)
    #expect(fault_disk_count(folder.path, FAULT_DISK_WRITE) > writes)
    #expect(fault_disk_count(folder.path, FAULT_DISK_OPEN) >= 2)
  }

  @Test func aFolderThatIsNotWatchedIsSaid() throws {
    let folder = try FaultDiskFolder()
    #expect(fault_disk_begin(folder.path) == ResultCode.SQLITE_MISUSE.rawValue)
    #expect(fault_disk_begin(folder.path + "/none") == ResultCode.SQLITE_CANTOPEN.rawValue)
    fault_disk_end(folder.path)
    #expect(fault_disk_crash(folder.path) == ResultCode.SQLITE_MISUSE.rawValue)
    #expect(fault_disk_count(folder.path, FAULT_DISK_WRITE) == -1)
    #expect(fault_disk_unsynced(folder.path) == -1)
    #expect(fault_disk_begin(folder.path) == 0)
  }
}
