import Synchronization

/// A clock that moves only when a test says so. Both of its faces may be read from any thread.
package final class ManualClock: Sendable {
  private struct Faces {
    var wallMilliseconds: UInt64
    var monotonicMilliseconds: UInt64 = 0
  }

  private let faces: Mutex<Faces>

  /// A clock whose wall face shows `wallMilliseconds` since 1970 (by default a day in October 2023).
  package init(wallMilliseconds: UInt64 = 1_697_000_000_000) {
    self.faces = Mutex(Faces(wallMilliseconds: wallMilliseconds))
  }

  /// What the wall shows, in milliseconds since 1970.
  package var wallMilliseconds: UInt64 { faces.withLock(\.wallMilliseconds) }

  /// Milliseconds since the clock was made; never goes back.
  package var monotonicMilliseconds: UInt64 { faces.withLock(\.monotonicMilliseconds) }

  /// Lets time pass, on both faces.
  package func advance(milliseconds: UInt64) {
    faces.withLock {
      $0.wallMilliseconds += milliseconds
      $0.monotonicMilliseconds += milliseconds
    }
  }

  /// Somebody sets the wall face, forwards or back; no time passes.
  package func setWall(milliseconds: UInt64) {
    faces.withLock { $0.wallMilliseconds = milliseconds }
  }
}
