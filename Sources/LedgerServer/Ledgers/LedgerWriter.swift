import CoreMetrics
import EditModel
import LedgerKeeping
import LedgerRules
import LedgerStore
import LineProtocol
import Logging
import NIOCore
import SessionRules
import Synchronization

/// The one who writes a ledger: owns its store and its machine, on a thread of its own.
///
/// Everything that waits becomes one transaction; when it is on the disk, each event loop is woken once with all
/// answers and the news. What is derived from the history is written when there is time for it.
struct LedgerWriter: ~Copyable {
  private let store: ServerStore
  private let shared: LedgerShared
  private let surroundings: Surroundings
  private let checkpointer: Checkpointer
  private let history: LedgerHistory
  private var machine: LedgerMachine
  private var backlog: DerivedBacklog
  /// Where the slice of the backlog arrives that another thread puts in order.
  private let ordered = Mailbox<DerivedTables>()
  /// Whether a slice is being put in order, or was and is not written yet.
  private var isOrdering = false
  private var condition = Condition.writing
  /// Whether the log is being copied back, until `.logCopied` says that it was.
  private var isCopyingLog = false
  /// Links the lines, on a thread that may wait for the disk.
  private let linker: LineLinker
  /// Since when, by the steady clock, lines wait to be linked; nil while none do.
  private var unlinkedSince: UInt64?

  private enum Condition {
    case writing
    /// A write failed; the store is opened again not before this steady time.
    case suspended(retryMilliseconds: UInt64)
    /// The file was taken away or replaced: nothing is written to it any more, and to no other in its place.
    case lost
  }

  /// How long the writer waits for acts before it uses the time for what is derived, in milliseconds.
  private static let idleMilliseconds: UInt64 = 200
  /// How long after a failure the store is opened again, in milliseconds.
  private static let retryMilliseconds: UInt64 = 1_000
  /// How long lines wait to be linked while there is no time for it, in milliseconds.
  private static let unlinkedMilliseconds: UInt64 = 1_000

  /// The body of the thread: opens the ledger, says whether that worked, and writes until it is told to stop.
  static func main(
    path: String, shared: LedgerShared, surroundings: Surroundings, opened: Mailbox<StoreError?>
  ) {
    do throws(StoreError) {
      var writer = try LedgerWriter(path: path, shared: shared, surroundings: surroundings)
      opened.post(nil)
      writer.run()
    } catch {
      opened.post(error)
    }
  }

  private init(path: String, shared: LedgerShared, surroundings: Surroundings) throws(StoreError) {
    let store = try ServerStore(path: path)
    let checkpointer = try store.checkpointer()
    let linker = LineLinker(reader: try store.reader())
    var backlog = DerivedBacklog(applied: store.applied)
    let machine = try LedgerWriter.load(store, &backlog, holds: Holds(), time: surroundings.time)
    shared.scopes.withLock { [scopes = machine.scopes] in $0 = scopes }
    shared.tail.restart(lastSeq: store.lastSeq)
    self.store = store
    self.shared = shared
    self.surroundings = surroundings
    self.checkpointer = checkpointer
    self.linker = linker
    self.history = LedgerHistory(store.header)
    self.backlog = backlog
    self.machine = machine
  }

  /// Makes the machine from what the store has, and brings the server's time up to it.
  private static func load(
    _ store: ServerStore, _ backlog: inout DerivedBacklog, holds: Holds, time: ServerTime
  ) throws(StoreError) -> LedgerMachine {
    let loaded = try LedgerMachine.load(store, holds: holds)
    backlog = loaded.backlog
    time.notBelow(loaded.greatestStamp)
    return loaded.takeMachine()
  }

  // MARK: The loop

  private mutating func run() {
    while true {
      let wait: UInt64? = backlog.isEmpty && !isLinkingDue ? nil : LedgerWriter.idleMilliseconds
      let messages = shared.mailbox.take(waitingMilliseconds: wait)
      if messages.isEmpty {
        order()
        link()
        copyLogIfDue()
        continue
      }
      let turn = Turn(messages)
      // First: what is judged now is judged by what was last written.
      if let holders = turn.holders { machine.holders = holders }
      if !turn.submissions.isEmpty { commit(turn) }
      for (submission, answer) in turn.ruled { rule(submission, answer) }
      for (replica, answer) in turn.questions { answer(machine.lastDecided(of: replica)) }
      for connection in turn.gone { machine.holds.forget(connection) }
      if turn.isLogCopied { restartLog() }
      if turn.isDerived { writeOrdered() }
      if turn.isLinked { writeLinks() }
      if turn.isLast { return close() }
      if backlog.isFull { writeOrdered() }
      if backlog.hasFullSlice { order() }
      linkIfOverdue()
      copyLogIfDue()
    }
  }

  /// What waited, taken apart.
  private struct Turn {
    var handlers: [ConnectionHandler] = []
    var submissions: [Submission] = []
    var ruled: [(Submission, @Sendable (ByteBuffer?) -> Void)] = []
    var questions: [(ReplicaID, @Sendable (UInt64) -> Void)] = []
    var holders: SeatHolders?
    var gone: [ConnectionNumber] = []
    var isLogCopied = false
    var isDerived = false
    var isLinked = false
    var isLast = false

    init(_ messages: [WriterMessage]) {
      for message in messages {
        switch message {
        case .acts(let handler, let submission):
          handlers.append(handler)
          submissions.append(submission)
        case .ruled(let submission, let answer): ruled.append((submission, answer))
        case .lastDecided(let replica, let answer): questions.append((replica, answer))
        case .holders(let table): holders = table
        case .gone(let connection): gone.append(connection)
        case .logCopied: isLogCopied = true
        case .derived: isDerived = true
        case .linked: isLinked = true
        case .stop: isLast = true
        }
      }
    }
  }

  // MARK: Committing

  private mutating func commit(_ turn: Turn) {
    guard let decided = commit(turn.submissions) else { return sendBack(turn) }
    wake(turn, answers: decided.answers, hasNews: decided.chunk != nil)
    note(decided)
  }

  /// Commits what somebody decided about held acts, as if their device had put them now.
  private mutating func rule(_ submission: Submission, _ answer: (ByteBuffer?) -> Void) {
    guard let decided = commit([submission]) else { return answer(nil) }
    // Nothing of another decision waits for what could not be decided of this one.
    machine.holds.forget(submission.connection)
    answer(decided.answers[0])
    wake(Turn([]), answers: [], hasNews: decided.chunk != nil)
    note(decided)
  }

  /// Decides and stores acts, and shows what came of it to those who look; nil where nothing can be stored now.
  private mutating func commit(_ submissions: [Submission]) -> Decided? {
    guard isWritable() else { return nil }
    let decided: Decided
    do throws(StoreError) {
      decided = try decideAndStore(submissions)
    } catch {
      suspend(error)
      return nil
    }
    if !decided.scopes.isEmpty { shared.scopes.withLock { $0.take(decided.scopes) } }
    if let chunk = decided.chunk { shared.tail.append(chunk) }
    return decided
  }

  /// Notes what was decided for what is written behind, once everybody was answered.
  private mutating func note(_ decided: Decided) {
    for one in decided.applied { backlog.note(one.accepted, changed: one.changed) }
    ServerMetrics.accepted.increment(by: decided.applied.count)
    ServerMetrics.shelved.increment(by: decided.shelved.count)
    if let forgotten = decided.forgotten { surroundings.deriving.run { withExtendedLifetime(forgotten) {} } }
  }

  private mutating func decideAndStore(_ submissions: [Submission]) throws(StoreError) -> Decided {
    let questions = machine.questions(about: submissions)
    // The index by act answers them, so it is brought up to date first: without it each would be looked for line by line.
    if !questions.isEmpty { try writeAllBehind() }
    let (quarantine, now) = (surroundings.quarantine, surroundings.time.now)
    return try machine.decide(
      submissions, questions, storingIn: store,
      holdingIn: { held throws(StoreError) in try quarantine.store().keep(held, at: now) },
      isArchived: shared.isArchived.load(ordering: .relaxed), wallMilliseconds: now.milliseconds)
  }

  private mutating func sendBack(_ turn: Turn) {
    let answers = LedgerMachine.sendBack(turn.submissions, saying: .storage, holds: &machine.holds)
    wake(turn, answers: answers, hasNews: false)
  }

  /// Wakes each event loop that has an answer or, when there are news, somebody who follows: once.
  private func wake(_ turn: Turn, answers: [ByteBuffer], hasNews: Bool) {
    var deliveries: [Int: [Delivery]] = [:]
    for (index, handler) in turn.handlers.enumerated() {
      let delivery = Delivery(handler: handler, answers: answers[index], acts: turn.submissions[index].acts)
      deliveries[handler.loopIndex, default: []].append(delivery)
    }
    if hasNews {
      for index in shared.followedLoops where deliveries[index] == nil { deliveries[index] = [] }
    }
    let news = hasNews ? history.ledger : nil
    for (index, list) in deliveries { surroundings.rosters[index].post(list, news: news) }
  }

  // MARK: Trouble

  private mutating func suspend(_ error: StoreError) {
    surroundings.logger.error(
      "writing to a ledger failed; its acts are answered `wait storage` until it works again",
      metadata: [LogKey.ledger: "\(history.ledger)", LogKey.error: "\(error)"])
    ServerMetrics.storageFailures.increment()
    condition = .suspended(retryMilliseconds: ServerClock.steadyMilliseconds() + LedgerWriter.retryMilliseconds)
  }

  /// Whether the file is still where it was opened; looked at before every commit, so that nothing is acknowledged that
  /// stands in a file that nobody will find.
  private mutating func isInPlace() -> Bool {
    if case .lost = condition { return false }
    if store.isInPlace { return true }
    condition = .lost
    ServerMetrics.storageFailures.increment()
    surroundings.logger.critical(
      """
      a ledger's file was taken away or replaced under the running server; its acts are answered `wait storage`. Stop the \
      server, restore the newest snapshot, and start: the devices bring back what they hold. Do not put a copy of the file \
      back: what it lacks would be taken for never said (台账文件被移走或替换，不再写入。请停止服务，恢复最新的快照，再启动)
      """,
      metadata: [LogKey.ledger: "\(history.ledger)", LogKey.path: "\(store.path)"])
    return false
  }

  /// Whether the store can be written to; opens it again when it is time to try.
  private mutating func isWritable() -> Bool {
    guard isInPlace() else { return false }
    guard case .suspended(let retry) = condition else { return true }
    let now = ServerClock.steadyMilliseconds()
    guard now >= retry else { return false }
    condition = .suspended(retryMilliseconds: now + LedgerWriter.retryMilliseconds)
    do throws(StoreError) {
      try resume()
      return true
    } catch {
      surroundings.logger.debug(
        "a ledger still cannot be written to",
        metadata: [LogKey.ledger: "\(history.ledger)", LogKey.error: "\(error)"])
      return false
    }
  }

  /// Opens the store again and makes the machine from what is in it: what was decided and not kept is forgotten, what
  /// was kept without our knowing is taken in and shown to those who follow.
  private mutating func resume() throws(StoreError) {
    let acknowledged = shared.tail.lastSeq
    let lastSeq = try store.reopen()
    guard lastSeq >= acknowledged else {
      surroundings.logger.critical(
        """
        a ledger file has lost lines that were acknowledged; nothing is written to it. Keep the file, restore a snapshot \
        (台账文件丢失了已确认的内容，不再写入。请保留文件，恢复快照)
        """,
        metadata: [LogKey.ledger: "\(history.ledger)", LogKey.seq: "\(lastSeq)", LogKey.expected: "\(acknowledged)"])
      throw .gap(file: store.path, expected: acknowledged, found: lastSeq)
    }
    _ = takeOrdered()  // is in the backlog that is made now
    let holders = machine.holders
    machine = try LedgerWriter.load(store, &backlog, holds: machine.holds, time: surroundings.time)
    machine.holders = holders
    condition = .writing
    linker.tryAgain()
    shared.scopes.withLock { [scopes = machine.scopes] in $0 = scopes }
    if lastSeq > acknowledged {
      shared.tail.restart(lastSeq: lastSeq)
      for index in shared.followedLoops { surroundings.rosters[index].post([], news: history.ledger) }
    }
    surroundings.logger.notice("a ledger can be written to again", metadata: [LogKey.ledger: "\(history.ledger)"])
  }

  // MARK: Behind the history

  /// Has another thread put the oldest slice of what is derived in order, one slice at a time; `.derived` comes when that
  /// is done.
  private mutating func order() {
    guard case .writing = condition, !isOrdering, let slice = backlog.takeOldest() else { return }
    isOrdering = true
    let (ordered, mailbox) = (ordered, shared.mailbox)
    surroundings.deriving.run {
      ordered.post(DerivedTables(slice))
      mailbox.post(.derived)
    }
  }

  /// The slice that another thread puts in order, waited for until that is done; nil when there is none.
  private mutating func takeOrdered() -> DerivedTables? {
    guard isOrdering else { return nil }
    isOrdering = false
    return ordered.take(waitingMilliseconds: nil).first
  }

  private mutating func writeOrdered() {
    guard let tables = takeOrdered() else { return }
    tryToWrite { writer throws(StoreError) in try writer.write(tables) }
  }

  /// Writes everything that is derived.
  private mutating func writeAllBehind() throws(StoreError) {
    if let tables = takeOrdered() { try write(tables) }
    while let slice = backlog.takeOldest() { try write(DerivedTables(slice)) }
  }

  private mutating func write(_ tables: DerivedTables) throws(StoreError) {
    try store.writeBehind(tables)
    backlog.wrote(tables)
  }

  /// Whether lines are not linked yet, and nothing keeps them from it.
  private var isLinkingDue: Bool { store.chained.seq < store.lastSeq && linker.isReady }

  /// Has lines linked that are not; `.linked` comes when they are.
  private mutating func link() {
    guard case .writing = condition, isLinkingDue else { return }
    unlinkedSince = nil
    let mailbox = shared.mailbox
    linker.begin(after: store.chained, through: store.lastSeq, on: surroundings.maintenance) { mailbox.post(.linked) }
  }

  /// The same when lines have waited for it long enough, though there is something else to do.
  private mutating func linkIfOverdue() {
    guard isLinkingDue else { return }
    let now = ServerClock.steadyMilliseconds()
    guard let since = unlinkedSince else {
      unlinkedSince = now
      return
    }
    if now >= since + LedgerWriter.unlinkedMilliseconds { link() }
  }

  private mutating func writeLinks() {
    guard let ended = linker.take() else { return }
    switch ended {
    // What was linked before the store was opened again may be linked otherwise by now.
    case .success(let links) where links.goOn(behind: store.chained):
      tryToWrite { writer throws(StoreError) in try writer.store.link(links) }
    case .success: break
    case .failure(let error):
      surroundings.logger.error(
        """
        a ledger's lines could not be read to link them; edits are taken as ever, and it is tried again now and then unless a \
        line is not there. Next: taizhangd verify (台账内容读不出来，暂不上链，照常收件。请运行 taizhangd verify)
        """,
        metadata: [LogKey.ledger: "\(history.ledger)", LogKey.error: "\(error)"])
    }
  }

  private mutating func tryToWrite(_ body: (inout LedgerWriter) throws(StoreError) -> Void) {
    guard case .writing = condition else { return }
    do throws(StoreError) {
      try body(&self)
    } catch {
      suspend(error)
      // What is derived is made again from the history when the store is opened again.
      backlog = DerivedBacklog(applied: store.lastSeq)
    }
  }

  /// Has the log copied back when it has become long; `.logCopied` comes when that is done.
  private mutating func copyLogIfDue() {
    guard store.logBytes >= Checkpointer.copyBytes, !isCopyingLog else { return }
    isCopyingLog = true
    let (checkpointer, mailbox, logger) = (checkpointer, shared.mailbox, surroundings.logger)
    surroundings.maintenance.run {
      do throws(StoreError) {
        _ = try checkpointer.run()
      } catch {
        logger.warning("copying a ledger's log back failed", metadata: [LogKey.error: "\(error)"])
      }
      mailbox.post(.logCopied)
    }
  }

  /// Starts the log over after it was copied back, so that its pages on the disk are written over.
  private mutating func restartLog() {
    isCopyingLog = false
    guard case .writing = condition else { return }
    do throws(StoreError) {
      try store.restartLog()
    } catch {
      surroundings.logger.warning("a ledger's log could not be started over", metadata: [LogKey.error: "\(error)"])
    }
  }

  private mutating func close() {
    tryToWrite { writer throws(StoreError) in try writer.writeAllBehind() }
    // One errand: what is more, as of a ledger that was never linked, waits for the next start.
    link()
    while isCopyingLog || linker.isBusy {
      let turn = Turn(shared.mailbox.take(waitingMilliseconds: nil))
      if turn.isLogCopied { isCopyingLog = false }
      if turn.isLinked { writeLinks() }
    }
    do throws(StoreError) {
      if case .writing = condition { _ = try checkpointer.run() }
      try checkpointer.close()
      try linker.close()
      try store.close()
    } catch {
      surroundings.logger.error("closing a ledger failed", metadata: [LogKey.error: "\(error)"])
    }
  }
}
