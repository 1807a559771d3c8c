import EditModel
import LineProtocol

/// # SyncRules
///
/// The client's half of the protocol as values: what a replica sends, keeps, waits for and asks anew. Events in,
/// actions
/// out; the driver (`LedgerClient`) owns socket, file, clock and random numbers and carries the actions out in order.
/// It may import `EditModel`, `LedgerRules` and `LineProtocol`; it never waits, logs, reads a clock or a file.

/// The sync of one replica with its server, across connections.
///
/// Every own act is in one of these states: in `acts` (undecided), or decided and no longer known here. An act is
/// marked
/// sent, durably, before its first byte leaves: `markSent` stands before `send` in the actions, and the driver keeps
/// their order. Owned by the driver's event loop.
package struct SyncMachine: Sendable {
  /// Where the connection is.
  enum Stage: Hashable, Sendable {
    /// No connection; a timer will ask for one.
    case waiting
    /// A connection was asked for.
    case connecting
    /// Connected; the server speaks first.
    case greeting
    /// `auth` and `open` were sent under these tags.
    case opening(auth: Tag, open: Tag)
    /// `resume` was sent under this tag.
    case resuming(Tag)
    /// The ledger is open.
    case live
    /// The device is shut out or not known: every act is handed over once, for a decision.
    case handingOver
    /// `replica` was asked under this tag.
    case renewing(Tag)
    /// Closed by us; the driver will say that it is.
    case closing
  }

  var facts: SyncFacts
  var stage = Stage.waiting
  let waits: SyncWaits
  var backOff: BackOff
  /// What spreads the pauses that a server asks for, so that those it asked at one moment do not come at one moment again.
  var jitter: Jitter

  // The outbox.
  var acts: [UInt64: OutboxAct] = [:]
  var order: [UInt64] = []
  var next = 0
  var inFlight: [Tag: UInt64] = [:]
  var flying: Set<UInt64> = []
  /// The file is changing the outbox and has not said yet what it holds: nothing leaves until then.
  var awaitsOutbox = false
  var isPaused = false
  var pause = BackOff(first: SyncLimits.firstPause, last: SyncLimits.lastPause)
  var greatestAcknowledged: UInt64 = 0
  /// Acts that were handed over for a decision or might have been, while handing over or as their ledger holds them back, and
  /// those of them that the server keeps.
  var offered: Set<UInt64> = []
  var handedOver: Set<UInt64> = []

  // The stream.
  /// What came since the file was last written: written when a read has ended, so that one read is one transaction.
  var held: [AcceptedEdit] = []
  var heldReached: Reached?
  var heldAcknowledgements: [Acknowledgement] = []
  var reachedSeq: UInt64?
  /// How far the ledger was when it was opened (`last=`), so that a long catch-up, which says `=` on its way too, is
  /// not
  /// taken for level before it is.
  package internal(set) var levelSeq: UInt64 = 0
  var saidSettled = false
  /// Whether the seat sees the whole ledger, as the server's answer to `auth` tells.
  var seesEverything = false

  // The connection.
  var lastTag: UInt64 = 0
  /// Whether the server answers `forked` also for what is about a thing that a forked act would have made: then acts about
  /// own things that are not decided yet leave with those that make them.
  var takesChains = false
  /// Under which tag a new certificate was asked for.
  var certificateTag: Tag?
  /// Whether anything came since the connection was last looked at: a read's end is enough, for over a slow link a line may
  /// be long on its way.
  var heard = false
  /// Whether the server was asked since whether it is there.
  var isAsked = false
  /// How often the connection was looked at since the server was asked.
  var looks = 0
  /// Whether the last connection was closed to come back at once, and nothing was gained since.
  var cameBackAtOnce = false
  var toldUnsent: UInt64?
  var closingReason: SyncFailure?

  /// The sync of a replica that is not connected, with what its file says; `random` is any 64 random bits, for the jitter.
  package init(facts: SyncFacts, outbox: [OutboxAct], waits: SyncWaits = SyncWaits(), random: UInt64) {
    self.jitter = Jitter(seed: random)
    self.facts = facts
    self.waits = waits
    self.backOff = BackOff(first: waits.firstReconnect, last: waits.lastReconnect)
    load(outbox, counter: facts.counter)
  }

  /// How many own acts the server has not decided yet.
  package var undecidedCount: Int { acts.count }

  /// How many lines came and are not in the file yet: bounded by `SyncLimits.heldLines`.
  package var heldLineCount: Int { held.count }

  /// Whether everything visible has come, nothing own waits, and all own acknowledged acts came back.
  package var isSettled: Bool {
    guard stage == .live, let reachedSeq, reachedSeq >= levelSeq else { return false }
    return acts.keys.allSatisfy(offered.contains) && !holds && !facts.needsNewID && reachedSeq >= greatestAcknowledged
  }

  /// Takes one event and says what to do, in order.
  package mutating func handle(_ event: SyncEvent) -> [SyncAction] {
    var actions = react(event)
    // Within a read nothing leaves: what the whole of it makes possible goes as one batch.
    if case .received = event {} else { actions += pump() }
    if isSettled {
      if !saidSettled {
        saidSettled = true
        actions += settled()
      }
    } else {
      saidSettled = false
    }
    return actions
  }

  private mutating func react(_ event: SyncEvent) -> [SyncAction] {
    switch event {
    case .started: return connect()
    case .connected: return connected()
    case .received(let message): return received(message)
    case .unreadable: return close(.notTaizhang)
    case .readEnded:
      heard = true
      return flush()
    case .outbox(let acts, let counter):
      load(acts, counter: counter)
      return []
    case .foundStranger:
      facts.needsNewID = true
      return []
    case .woke(let timer): return woke(timer)
    case .disconnected(let failure, let random): return disconnected(failure, random: random)
    case .renewed(let facts):
      self.facts = facts
      return []
    }
  }

  /// Takes the undecided acts from the file; those already known keep their place.
  private mutating func load(_ outbox: [OutboxAct], counter: UInt64) {
    facts.counter = max(facts.counter, counter)
    awaitsOutbox = false
    acts = Dictionary(outbox.map { ($0.act.id.n, $0) }) { _, newer in newer }
    for acknowledgement in heldAcknowledgements { acts[acknowledgement.n] = nil }
    order = acts.keys.sorted()
    next = 0
    guard outbox.contains(where: { $0.phase == .forked }) else { return }
    facts.needsNewID = true
    // What a stop between two writes left: it may not leave without the act that it is about.
    for n in sentAboutForked() { acts[n]?.phase = .forked }
  }
}

// MARK: - Connecting

extension SyncMachine {
  private mutating func connect() -> [SyncAction] {
    guard stage == .waiting else { return [] }
    stage = .connecting
    return [.connect, .wake(.watchdog, after: waits.connecting)]
  }

  private mutating func connected() -> [SyncAction] {
    guard stage == .connecting else { return [] }
    stage = .greeting
    lastTag = 0
    takesChains = false
    certificateTag = nil
    heard = false
    isAsked = false
    looks = 0
    toldUnsent = nil
    reachedSeq = nil
    closingReason = nil
    return [.wake(.watchdog, after: waits.handshake)]
  }

  /// Closes the connection; what waits is reported with `failure` when the driver says that it is closed.
  mutating func close(_ failure: SyncFailure) -> [SyncAction] {
    guard stage != .waiting, stage != .closing else { return [] }
    stage = .closing
    closingReason = failure
    return flush() + [.disconnect]
  }

  private mutating func disconnected(_ failure: SyncFailure, random: UInt64) -> [SyncAction] {
    guard stage != .waiting else { return [] }
    let reason = closingReason ?? failure
    let actions = flush()
    stage = .waiting
    closingReason = nil
    inFlight = [:]
    flying = []
    next = 0
    awaitsOutbox = false
    isPaused = false
    reachedSeq = nil
    offered = []
    handedOver = []
    if reason == .renewed {
      // A server that sends everybody back at once is not to be asked as fast as it answers.
      let delay = cameBackAtOnce ? backOff.next(random: random) : .zero
      cameBackAtOnce = true
      return actions + [.wake(.reconnect, after: delay)]
    }
    let delay = reason.isLasting ? SyncLimits.lastingFailure : backOff.next(random: random)
    return actions + [.report(.offline(reason)), .wake(.reconnect, after: delay)]
  }

  private mutating func woke(_ timer: SyncTimer) -> [SyncAction] {
    switch timer {
    case .reconnect: return connect()
    case .resume:
      isPaused = false
      return []
    case .watchdog: return watch()
    }
  }

  /// A connection that says nothing for a while is asked, and dead when it says nothing then either. One that talks is asked
  /// now and then for the server's time.
  private mutating func watch() -> [SyncAction] {
    switch stage {
    case .waiting, .closing: return []
    case .connecting, .greeting, .opening, .resuming, .renewing: return close(.timedOut)
    case .live, .handingOver:
      if isAsked, !heard { return close(.timedOut) }
      looks += 1
      isAsked = !heard || looks >= SyncLimits.looksWithoutTime
      heard = false
      return isAsked ? [ping(), .wake(.watchdog, after: waits.answer)] : [.wake(.watchdog, after: waits.idle)]
    }
  }

  /// Something was gained on this connection: the next wait is a short one again.
  mutating func gained() {
    backOff.reset()
    cameBackAtOnce = false
  }

  mutating func ping() -> SyncAction {
    looks = 0
    toldUnsent = UInt64(acts.count)
    return .send([ClientLine(tag: tag(), request: .ping(unsent: toldUnsent))])
  }

  mutating func tag() -> Tag {
    lastTag += 1
    return Tag(lastTag)
  }

  private mutating func settled() -> [SyncAction] {
    let stale = toldUnsent != 0
    return (stale ? [ping()] : []) + [.report(.settled)]
  }
}
