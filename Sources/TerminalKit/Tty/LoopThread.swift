import Glibc

/// A thread of the system for work that waits, so that none of the cooperative pool does.
enum LoopThread {
  private final class Work {
    let run: () -> Void
    init(_ run: @escaping () -> Void) { self.run = run }
  }

  /// Runs `body` once on a new thread, or right here when the system has no thread left.
  static func start(_ body: @escaping @Sendable () -> Void) {
    let work = Unmanaged.passRetained(Work(body))
    var thread = pthread_t()
    let isRefused = pthread_create(&thread, nil, LoopThread.entry, work.toOpaque())
    guard isRefused == 0 else { return work.takeRetainedValue().run() }
    pthread_detach(thread)
  }

  private static let entry: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { pointer in
    if let pointer { Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().run() }
    return nil
  }
}
