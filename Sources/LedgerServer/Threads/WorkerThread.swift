import Glibc

/// A thread of our own: for what waits for a disk, which neither an event loop nor the cooperative pool may do.
struct WorkerThread: Sendable {
  private let thread: pthread_t

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Starts a thread that runs `body` to its end. Nil when the system has no thread left.
  init?(_ body: @escaping @Sendable () -> Void) {
    let handed = Unmanaged.passRetained(Body(run: body))
    var thread = pthread_t()
    let status = pthread_create(&thread, nil, WorkerThread.main, handed.toOpaque())
    guard status == 0 else {
      handed.release()
      return nil
    }
    self.thread = thread
  }

  /// Waits until the thread has ended. Called once, from another thread.
  func join() {
    pthread_join(thread, nil)
  }

  private static let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
    if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
    return nil
  }
}

/// A thread that runs jobs one after the other, in the order in which they were handed over.
final class JobThread: Sendable {
  private let mailbox = Mailbox<Job>()
  private let thread: WorkerThread

  private enum Job: Sendable {
    case run(@Sendable () -> Void)
    case stop
  }

  /// Starts the thread; nil when the system has none left.
  init?() {
    let mailbox = self.mailbox
    let thread = WorkerThread {
      while true {
        for job in mailbox.take(waitingMilliseconds: nil) {
          switch job {
          case .run(let job): job()
          case .stop: return
          }
        }
      }
    }
    guard let thread else { return nil }
    self.thread = thread
  }

  /// Runs `job` after everything that was handed over before.
  func run(_ job: @escaping @Sendable () -> Void) {
    mailbox.post(.run(job))
  }

  /// Ends the thread when everything that was handed over before has run, and waits for that.
  func stop() {
    mailbox.post(.stop)
    thread.join()
  }
}
