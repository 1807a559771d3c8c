import CMemoryDisk

/// The simulated disks of this process.
enum SimDisks {
  static let count = Int(MEMORY_DISK_COUNT)
  static let last = Int32(MEMORY_DISK_COUNT) - 1

  /// Makes them take every file of SQLite's; answers its error code, 0 when all is well.
  static func register() -> Int32 { memory_disk_register() }
}
