import Glibc

/// Decides which of the processes on one replica talks to the server: a lock on a file in the replica's folder, which
/// the
/// system lets go of when its holder ends in whatever way.
struct SyncLock: ~Copyable, Sendable {
  private let descriptor: Int32

  /// Takes the lock of the replica in `home`; nil when another process has it, or the file cannot be made.
  init?(home: String) {
    let descriptor = open(home + "/sync.lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return nil }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      return nil
    }
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }

  /// Whether some process is syncing the replica in `home` now.
  static func isHeld(home: String) -> Bool {
    SyncLock(home: home) == nil
  }
}
