import Synchronization

/// Whether a ledger's log is being copied back, so that only one job does it and closing waits for it.
final class CheckpointFlag: Sendable {
  private let isRunning = Atomic(false)
  private let ended = Mailbox<Void>()

  /// True when no other job runs; then `end` is called when this one is done.
  func begin() -> Bool {
    guard isRunning.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged
    else { return false }
    _ = ended.take(waitingMilliseconds: 0)
    return true
  }

  /// The job is done.
  func end() {
    isRunning.store(false, ordering: .releasing)
    ended.post(())
  }

  /// Waits until no job runs.
  func waitForEnd() {
    while isRunning.load(ordering: .acquiring) { _ = ended.take(waitingMilliseconds: 100) }
  }
}
