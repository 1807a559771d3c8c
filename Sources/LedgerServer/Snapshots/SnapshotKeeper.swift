import EditModel
import Glibc
import LedgerAdmin
import LedgerStore
import LineProtocol
import Logging
import Synchronization

/// Takes snapshots beside the running server when they are due and something has changed, proves each, ships it, removes those that
/// need not be kept, and wakes somebody when nothing was proved for too long. On a thread of the lowest priority.
final class SnapshotKeeper: Sendable {
  private let configuration: ServerConfiguration
  private let thread: JobThread
  private let time: ServerTime
  private let logger: Logger
  private let isBusy = Atomic(false)
  private let state = Mutex(State())

  private struct State: Sendable {
    var isNice = false
    /// After a failure nothing is tried before this.
    var notBefore = Stamp.zero
    /// After a shipping that failed none is tried before this.
    var shipNotBefore = Stamp.zero
    /// When somebody was woken last; nil while there is no need.
    var alarmed: Stamp?
  }

  /// How long after a failure it is tried again, and how long after an alarm there is another, in milliseconds.
  private static let retryMilliseconds: UInt64 = 600_000
  private static let alarmMilliseconds: UInt64 = 86_400_000

  init(_ configuration: ServerConfiguration, thread: JobThread, time: ServerTime, logger: Logger) {
    self.configuration = configuration
    self.thread = thread
    self.time = time
    self.logger = logger
  }

  /// Looks whether something is due; one look at a time.
  func look() {
    guard configuration.snapshotMinutes > 0, !isBusy.exchange(true, ordering: .acquiringAndReleasing) else { return }
    thread.run { [self] in
      defer { isBusy.store(false, ordering: .releasing) }
      beNice()
      let now = time.now
      if now >= state.withLock({ $0.notBefore }) { keepUp(now) }
      if now >= state.withLock({ $0.shipNotBefore }) { ship(now) }
      watch(now)
    }
  }

  /// Ends the thread; a snapshot that is being taken is taken to its end first.
  func stop() { thread.stop() }

  /// Whoever edits comes first. On Linux this is of the thread that calls it.
  private func beNice() {
    guard !state.withLock({ $0.isNice }) else { return }
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19)
    state.withLock { $0.isNice = true }
  }

  private func keepUp(_ now: Stamp) {
    let folder = configuration.data
    do {
      let newest = SnapshotSet.all(in: folder).first
      let age = UInt64(configuration.snapshotMinutes) * 60_000
      if newest.map({ now.milliseconds >= $0.takenAt.milliseconds + age }) ?? true {
        guard try SnapshotUpkeep.isNeeded(in: folder) else { return }
        try prove(try take(now), now)
        try thinOut(now)
      } else if let newest, ProofRecord.read(newest.name, in: folder) == nil {
        // One that a command took, or whose proof was cut off.
        try prove(newest, now)
      }
    } catch AdminError.snapshotGoesOn {
      // A command is at it.
    } catch {
      state.withLock { $0.notBefore = Stamp(milliseconds: now.milliseconds + SnapshotKeeper.retryMilliseconds) }
      logger.error(
        "a snapshot could not be taken, kept or removed; it is tried again in ten minutes, the ledgers are served (定时快照失败，十分钟后再试)",
        metadata: [LogKey.error: "\(error)"])
    }
  }

  private func take(_ now: Stamp) throws -> SnapshotSet {
    let taken = try SnapshotTaking.take(of: configuration.data, isServed: true, at: now)
    try note(.snapshot, taken.set, now)
    for broken in taken.brokenLinks {
      logger.critical(
        """
        a ledger's lines are not those that were linked; the set has them as they stand, keep the older ones. Next: taizhangd \
        verify (台账内容与链接不符，请保留较早的快照并运行 taizhangd verify)
        """,
        metadata: [LogKey.ledger: "\(broken.ledger)", LogKey.seq: "\(broken.behind.seq)"])
    }
    return taken.set
  }

  private func prove(_ set: SnapshotSet, _ now: Stamp) throws {
    let proof = try SnapshotUpkeep.prove(set, in: configuration.data, at: now)
    guard let failure = proof.record.failure else { return }
    logger.critical(
      "a snapshot was restored for a proof, and is not right; the older ones are kept (快照核验不通过，较早的快照都保留)",
      metadata: [LogKey.path: "\(set.path)", LogKey.error: "\(failure)"])
  }

  private func thinOut(_ now: Stamp) throws {
    for set in SnapshotUpkeep.removable(configuration.retention, in: configuration.data, now: now) {
      try SnapshotUpkeep.remove(set, from: configuration.data)
      try note(.snapshotRemove, set, now)
    }
  }

  /// Over a connection of its own, as a command does: at a shutdown the server's is closed before this thread ends.
  private func note(_ action: AuditAction, _ set: SnapshotSet, _ now: Stamp) throws {
    let seats = try SeatStore(path: configuration.data.seats)
    try seats.note(action, [set.name], at: now, by: .server)
    try seats.close()
  }

  /// Ships the newest set that was proved to those destinations where it does not lie; what fails at one keeps nothing from the
  /// others, nor from the server.
  private func ship(_ now: Stamp) {
    let folder = configuration.data
    let record = ShippingRecord(of: folder)
    let isProved = { (set: SnapshotSet) in ProofRecord.read(set.name, in: folder).map { $0.failure == nil } ?? false }
    guard let set = SnapshotSet.all(in: folder).first(where: isProved) else { return }
    let waiting = configuration.shipTo.filter { record.arrivals[$0]?.set != set.name }
    guard !waiting.isEmpty else { return }
    do throws(AdminError) {
      var generator = SystemRandomNumberGenerator()
      let keys = try RecoveryKeys(of: folder).keys
      let shipments = SetShipping.ship(set, to: waiting, keys: keys, using: &generator)
      try ShippingRecord.note(shipments, of: set, in: folder, at: now)
      for shipment in shipments { tell(shipment, of: set) }
      guard shipments.contains(where: \.isFailed) else { return }
    } catch {
      logger.error(
        "snapshots cannot be shipped; it is tried again in ten minutes (快照无法送往各目录，十分钟后再试)",
        metadata: [LogKey.error: "\(error)"])
    }
    state.withLock { $0.shipNotBefore = Stamp(milliseconds: now.milliseconds + SnapshotKeeper.retryMilliseconds) }
  }

  private func tell(_ shipment: Shipment, of set: SnapshotSet) {
    guard case .failed(let error) = shipment.outcome else { return }
    logger.error(
      "a snapshot set was not shipped; the other folders were served, it is tried again in ten minutes (快照未送达该目录，其余照常，十分钟后再试)",
      metadata: [LogKey.path: "\(shipment.destination)", LogKey.error: "\(error)"])
  }

  /// Wakes somebody when there is need, and again a day later.
  private func watch(_ now: Stamp) {
    let health = SnapshotHealth(of: configuration.data)
    guard health.isAlarming(at: now, limitHours: configuration.proofHours) else {
      return state.withLock { $0.alarmed = nil }
    }
    let isDue = state.withLock { state in
      guard state.alarmed.map({ now.milliseconds >= $0.milliseconds + SnapshotKeeper.alarmMilliseconds }) ?? true else {
        return false
      }
      state.alarmed = now
      return true
    }
    guard isDue else { return }
    let proved = health.proved.map { "the newest is \($0.name)" } ?? "there is none"
    let text =
      "no snapshot set was proved for more than \(configuration.proofHours) hours, or the newest is broken: \(proved). Next: "
      + "taizhangd status (超过 \(configuration.proofHours) 小时没有核验过的快照，或最新的已损坏，请运行 taizhangd status)"
    logger.critical("\(text)", metadata: [LogKey.path: "\(configuration.data.snapshots)"])
    guard let command = configuration.alarmCommand else { return }
    if let problem = AlarmCommand.run(command, telling: text) {
      logger.error("the alarm command failed (报警命令执行失败)", metadata: [LogKey.error: "\(problem)"])
    }
  }
}
