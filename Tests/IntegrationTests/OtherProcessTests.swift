import Glibc
import LedgerClient
import Testing

/// A sync beside another process that has the replica's lock: it says that it is level when it is.
@Suite struct OtherProcessTests {
  /// The lock, as another process holds it.
  private struct Lock: ~Copyable {
    private let descriptor: Int32

    init(_ replica: Replica) throws {
      descriptor = open(replica.home + "/sync.lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
      try #require(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    }

    deinit { close(descriptor) }
  }

  @Test func whoHasNothingToSendIsNotLevelBeforeTheOthersLinesAreHere() async throws {
    let town = try ClientTown()
    try await town.serving {
      let (office, reader) = (try town.enrolled("office"), try town.enrolled("reader"))
      _ = try await reader.settle()
      try office.set("problem", "15")
      _ = try await office.settle()
      do {
        let lock = try Lock(reader)
        let outcome = await reader.sync(upTo: .milliseconds(300))
        // Why not is that of the other process, or, where the machine is busy, that the server was not heard in time.
        guard case .savedHere(0, _, _) = outcome else {
          Issue.record("the other process has fetched nothing: \(outcome)")
          return
        }
        extendLifetime(lock)
      }
      #expect(try await reader.settle().received == 1)
      // Level already, it need not wait for the lock.
      let lock = try Lock(reader)
      #expect(try await reader.settle().received == 0)
      extendLifetime(lock)
    }
  }

  @Test func theOtherProcessDoesNotMakeTheServerReachable() async throws {
    let town = try ClientTown()
    var kept: Replica?
    try await town.serving {
      let reader = try town.enrolled("reader")
      _ = try await reader.settle()
      kept = reader
    }
    let reader = try #require(kept)
    let lock = try Lock(reader)
    let outcome = await reader.sync(upTo: ClientTown.patience)
    guard case .savedHere(0, .unreachable, _) = outcome else {
      Issue.record("nobody is there: \(outcome)")
      return
    }
    extendLifetime(lock)
  }
}
