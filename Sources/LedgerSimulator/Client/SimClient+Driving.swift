import EditModel
import LedgerStore
import LineProtocol
import NIOCore
import ReplicaKeeping
import SyncRules

/// The sync driver's part: socket and timers are the world's, the file is `SyncFile`'s.
extension SimClient {
  func run(_ event: SyncEvent) {
    guard let process else { return }
    process.events.append(event)
    guard !process.isRunning else { return }
    process.isRunning = true
    defer { process.isRunning = false }
    while !process.events.isEmpty, self.process === process {
      let next = process.events.removeFirst()
      for action in process.machine.handle(next) {
        guard self.process === process else { return }
        if dies(before: action) { return die(isPowerCut: world.random.chance(60)) }
        do throws(StoreError) {
          try perform(action, process)
        } catch {
          return fails(error)
        }
      }
    }
    world.figures.mostHeldLines = max(world.figures.mostHeldLines, process.machine.heldLineCount)
  }

  private func dies(before action: SyncAction) -> Bool {
    guard let left = diesAfter else { return false }
    diesAfter = left - 1
    return left <= 0
  }

  private func perform(_ action: SyncAction, _ process: Process) throws(StoreError) {
    let renewed = try aboutToRenew(action, process)
    if let effect = try process.file.perform(action) { process.events += effect.events }
    if let renewed { try note(renewed, action, process) }
    // An answer that took too long is passed over.
    if case .noteTime = action, process.file.anchor?.reading == clock.reading { heardTime = world.server.moment }
    noted(action, process)
    switch action {
    case .connect:
      process.events.append(try process.file.outbox())
      connect()
    case .disconnect: disconnect(process)
    case .send(let lines):
      guard let link = process.link else { return }
      var reporting: [ClientLine] = []
      for line in lines { reporting.append(try process.file.reporting(line)) }
      link.clientSends(process.stream.bytes(of: reporting))
    case .wake(let timer, let delay): wake(timer, after: delay, process)
    case .report(let report):
      world.note("c\(index) \(report)")
      if report == .settled, trips.connectedAt != nil, trips.settledAt == nil { trips.settledAt = world.now }
    default: break  // the file's alone
    }
  }

  // MARK: Socket and timers

  private func connect() {
    guard isOnline, world.server.process != nil || world.random.chance(50) else {
      return later(world.random.within(1...3_000)) { client in
        client.run(.disconnected(.unreachable("no route"), random: client.world.random.next()))
      }
    }
    let link = newLink(for: self)
    // An attempt that was repeated on the way: the server has a connection of which the client knows nothing.
    if !world.isResting, world.random.chance(8) {
      let ghost = newLink(for: nil)
      world.after(world.random.within(latency)) { ghost.world.server.accept(ghost) }
    }
    let (up, down) = (world.random.within(latency), world.random.within(latency))
    world.after(up) { link.world.server.accept(link) }
    world.after(up + down) { [weak self, life] in
      guard let self, self.life == life, let process else { return link.clientCloses() }
      connected(link, process)
    }
  }

  private func newLink(for client: SimClient?) -> SimLink {
    world.links += 1
    return SimLink(number: world.links, world: world, client: client, latency: latency, taking: taking)
  }

  private func connected(_ link: SimLink, _ process: Process) {
    guard link.isClientOpen else {
      return run(.disconnected(.unreachable("refused"), random: world.random.next()))
    }
    guard !world.isResting || link.latency == latency else {
      // Begun while the link was bad, and of no use to the counting of what a good one brings.
      link.clientCloses()
      return run(.disconnected(.closed, random: world.random.next()))
    }
    process.link = link
    process.restores = link.restores
    process.stream = ClientStream()
    if world.isResting, trips.connectedAt == nil { beginCounting(process) }
    run(.connected)
  }

  private func disconnect(_ process: Process) {
    let link = process.link
    process.link = nil
    link?.clientCloses()
    process.events.append(.disconnected(.closed, random: world.random.next()))
  }

  private func wake(_ timer: SyncTimer, after delay: Duration, _ process: Process) {
    let number = (process.timers[timer] ?? 0) + 1
    process.timers[timer] = number
    let (seconds, attoseconds) = delay.components
    later(Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)) { client in
      guard client.process?.timers[timer] == number else { return }
      client.run(.woke(timer))
    }
  }

  // MARK: What the checks hear of

  private func noted(_ action: SyncAction, _ process: Process) {
    switch action {
    case .acknowledge(let acts):
      for act in acts { world.promises.told(act, to: index, under: replica, restores: process.restores) }
    case .apply(_, let reached):
      guard let reached else { return }
      if reached.seq < self.reached {
        world.fail("client \(index): its cursor went back from \(self.reached) to \(reached.seq)")
      }
      self.reached = reached.seq
    case .rewind, .restart:
      reached = 0
      world.note("c\(index) begins anew")
      trips.isExempt = true
    case .shelve(let n, let answer): world.note("c\(index) shelves \(n): \(answer.text)")
    case .restamp(let n, _):
      world.figures.restamped += 1
      world.note("c\(index) restamps from \(n)")
      trips.allowance += 1
    case .needNewID, .markForked:
      world.figures.forked += 1
      trips.isExempt = true
    case .wake(.resume, _): trips.isExempt = true
    default: break
    }
  }

  /// What is undecided, before a new id is taken.
  private func aboutToRenew(_ action: SyncAction, _ process: Process) throws(StoreError) -> [Act]? {
    guard case .adopt = action else { return nil }
    trips.isExempt = true
    let snapshot = try process.desk.snapshot()
    return (snapshot.overlay + snapshot.shelf).map(\.act)
  }

  private func note(_ before: [Act], _ action: SyncAction, _ process: Process) throws(StoreError) {
    guard case .adopt(let replica, _) = action else { return }
    self.replica = replica.description
    let snapshot = try process.desk.snapshot()
    let after = (snapshot.overlay + snapshot.shelf).map(\.act)
    world.note("c\(index) is \(replica) from now on")
    let flaw = world.promises.renewed(before, after, replica, of: index) { [oracle = world.oracle] act in
      let place = oracle.places["\(act.id.replica).\(act.id.n)/1"]
      return place.flatMap(oracle.line)?.value == ValueText.text(act.edits[0].value)
    }
    if let flaw { world.fail("client \(index): \(flaw)") }
  }

  /// The link is good: from here on round trips count.
  private func beginCounting(_ process: Process) {
    trips.connectedAt = world.now
    // What cannot be read now is read, and then missed, by the checks.
    guard let outbox = try? process.desk.outbox().acts else { return }
    trips.allowance += outbox.count / SyncLimits.window
  }
}
