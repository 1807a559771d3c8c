import Glibc

/// A thread of our own: for what waits for a disk, which neither an event loop nor the cooperative pool may do.
struct WorkerThread: Sendable {
  private let thread: pthread_t

  private final class Body: Sendable {
    let name: String
    let run: @Sendable () -> Void
    init(name: String, run: @escaping @Sendable () -> Void) {
      self.name = name
      self.run = run
    }
  }

  /// Starts a thread that runs `body` to its end; `name`, of at most 15 bytes, is what `top -H` and profilers show. Nil
  /// when the system has no thread left.
  init?(_ name: String, _ body: @escaping @Sendable () -> Void) {
    let handed = Unmanaged.passRetained(Body(name: name, run: body))
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
    guard let argument else { return nil }
    let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
    WorkerThread.nameThread(body.name)
    body.run()
    return nil
  }

  /// Names the running thread; the calls for it are GNU's and not imported. A thread without a name runs as well.
  private static func nameThread(_ name: String) {
    let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    _ = write(file, name, name.utf8.count)
    close(file)
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
  init?(_ name: String) {
    let mailbox = self.mailbox
    let thread = WorkerThread(name) {
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
