import EditModel
import LineProtocol

// What leaves, and what becomes of it.

extension SyncMachine {
  /// Sends what may be sent now: acts in the order of `n` within the window, then the asking for a new
  /// id once nothing that was sent is undecided.
  mutating func pump() -> [SyncAction] {
    guard stage == .live || stage == .handingOver else { return [] }
    guard !isPaused, !awaitsOutbox else { return [] }
    var actions: [SyncAction] = []
    var lines: [ClientLine] = []
    var fresh: [UInt64] = []
    var edits = 0
    while let n = nextToSend(edits: edits) {
      next += 1
      guard var entry = acts[n] else { continue }
      let tag = tag()
      inFlight[tag] = n
      flying.insert(n)
      edits += entry.act.edits.count
      if entry.phase == .pending { fresh.append(n) }
      entry.phase = .sent
      acts[n] = entry
      lines += entry.act.edits.map { ClientLine(tag: tag, request: .put(AuthorLine($0))) }
    }
    if !fresh.isEmpty { actions.append(.markSent(fresh)) }
    if !lines.isEmpty { actions.append(.send(lines)) }
    if stage == .handingOver { return actions + endHandingOver() }
    return actions + askForNewID()
  }

  /// The next `n` that may leave; moves `next` past what may not.
  private mutating func nextToSend(edits: Int) -> UInt64? {
    guard inFlight.count < SyncLimits.window, edits < SyncLimits.windowEdits else { return nil }
    while next < order.count {
      if let entry = acts[order[next]], mayLeave(entry), !flying.contains(order[next]) {
        return stage == .live && !takesChains && speaksOfUndecided(entry.act) ? nil : order[next]
      }
      next += 1
    }
    return nil
  }

  /// Whether `act` is about a thing that an own undecided act makes: for a server that knows no chains it waits for that
  /// one's answer. If the folder was copied, the other copy's act under that number may have made another thing, which this
  /// must not touch.
  private func speaksOfUndecided(_ act: Act) -> Bool {
    makers(of: act).contains { acts[$0].map { $0.phase != .forked } ?? false }
  }

  /// The numbers of the own other acts that make what `act` is about.
  private func makers(of act: Act) -> [UInt64] {
    act.edits.compactMap { edit in
      guard case .created(let id) = edit.entity, id.act != act.id, id.replica == facts.replica else { return nil }
      return id.n
    }
  }

  /// The acts that left and are about a thing that a forked act would have made, of which the server says the same.
  func sentAboutForked() -> [UInt64] {
    var forked = Set(order.filter { acts[$0]?.phase == .forked })
    var found: [UInt64] = []
    for n in order {
      guard let entry = acts[n], entry.phase == .sent, !entry.wasAccepted,
        !forked.isDisjoint(with: makers(of: entry.act))
      else { continue }
      forked.insert(n)
      found.append(n)
    }
    return found
  }

  /// Act `n` goes to the shelf because another stands under its number, and what is about what it would have made with it.
  private mutating func forgetWhatIsAbout(_ n: UInt64) {
    var gone: Set<ActID> = [ActID(replica: facts.replica, n: n)]
    for other in order {
      guard let entry = acts[other], entry.act.speaks(of: gone) else { continue }
      gone.insert(entry.act.id)
      acts[other] = nil
    }
  }

  /// While a new id is needed, only acts that may have arrived are sent: they must be decided under their identity.
  private func mayLeave(_ entry: OutboxAct) -> Bool {
    // It was offered on this connection: somebody decides about it, or there is no room.
    if offered.contains(entry.act.id.n) { return false }
    if stage == .handingOver { return entry.phase != .forked }
    return switch entry.phase {
    case .sent: true
    case .pending: !facts.needsNewID
    case .forked: false
    }
  }

  /// A new id is asked for once the stream is level and every act that was sent is decided; what is left is issued
  /// anew.
  private mutating func askForNewID() -> [SyncAction] {
    guard facts.needsNewID, let reachedSeq, reachedSeq >= levelSeq, inFlight.isEmpty,
      !acts.values.contains(where: { $0.phase == .sent })
    else { return [] }
    let tag = tag()
    stage = .renewing(tag)
    return [
      .wake(.watchdog, after: waits.handshake),
      .send([ClientLine(tag: tag, request: .replica)]),
    ]
  }

  mutating func accepted(_ n: UInt64, _ words: Words) -> [SyncAction] {
    guard let seq = words[0].flatMap(Decimal.number) else { return close(.notTaizhang) }
    // Else it was the other copy's act, which says the same under this number.
    guard acts[n].map({ $0.phase != .forked }) == true else { return [] }
    greatestAcknowledged = max(greatestAcknowledged, seq)
    heldAcknowledgements.append(Acknowledgement(n: n, firstSeq: seq))
    acts[n] = nil
    pause.reset()
    gained()
    return []
  }

  mutating func refused(_ n: UInt64, _ error: WireError) -> [SyncAction] {
    guard acts[n].map({ $0.phase != .forked }) == true else { return refusedOther(error) }
    switch error.code.errorClass {
    case .shelve: return decided(n, .shelve(n, answer: error))
    case .wait where error.code == .held || error.code == .heldFull:
      return offered(n, error) + [.report(.held(offered.count))]
    case .retry, .wait: return wait(n, error)
    case .restamp: return restamp(n, error)
    case .stop: return stopped(n, error)
    }
  }

  /// What is answered about a number that is the other copy's: our act goes under another, or is on the shelf. Where nothing was
  /// decided the server waits for this number before it judges a later one; another connection does not.
  private mutating func refusedOther(_ error: WireError) -> [SyncAction] {
    switch error.code {
    case .forked, .notWhole, .actSize, .foreign, .malformed, .encoding: []
    default: error.code.errorClass == .shelve ? [] : close(failure(of: error.code))
    }
  }

  /// Why a connection ends over an answer that decides nothing.
  func failure(of code: ErrorCode) -> SyncFailure { code.errorClass == .stop ? .stopped(code) : .waits(code) }

  private mutating func decided(_ n: UInt64, _ action: SyncAction) -> [SyncAction] {
    acts[n] = nil
    pause.reset()
    return [action, .report(.decided(left: acts.count))]
  }

  /// Nothing was decided: the act and all behind it go again, in order, when what is in flight has been answered.
  private mutating func wait(_ n: UInt64, _ error: WireError) -> [SyncAction] {
    goBack(to: n)
    if error.code == .earlier, !waitsForOurs(error) { return close(.waits(.earlier)) }
    // The server answers `earlier` to what was in flight behind an act that waits; that one has set the pause.
    guard error.code != .earlier || (inFlight.isEmpty && !isPaused && !awaitsOutbox) else {
      return []
    }
    isPaused = true
    return [.report(.waiting(error.code)), .wake(.resume, after: pause.next(random: jitter.next()))]
  }

  /// Whether what the server waits for, by its answer `earlier n=N`, will be put again on this connection: a number that is
  /// the other copy's will not.
  private func waitsForOurs(_ error: WireError) -> Bool {
    guard let n = Words(error.arguments).value(of: "n").flatMap(Decimal.number) else { return true }
    return acts[n].map { $0.phase != .forked } ?? false
  }

  private mutating func restamp(_ n: UInt64, _ error: WireError) -> [SyncAction] {
    goBack(to: n)
    let words = Words(error.arguments)
    guard let now = words.value(of: "now").flatMap(Stamp.init) else { return close(.notTaizhang) }
    if acts[n]?.wasAccepted == true { return wait(n, error) }
    awaitsOutbox = true
    return flush() + [.restamp(from: n, now: now)]
  }

  private mutating func goBack(to n: UInt64) {
    if let index = order.firstIndex(where: { $0 >= n }) { next = min(next, index) }
  }

  private mutating func stopped(_ n: UInt64, _ error: WireError) -> [SyncAction] {
    switch error.code {
    case .forked where acts[n]?.wasAccepted != true:
      facts.needsNewID = true
      acts[n]?.phase = .forked
      let others = sentAboutForked()
      for other in others { acts[other]?.phase = .forked }
      return ([n] + others).map { .markForked($0) } + [.needNewID]
    case .forked:
      forgetWhatIsAbout(n)
      return decided(n, .shelve(n, answer: error))
    case .notWhole, .actSize, .foreign, .malformed, .encoding:
      return decided(n, .shelve(n, answer: error))
    default:
      return close(.stopped(error.code))
    }
  }
}
