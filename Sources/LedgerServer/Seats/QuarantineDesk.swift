import EditModel
import LedgerAdmin
import LedgerStore
import LineProtocol
import Logging
import SessionRules
import Synchronization

/// A replica that may only hand acts over, and the ledger of its seat when it has one.
struct HeldReplica: Sendable {
  let replica: ReplicaID
  let ledger: ExactString?
}

/// Keeps what held replicas hand over. Its own thread waits for the disk, so that nobody else does; the file is made when
/// something is first to be kept.
final class QuarantineDesk: Sendable {
  private let path: String
  private let thread: JobThread
  private let logger: Logger
  private let opened = Mutex<QuarantineStore?>(nil)

  init(folder: DataFolder, thread: JobThread, logger: Logger) {
    self.path = folder.quarantine
    self.thread = thread
    self.logger = logger
  }

  /// Keeps `acts`, and answers each with its error code once they are on the disk. `answer` is called on another thread.
  func keep(
    _ acts: [SubmittedAct], of held: HeldReplica, at now: Stamp, answer: @escaping @Sendable ([ErrorCode]) -> Void
  ) {
    thread.run { [self] in
      do throws(StoreError) {
        let outcomes = try store().keep(acts.map(\.act), of: held.replica, ledger: held.ledger, at: now)
        answer(outcomes.map { $0 == .kept ? .held : .heldFull })
      } catch {
        logger.error(
          "acts of a device that is shut out or unknown could not be kept; it keeps them",
          metadata: [LogKey.replica: "\(held.replica)", LogKey.error: "\(error)"])
        answer(acts.map { _ in .storage })
      }
    }
  }

  /// The file, which only this desk's thread asks for.
  private func store() throws(StoreError) -> QuarantineStore {
    if let store = opened.withLock({ $0 }) { return store }
    let store = try QuarantineStore(path: path)
    opened.withLock { $0 = store }
    return store
  }

  /// Closes the file and ends the thread, everything handed over being kept. Waits for that.
  func stop() {
    thread.stop()
    do throws(StoreError) {
      try opened.withLock { $0 }?.close()
    } catch {
      logger.error("closing the quarantine failed", metadata: [LogKey.error: "\(error)"])
    }
  }
}
