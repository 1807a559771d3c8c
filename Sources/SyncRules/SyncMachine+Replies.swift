import EditModel
import LedgerRules
import LineProtocol

// What the server says, line by line.

extension SyncMachine {
  mutating func received(_ message: ServerMessage) -> [SyncAction] {
    heard = true
    switch message {
    case .greeting(let greeting): return greeted(greeting)
    case .line(let accepted):
      held.append(accepted)
      return held.count >= SyncLimits.heldLines ? flush() : []
    case .reached(let seq, let cursor):
      heldReached = Reached(seq: seq, cursor: cursor)
      return []
    case .withdrawn(let entity): return flush() + [.withdraw(entity)]
    // The seat is another, which the next connection is told; one that never got as far goes by the usual pause.
    case .notice(let error):
      return close(error.code == .seatChanged && stage == .live ? .renewed : .stopped(error.code))
    case .moved(let address):
      facts.isMoving = true
      return [.noteMoving(to: address)]
    // Behind the greeting it is of a later version; before it, of another protocol.
    case .passedOver: return stage == .greeting ? close(.notTaizhang) : []
    case .row: return []
    case .ok(let tag, let words): return answered(tag, words)
    case .failed(let tag, let error): return failed(tag, error)
    }
  }

  /// Whether something came that the file does not have yet.
  var holds: Bool { heldReached != nil || !held.isEmpty || !heldAcknowledgements.isEmpty }

  /// Hands what came to the file.
  mutating func flush() -> [SyncAction] {
    var actions: [SyncAction] = []
    if !heldAcknowledgements.isEmpty {
      actions = [.acknowledge(heldAcknowledgements), .report(.decided(left: acts.count))]
      heldAcknowledgements = []
    }
    guard heldReached != nil || !held.isEmpty else { return actions }
    // A line that came behind the last `=` is not part of what that one says; written with it, it only counts once
    // more.
    actions.append(.apply(held, reached: heldReached))
    held = []
    if let reached = heldReached {
      reachedSeq = reached.seq
      gained()
      facts.cursor = reached.cursor
      facts.reached = reached.seq
      heldReached = nil
    }
    return actions
  }

  private mutating func greeted(_ greeting: Greeting) -> [SyncAction] {
    guard stage == .greeting, greeting.version == UInt64(Limits.version) else {
      return close(.notTaizhang)
    }
    takesChains = greeting.capabilities.contains("chain")
    if let resume = resumption(greeting) { return [.noteTime(greeting.now), .send([resume])] }
    let auth = tag()
    // Answered by one word that changes nothing here; refused, it ends the connection as `open` does.
    let deflate = greeting.capabilities.contains("deflate") ? ClientLine(tag: tag(), request: .deflate) : nil
    let open = tag()
    stage = .opening(auth: auth, open: open)
    toldUnsent = UInt64(acts.count)
    certificateTag = facts.certificateDue.flatMap { $0 <= greeting.now ? tag() : nil }
    let certificate = certificateTag.map { ClientLine(tag: $0, request: .certificate) }
    return [
      .noteTime(greeting.now),
      .send(
        [
          ClientLine(
            tag: auth,
            request: .auth(replica: facts.replica, secret: facts.secret, unsent: UInt64(acts.count))),
          deflate,
          ClientLine(tag: open, request: .open(ledger: facts.ledger, cursor: facts.cursor)),
          certificate,
        ].compactMap(\.self)),
    ]
  }

  private mutating func answered(_ tag: Tag, _ words: Words) -> [SyncAction] {
    if let n = landed(tag) { return accepted(n, words) }
    if tag == certificateTag {
      certificateTag = nil
      facts.certificateDue = nil
      return words.value(of: "certificate").map { [.keepCertificate($0)] } ?? []
    }
    switch stage {
    case .opening(let auth, _) where auth == tag: return authenticated(words)
    case .opening(_, let open) where open == tag: return opened(words)
    case .resuming(let resume) where resume == tag: return resumed(words)
    case .renewing(let asked) where asked == tag: return renewed(words)
    case .waiting, .connecting, .greeting, .opening, .resuming, .live, .handingOver, .renewing, .closing:
      return words.value(of: "now").flatMap(Stamp.init).map { [.noteTime($0)] } ?? []
    }
  }

  /// What a server answers that lets the device in; behind `key` stands the greatest `n` that it knows of.
  mutating func authenticated(_ words: Words, decided key: String = "last") -> [SyncAction] {
    if words.value(of: "held") == "1" { return beginHandingOver() }
    guard let seat = words.value(of: "seat"), let role = words.value(of: "role"),
      let last = words.value(of: key).flatMap(Decimal.number)
    else { return close(.notTaizhang) }
    seesEverything = Role(rawValue: role)?.sight == .everything
    var actions = [
      SyncAction.noteSeat(
        seat: seat, role: role, place: words.value(of: "place"), holder: words.value(of: "holder"))
    ]
    let welcome = words.value(of: "welcome").map { ExactString($0) }
    if welcome != nil || facts.welcome != nil { actions.append(.noteWelcome(welcome)) }
    facts.welcome = welcome
    let moving = words.value(of: "server")
    if moving != nil || facts.isMoving { actions.append(.noteMoving(to: moving)) }
    facts.isMoving = moving != nil
    if last > facts.counter, !facts.needsNewID {
      facts.needsNewID = true
      actions.append(.needNewID)
    }
    return actions
  }

  mutating func opened(_ words: Words) -> [SyncAction] {
    guard let epoch = words[0].flatMap(Epoch.init) else { return close(.notTaizhang) }
    if let known = facts.epoch, epoch.generation < known.generation { return close(.olderHistory) }
    stage = .live
    levelSeq = words.value(of: "last").flatMap(Decimal.number) ?? 0
    pause.reset()
    let online = [SyncAction.wake(.watchdog, after: waits.idle), .report(.online)]
    if let fork = words.value(of: "fork").flatMap(Decimal.number) {
      beginHistory(epoch)
      return flush() + [.rewind(seq: fork, epoch)] + online
    }
    if words[1] == "anew" || words[1] == "view" {
      beginHistory(epoch)
      facts.cursor = nil
      return flush() + [.restart(epoch, keepsOthers: words[1] == "anew")] + online
    }
    guard let known = facts.epoch else {
      facts.epoch = epoch
      return [.begin(epoch)] + online
    }
    if known != epoch {
      // Who opens from nothing is not told that the history is another: a first sync that was cut, and a restore behind it.
      guard facts.cursor == nil else { return close(.notTaizhang) }
      beginHistory(epoch)
      return flush() + [.restart(epoch, keepsOthers: true)] + online
    }
    guard facts.cursor == nil, !seesEverything else { return online }
    // A first sync that was cut: what it brought may have gone out of sight since, and nobody would say so.
    awaitsOutbox = true
    return flush() + [.restart(epoch, keepsOthers: false)] + online
  }

  /// The server has another history: what it acknowledged in the last one no longer counts, and the outbox changes.
  private mutating func beginHistory(_ epoch: Epoch) {
    facts.epoch = epoch
    greatestAcknowledged = 0
    awaitsOutbox = true
  }

  /// The act that was in flight under `tag`.
  private mutating func landed(_ tag: Tag) -> UInt64? {
    guard let n = inFlight.removeValue(forKey: tag) else { return nil }
    flying.remove(n)
    return n
  }

  private mutating func renewed(_ words: Words) -> [SyncAction] {
    guard let replica = words.value(of: "replica").flatMap({ ReplicaID($0) }),
      let secret = words.value(of: "secret").flatMap(Secret.init)
    else { return close(.notTaizhang) }
    return flush() + [.adopt(replica, secret)] + close(.renewed)
  }

  private mutating func failed(_ tag: Tag, _ error: WireError) -> [SyncAction] {
    if let n = landed(tag) { return stage == .handingOver ? offered(n, error) : refused(n, error) }
    // What was asked behind `auth` is answered so to a device that is shut out.
    if stage == .handingOver { return [] }
    if tag == certificateTag {
      // The present one is still good; it is asked for again on the next connection.
      certificateTag = nil
      return []
    }
    switch error.code {
    case .denied: return close(.denied)
    case .certificate: return close(.certificate(error.arguments.first?.string ?? "other"))
    case .noLedger: return close(.noLedger(facts.ledger))
    default:
      return close(failure(of: error.code))
    }
  }
}
