import EditModel
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

/// Keeps what held replicas hand over, and has done what somebody decides about it. Its own thread waits for the disk, so that
/// nobody else does.
final class QuarantineDesk: Sendable {
  let file: QuarantineFile
  let thread: JobThread
  let logger: Logger
  /// The file's number of changes by others when decisions were last looked for; nil where they are to be looked for.
  let seen = Mutex<Int64?>(nil)
  /// Whether the last look could not read the file.
  let isUnreadable = Atomic(false)
  /// Whether a look at the file is under way.
  let isLooking = Atomic(false)

  init(file: QuarantineFile, thread: JobThread, logger: Logger) {
    self.file = file
    self.thread = thread
    self.logger = logger
  }

  /// Keeps `acts`, and answers each with its error code once they are on the disk. `answer` is called on another thread.
  func keep(
    _ acts: [SubmittedAct], of held: HeldReplica, at now: Stamp, answer: @escaping @Sendable ([ErrorCode]) -> Void
  ) {
    thread.run { [self] in
      do throws(StoreError) {
        let outcomes = try file.store().keep(acts.map(\.act), of: held.replica, ledger: held.ledger, at: now)
        answer(outcomes.map { $0 == .kept ? .held : .heldFull })
      } catch {
        logger.error(
          "acts of a device that is shut out or unknown could not be kept; it keeps them",
          metadata: [LogKey.replica: "\(held.replica)", LogKey.error: "\(error)"])
        answer(acts.map { _ in .storage })
      }
    }
  }

  /// Ends the thread, everything handed over being kept, and closes the file. Waits for that.
  func stop() {
    thread.stop()
    do throws(StoreError) {
      try file.close()
    } catch {
      logger.error("closing the quarantine failed", metadata: [LogKey.error: "\(error)"])
    }
  }
}
