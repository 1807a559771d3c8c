/// Counts what was read of a set's ledgers in one step of a restore, and tells it.
struct ProgressOfFiles {
  private let step: RestoreProgress.Step
  private let allBytes: UInt64
  private let tell: @Sendable (RestoreProgress) -> Void
  private var doneBytes: UInt64 = 0

  /// Of those of `files` that are ledgers.
  init(
    _ step: RestoreProgress.Step, _ files: [SnapshotSet.File], _ tell: @escaping @Sendable (RestoreProgress) -> Void
  ) {
    self.step = step
    self.tell = tell
    allBytes = files.filter { $0.ledger != nil }.reduce(0) { $0 + $1.bytes }
  }

  /// So many bytes more.
  mutating func read(_ bytes: Int) {
    doneBytes += UInt64(bytes)
    tell(RestoreProgress(step: step, doneBytes: doneBytes, allBytes: allBytes))
  }
}
