import Glibc

/// Hands messages from many threads to one, which takes everything that waits at once.
///
/// What bounds it is what bounds its senders: each connection has a limited number of acts in flight.
// SAFETY: every access to `messages` and `isTakerWaiting` is between lock and unlock of `mutex`, which lives as long as
// this object and is never moved.
final class Mailbox<Message: Sendable>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let arrival: UnsafeMutablePointer<pthread_cond_t>
  private var messages: [Message] = []
  private var isTakerWaiting = false

  init() {
    mutex = .allocate(capacity: 1)
    arrival = .allocate(capacity: 1)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(arrival, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(arrival)
    pthread_mutex_destroy(mutex)
    arrival.deallocate()
    mutex.deallocate()
  }

  /// Adds a message behind the others.
  func post(_ message: Message) {
    pthread_mutex_lock(mutex)
    messages.append(message)
    let mustWake = isTakerWaiting
    isTakerWaiting = false
    pthread_mutex_unlock(mutex)
    if mustWake { pthread_cond_signal(arrival) }
  }

  /// Whether nothing waits.
  var isEmpty: Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return messages.isEmpty
  }

  /// Everything that waits; waits for the first message up to `milliseconds` (nil: for ever). Empty when none came.
  /// Called by the one receiving thread.
  func take(waitingMilliseconds milliseconds: UInt64?) -> [Message] {
    let deadline = milliseconds.map(Mailbox.deadline)
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while messages.isEmpty {
      isTakerWaiting = true
      if var deadline {
        if pthread_cond_timedwait(arrival, mutex, &deadline) == ETIMEDOUT { break }
      } else {
        pthread_cond_wait(arrival, mutex)
      }
    }
    isTakerWaiting = false
    let taken = messages
    messages = []
    return taken
  }

  private static func deadline(_ milliseconds: UInt64) -> timespec {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    let nanoseconds = UInt64(time.tv_nsec) + milliseconds % 1_000 * 1_000_000
    time.tv_sec += Int(milliseconds / 1_000 + nanoseconds / 1_000_000_000)
    time.tv_nsec = Int(nanoseconds % 1_000_000_000)
    return time
  }
}
