import LedgerStore
import LineProtocol
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
    /// The lines could not be read: another errand begins at this steady time, or when the ledger is opened again.
    case failed(retryMilliseconds: UInt64?)
  }

  /// How long after a failure of the disk it is tried again, in milliseconds.
  private static let retryMilliseconds: UInt64 = 60_000

  /// How many lines an errand links: about a tenth of a second's work, on a thread that all ledgers share.
  private static let limitLines = 65_536

  /// Reads with `reader`, which is closed with this.
  init(reader: HistoryReader) { self.reader = reader }

  /// Whether an errand can begin.
  var isReady: Bool {
    switch state.withLock({ $0 }) {
    case .ready: true
    case .busy: false
    case .failed(let retry): retry.map { ServerClock.steadyMilliseconds() >= $0 } ?? false
    }
  }
  /// Whether an errand was begun and its end not taken.
  var isBusy: Bool {
    if case .busy = state.withLock({ $0 }) { true } else { false }
  }

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

  /// What the errand came to; nil when there is none. Behind a failure of the disk the next waits for a while; behind a line
  /// that is not there, for `tryAgain`.
  func take() -> Result<ChainRows, StoreError>? {
    guard isBusy, let result = ended.take(waitingMilliseconds: nil).first else { return nil }
    state.withLock { state in
      state = .ready
      guard case .failure(let error) = result else { return }
      let isPassing = error.fault != nil
      state = .failed(
        retryMilliseconds: isPassing ? ServerClock.steadyMilliseconds() + LineLinker.retryMilliseconds : nil)
    }
    return result
  }

  /// Lets errands begin again.
  func tryAgain() {
    state.withLock { if case .failed = $0 { $0 = .ready } }
  }

  /// Closes the connection; no errand may be under way.
  func close() throws(StoreError) { try reader.close() }
}
