import Dispatch
import Glibc
import SnapshotFile
import Synchronization

/// Packs the blocks of one file, several at once, and writes them in their order.
struct BlockPacking {
  /// How many blocks are packed at once.
  private let width: Int
  private let file: SetFileWriter
  private let name: String
  private var waiting: [SnapshotBlock] = []
  /// What the index says of those that were written.
  private(set) var index: [IndexEntry] = []

  /// Of the file `name`, on `width` cores.
  init(into file: SetFileWriter, named name: String, width: Int) {
    self.width = width
    self.file = file
    self.name = name
  }

  /// Takes blocks; writes once there is one for each core.
  mutating func take(_ blocks: [SnapshotBlock]) throws(AdminError) {
    waiting += blocks
    while waiting.count >= width { try write(width) }
  }

  /// Writes what waits.
  mutating func finish() throws(AdminError) {
    while !waiting.isEmpty { try write(min(width, waiting.count)) }
  }

  private mutating func write(_ count: Int) throws(AdminError) {
    let blocks = Array(waiting.prefix(count))
    waiting.removeFirst(count)
    // On this thread, whose priority is the caller's.
    if count == 1 { return try write(Result { () throws(SnapshotError) in try PackedBlock(blocks[0]) }) }
    let packed = Mutex<[Int: Result<PackedBlock, SnapshotError>]>([:])
    DispatchQueue.concurrentPerform(iterations: count) { number in
      let result = Result { () throws(SnapshotError) in try PackedBlock(blocks[number]) }
      packed.withLock { $0[number] = result }
    }
    let results = packed.withLock { $0 }
    for number in 0..<count {
      guard let result = results[number] else { preconditionFailure("every block was packed") }
      try write(result)
    }
  }

  private mutating func write(_ packed: Result<PackedBlock, SnapshotError>) throws(AdminError) {
    let block = try coding(name) { () throws(SnapshotError) in try packed.get() }
    try file.write(block.bytes)
    index.append(block.entry)
  }

  /// How many cores this machine has for work that nobody waits beside.
  static var allCores: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
