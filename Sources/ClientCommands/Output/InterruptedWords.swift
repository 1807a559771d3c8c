import Dispatch
import Glibc

/// Says something when somebody presses Ctrl-C, and then lets it end the process as it would have.
final class InterruptedWords {
  private let source: any DispatchSourceSignal

  /// Until `release`, `say` runs before the end, on a thread of its own: it must wait for nothing.
  init(_ say: @escaping @Sendable () -> Void) {
    // The source sees a signal that is ignored too.
    signal(SIGINT, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: DispatchQueue(label: "interrupt"))
    source.setEventHandler {
      say()
      signal(SIGINT, SIG_DFL)
      kill(getpid(), SIGINT)
    }
    source.resume()
    self.source = source
  }

  /// From now on Ctrl-C ends the process without words.
  func release() {
    source.cancel()
    signal(SIGINT, SIG_DFL)
  }
}
