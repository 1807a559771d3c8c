import EditModel
import LedgerStore
import LineProtocol
import NIOCore
import NIOPosix
import SyncRules

extension Replica {
  /// Sends what waits and fetches what is new, within `limit`. When another process of this replica is already
  /// talking to
  /// the server, waits for it to have done so.
  package func sync(
    upTo limit: Duration, progress: (@Sendable (SyncProgress) -> Void)? = nil
  ) async -> SyncOutcome {
    do throws(ClientError) {
      let before = try baseline()
      var waited = Duration.zero
      while true {
        if let lock = SyncLock(home: home) {
          let reason = await SyncRun(self, unsent: before.unsent, progress: progress).run(
            upTo: limit - waited)
          extendLifetime(lock)
          return try outcome(reason, since: before)
        }
        if try isSettled() { return try outcome(nil, since: before) }
        guard waited < limit else { return try outcome(.otherProcess, since: before) }
        // Only a cancelled task cannot sleep: whoever waited no longer wants to.
        guard (try? await Task.sleep(for: Replica.pause)) != nil else {
          return try outcome(.timedOut, since: before)
        }
        waited += Replica.pause
      }
    } catch {
      return .savedHere(unsent: 0, reason: .storage("\(error)"), SyncSummary())
    }
  }

  /// How often a process that waits for another looks.
  static let pause = Duration.milliseconds(20)

  /// What the file said when a sync began, so that its end can be told from it.
  struct Baseline: Sendable {
    let unsent: Int
    let arrivals: UInt64
    let shelved: Set<ActID>
    let notices: Int
  }

  private func baseline() throws(ClientError) -> Baseline {
    try withStore { store throws(StoreError) in
      Baseline(
        unsent: try store.counts().unsent, arrivals: try store.arrivals(),
        shelved: Set(try store.snapshot().shelf.map(\.act.id)), notices: try store.notices().count)
    }
  }

  private func isSettled() throws(ClientError) -> Bool {
    let counts = try withStore { store throws(StoreError) in try store.counts() }
    return counts.unsent == 0 && counts.acknowledged == 0
  }

  private func outcome(
    _ reason: OfflineReason?, since before: Baseline
  ) throws(ClientError)
    -> SyncOutcome
  {
    let (summary, unsent) = try withStore { store throws(StoreError) in
      let counts = try store.counts()
      let shelf = try store.snapshot().shelf.filter { !before.shelved.contains($0.act.id) }
      var summary = SyncSummary()
      summary.received = Int(try store.arrivals() - before.arrivals)
      summary.sent = max(0, before.unsent - counts.unsent)
      summary.shelved = shelf.map(ShelvedAct.init)
      summary.notices = Array(try store.notices().dropFirst(before.notices))
      summary.offsetMilliseconds = try store.header().offsetMilliseconds
      return (summary, counts.unsent)
    }
    return reason.map { .savedHere(unsent: unsent, reason: $0, summary) } ?? .atTown(summary)
  }
}

/// One sync from beginning to end.
private struct SyncRun {
  private let replica: Replica
  private let unsent: Int
  private let progress: (@Sendable (SyncProgress) -> Void)?

  init(_ replica: Replica, unsent: Int, progress: (@Sendable (SyncProgress) -> Void)?) {
    self.replica = replica
    self.unsent = unsent
    self.progress = progress
  }

  /// Runs until everything is level, there is no way, or the time is over; nil when level.
  func run(upTo limit: Duration) async -> OfflineReason? {
    let (signals, continuation) = AsyncStream.makeStream(of: SyncSignal.self)
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let driver = SyncDriver(path: replica.path, device: replica.device, loop: loop) {
      continuation.yield($0)
    }
    let deadline = loop.scheduleTask(in: TimeAmount(limit)) { _ = continuation.yield(.deadline) }
    driver.start()
    let reason = await follow(signals)
    deadline.cancel()
    // The future is always kept, never failed.
    try? await driver.stop().get()
    return reason
  }

  private func follow(_ signals: AsyncStream<SyncSignal>) async -> OfflineReason? {
    var waiting: OfflineReason?
    var received = 0
    for await signal in signals {
      switch signal {
      case .connecting: progress?(.connecting)
      case .applied(let lines):
        received += lines
        progress?(.received(lines: received))
      case .failed(let error): return .storage("\(error)")
      case .deadline: return waiting ?? .timedOut
      case .report(.online): progress?(.connected)
      case .report(.decided(let left)):
        waiting = nil
        progress?(.sent(acts: max(0, unsent - left), of: max(unsent, left)))
      case .report(.waiting(let code)): waiting = .serverWaits(code: code.rawValue)
      case .report(.offline(let failure)): return OfflineReason(failure)
      case .report(.settled): return nil
      }
    }
    return .timedOut
  }
}
