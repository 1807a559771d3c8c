import EditModel
package import LedgerStore
import LineProtocol
import NIOCore
import NIOPosix
import SyncRules

extension Replica {
  /// Sends what waits and fetches what is new, within `limit`. When another process of this replica is already talking to
  /// the server, waits for it to have done so: when nothing own waited, the server is asked how far it is. One that
  /// `comesBack` goes on over another connection when one breaks off,
  /// until the time is over or several in a row have brought nothing.
  package func sync(
    upTo limit: Duration, comesBack: Bool = false, progress: (@Sendable (SyncProgress) -> Void)? = nil
  ) async -> SyncOutcome {
    do throws(ClientError) {
      let before = try baseline()
      var waited = Duration.zero
      // How far the server is, when that is what is waited for.
      var goal: UInt64?
      while true {
        if let lock = SyncLock(home: home) {
          let run = SyncRun(self, unsent: before.unsent, comesBack: comesBack, progress: progress)
          let end = await run.run(upTo: limit - waited)
          extendLifetime(lock)
          return try outcome(end.reason, since: before, again: end.again, held: end.held)
        }
        if try isSettled() {
          // What waited before was decided over that process's connection, and came back over it.
          guard before.isSettled else { return try outcome(nil, since: before) }
          let last: UInt64
          if let goal {
            last = goal
          } else {
            last = try await devices(upTo: limit - waited).lastSeq
            goal = last
          }
          if try reached() >= last { return try outcome(nil, since: before) }
        }
        guard waited < limit else { return try outcome(.otherProcess, since: before) }
        // Only a cancelled task cannot sleep: whoever waited no longer wants to.
        guard (try? await Task.sleep(for: Replica.pause)) != nil else {
          return try outcome(.timedOut, since: before)
        }
        waited += Replica.pause
      }
    } catch {
      // What it says of the outbox is what the file says, as far as that can be read now.
      return .savedHere(unsent: (try? unsentCount()) ?? 0, reason: OfflineReason(error), SyncSummary())
    }
  }

  /// How often a process that waits for another looks.
  static let pause = Duration.milliseconds(20)

  /// What the file said when a sync began, so that its end can be told from it.
  struct Baseline: Sendable {
    let unsent: Int
    /// Whether nothing own waited.
    let isSettled: Bool
    let arrivals: UInt64
    let shelved: Set<ActID>
    let notices: Int
  }

  private func baseline() throws(ClientError) -> Baseline {
    try withStore { store throws(StoreError) in
      let counts = try store.counts()
      return Baseline(
        unsent: counts.unsent, isSettled: counts.isSettled, arrivals: try store.arrivals(),
        shelved: Set(try store.refusedActs().map(\.act.id)), notices: try store.notices().count)
    }
  }

  /// Own acts whose rows were damaged, without reading the ledger.
  package func damagedActs() throws(ClientError) -> [DamagedAct] {
    try withStore { store throws(StoreError) in try store.damagedActs() }
  }

  /// How many own acts the server has not decided.
  package func unsentCount() throws(ClientError) -> Int {
    try withStore { store throws(StoreError) in try store.counts().unsent }
  }

  private func isSettled() throws(ClientError) -> Bool {
    try withStore { store throws(StoreError) in try store.counts().isSettled }
  }

  private func reached() throws(ClientError) -> UInt64 {
    try withStore { store throws(StoreError) in try store.header().reached }
  }

  private func outcome(
    _ reason: OfflineReason?, since before: Baseline, again: Int = 0, held: Int = 0
  ) throws(ClientError)
    -> SyncOutcome
  {
    let (summary, unsent) = try withStore { store throws(StoreError) in
      let counts = try store.counts()
      let shelf = try store.refusedActs().filter { !before.shelved.contains($0.act.id) }
      var summary = SyncSummary()
      summary.received = Int(try store.arrivals() - before.arrivals)
      summary.sent = max(0, before.unsent + again - counts.unsent)
      summary.held = held
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
  private let comesBack: Bool
  private let progress: (@Sendable (SyncProgress) -> Void)?

  init(_ replica: Replica, unsent: Int, comesBack: Bool, progress: (@Sendable (SyncProgress) -> Void)?) {
    self.comesBack = comesBack
    self.replica = replica
    self.unsent = unsent
    self.progress = progress
  }

  /// How a run ended: why, nil when everything is level; how many own acts a server that went back made it send again; and
  /// how many the ledger holds back.
  struct End: Sendable {
    var reason: OfflineReason?
    var again = 0
    var held = 0
  }

  /// Runs until everything is level, there is no way, or the time is over.
  func run(upTo limit: Duration) async -> End {
    let (signals, continuation) = AsyncStream.makeStream(of: SyncSignal.self)
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let driver = SyncDriver(home: replica.home, device: replica.device, loop: loop) {
      continuation.yield($0)
    }
    let deadline = loop.scheduleTask(in: TimeAmount(limit)) { _ = continuation.yield(.deadline) }
    driver.start()
    let end = await follow(signals)
    deadline.cancel()
    // The future is always kept, never failed.
    try? await driver.stop().get()
    return end
  }

  private func follow(_ signals: AsyncStream<SyncSignal>) async -> End {
    var waiting: OfflineReason?
    var received = 0
    var again = 0
    var behind = 0
    var held = 0
    var patience = Patience(comesBack: comesBack)
    for await signal in signals {
      switch signal {
      case .connecting: progress?(.connecting)
      case .applied(let lines):
        received += lines
        if lines > 0 { patience.gained() }
        progress?(.received(lines: received, of: behind))
      case .behind(let lines): behind = Int(clamping: lines)
      case .again(let acts): again += acts
      case .failed(let error): return End(reason: .storage(error), again: again)
      case .deadline: return End(reason: waiting ?? patience.broken ?? .timedOut, again: again)
      case .comesBack(let delay): patience.broken.map { progress?(.comesBack($0, after: delay)) }
      case .report(.online):
        patience.isConnected()
        progress?(.connected)
      case .report(.decided(let left)):
        waiting = nil
        patience.gained()
        let all = max(unsent + again, left)
        progress?(.sent(acts: all - left, of: all))
      case .report(.waiting(let code)):
        let reason = OfflineReason.serverWaits(code: code.rawValue)
        if reason != waiting { progress?(.waiting(reason)) }
        waiting = reason
      case .report(.offline(let failure)):
        guard patience.outlasts(failure) else { return End(reason: OfflineReason(failure), again: again) }
      case .report(.held(let count)): held = count
      case .report(.settled): return End(again: again, held: held)
      }
    }
    return End(reason: .timedOut, again: again)
  }
}

/// Whether a sync whose connection broke off goes on over another.
private struct Patience {
  /// Whether it does at all.
  let comesBack: Bool
  /// Why there is no connection now; nil while there is one.
  private(set) var broken: OfflineReason?
  private var wasConnected = false
  private var barren = 0

  /// The most connections in a row that may bring nothing.
  private static let barrenLimit = 4

  init(comesBack: Bool) {
    self.comesBack = comesBack
  }

  /// The ledger is open.
  mutating func isConnected() {
    wasConnected = true
    broken = nil
  }

  /// A line came or an act was decided.
  mutating func gained() {
    barren = 0
  }

  /// Whether there is to be another connection after this failure. Where nobody was reached there is nothing to wait for.
  mutating func outlasts(_ failure: SyncFailure) -> Bool {
    switch failure {
    case .closed, .timedOut: break
    case .unreachable: guard wasConnected else { return false }
    default: return false
    }
    barren += 1
    broken = OfflineReason(failure)
    return comesBack && barren <= Patience.barrenLimit
  }
}
