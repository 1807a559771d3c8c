import Foundation
package import Testing

/// Runs a test on threads of its own.
///
/// A test that starts a program and waits for its end holds a thread while it does. Swift's own threads are as many as the
/// processors: with two, two such tests keep all others from going on, while the time of those runs out.
package struct OwnThreads: TestTrait, SuiteTrait, TestScoping {
  /// So that it can be said of a suite.
  package let isRecursive = true

  /// Runs one test, each of its steps on another thread.
  @concurrent package func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    try await withTaskExecutorPreference(ThreadForEachJob.shared) { try await function() }
  }
}

extension Trait where Self == OwnThreads {
  /// The test may keep a thread waiting.
  package static var onOwnThreads: Self { OwnThreads() }
}

/// A thread for each step of a task, from one wait for another task to the next.
private final class ThreadForEachJob: TaskExecutor {
  static let shared = ThreadForEachJob()

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let thread = Thread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    // As much as a process's first thread has.
    thread.stackSize = 8 << 20
    thread.start()
  }
}
