import CMemoryDisk
import EditModel
import LedgerKeeping
import LedgerStore
import LineProtocol
import SessionRules

/// A copy of the ledger as it was at some moment, and the restore to it.
///
/// What `taizhangd restore` does to the ledger, without its files of snapshots: the lines of the copy, and above the last of
/// them a new epoch whose generation is above that of the copy and above that of the ledger which it replaces. The seats
/// and devices stay as they are, since somebody sits in them.
extension SimServer {
  /// What a copy has.
  struct Copy {
    let lastSeq: UInt64
    let epoch: Epoch
  }

  /// Copies the ledger to a disk of its own, unless nobody knows at the moment what the last commit came to.
  func takeCopy() {
    guard let process, !process.isSuspended else { return }
    memory_disk_copy(SimWorld.serverDisk, SimWorld.copyDisk)
    copy = Copy(lastSeq: process.tail.lastSeq, epoch: process.history.epoch)
    world.note("the ledger is copied at \(process.tail.lastSeq)")
  }

  /// Ends the server and puts the copy in the ledger's place; false when there is none, or nothing to go back from.
  func restore() -> Bool {
    guard let copy, let epoch = process?.history.epoch, copy.lastSeq < world.oracle.lastSeq else { return false }
    world.note("the ledger goes back from \(world.oracle.lastSeq) to \(copy.lastSeq)")
    crash(isPowerCut: false)
    memory_disk_copy(SimWorld.copyDisk, SimWorld.serverDisk)
    world.goBack(to: copy.lastSeq)
    do throws(StoreError) {
      let store = try ServerStore(path: path)
      let generation = max(copy.epoch.generation, epoch.generation) + 1
      try store.beginEpoch(Epoch(generation: generation, id: world.random.next()))
      try store.close()
    } catch {
      world.fail("the copy of the ledger cannot be opened: \(error)")
    }
    return true
  }
}
