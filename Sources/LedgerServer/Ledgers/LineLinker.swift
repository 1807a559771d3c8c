import LedgerStore
import Synchronization

/// Links a ledger's lines (protocol/12-proof.md) beside its writer, one errand at a time: reading them may wait for the disk,
/// which the writer must not.
///
/// Owned by the writer's thread; what an errand found comes over `ended`.
final class LineLinker: Sendable {
  private let reader: HistoryReader
  private let ended = Mailbox<Result<ChainRows, StoreError>>()
  private let state = Mutex(State.ready)

  private enum State {
    case ready
    case busy
    /// The lines could not be read.
    case failed
  }

  /// How many lines an errand links: about a tenth of a second's work, on a thread that all ledgers share.
  private static let limitLines = 65_536

  /// Reads with `reader`, which is closed with this.
  init(reader: HistoryReader) { self.reader = reader }

  /// Whether an errand can begin.
  var isReady: Bool { state.withLock { $0 == .ready } }
  /// Whether an errand was begun and its end not taken.
  var isBusy: Bool { state.withLock { $0 == .busy } }

  /// Links the committed lines behind `head` up to `through` on `thread`; `then` is called there when `take` has an answer.
  func begin(after head: ChainHead, through: UInt64, on thread: JobThread, then: @escaping @Sendable () -> Void) {
    state.withLock { $0 = .busy }
    thread.run { [reader, ended] in
      var generator = SystemRandomNumberGenerator()
      do throws(StoreError) {
        ended.post(
          .success(
            try reader.linked(
              after: head, through: through, limitLines: LineLinker.limitLines, using: &generator)))
      } catch {
        ended.post(.failure(error))
      }
      then()
    }
  }

  /// What the errand came to; nil when there is none. Behind a failure no other begins before `tryAgain`.
  func take() -> Result<ChainRows, StoreError>? {
    guard isBusy, let result = ended.take(waitingMilliseconds: nil).first else { return nil }
    state.withLock { state in
      if case .failure = result { state = .failed } else { state = .ready }
    }
    return result
  }

  /// Lets errands begin again.
  func tryAgain() {
    state.withLock { if $0 == .failed { $0 = .ready } }
  }

  /// Closes the connection; no errand may be under way.
  func close() throws(StoreError) { try reader.close() }
}
