import CMemoryDisk
import EditModel
import LedgerRules

/// What goes wrong.
extension SimWorld {
  /// One thing goes wrong; false when it could not.
  func trouble() -> Bool {
    guard let client = random.pick(clients) else { return false }
    switch random.below(100) {
    case 0..<18: goOffline(client)
    case 18..<32: cut(client)
    case 32..<42: return kill(client)
    case 42..<48: sleep(client)
    case 48..<58: step(client)
    case 58..<64: readSlowly(client)
    case 64..<70: changeLink(client)
    case 70..<74: return copyFolder(of: client)
    case 74..<80: stepServer()
    case 80..<88: serverRefuses()
    case 88..<92: return restore()
    case 92..<94: changeSeat(of: client)
    default: serverCrashes()
    }
    return true
  }

  // MARK: Clients

  private func goOffline(_ client: SimClient) {
    guard client.isOnline else { return }
    note("c\(client.index) goes offline")
    client.isOnline = false
    cut(client)
    after(random.chance(20) ? random.within(600_000...7_200_000) : random.within(5_000...300_000)) { [self] in
      guard !isResting else { return }
      note("c\(client.index) is online")
      client.isOnline = true
    }
  }

  /// The line is cut at some byte; each side hears of it, or not.
  private func cut(_ client: SimClient) {
    guard let link = client.process?.link else { return }
    let (server, own) = (random.chance(60), random.chance(60))
    note("c\(client.index)'s line is cut\(server ? "" : ", unheard by the server")\(own ? "" : ", unheard by it")")
    link.cut()
    if server { after(random.below(3_000)) { link.serverLoses() } }
    if own { after(random.below(3_000)) { link.clientLoses() } }
  }

  /// The process is killed, at once, within its next steps, or in the middle of a write; it comes back later.
  private func kill(_ client: SimClient) -> Bool {
    guard client.process != nil else { return false }
    switch random.below(4) {
    case 0: client.die(isPowerCut: false)
    case 1: client.die(isPowerCut: true)
    case 2: client.diesAfter = random.below(12)
    default: memory_disk_fail_after(client.disk, Int64(1 + random.below(40)))
    }
    reopen(client, in: random.within(500...120_000))
    return true
  }

  /// Looks whether it is dead by then, and starts it again when it is.
  private func reopen(_ client: SimClient, in milliseconds: Int) {
    after(milliseconds) { [self] in
      guard !isResting else { return }
      memory_disk_fail_after(client.disk, 0)
      client.diesAfter = nil
      if client.process == nil, random.chance(30) {
        client.clock.reboot()
        if random.chance(40) { client.clock.step(to: random.clockOffset()) }
      }
      client.start()
    }
  }

  private func sleep(_ client: SimClient) {
    let long = random.within(10_000...1_800_000)
    note("c\(client.index) sleeps for \(long) ms")
    client.sleepsUntil = now + UInt64(long)
  }

  private func step(_ client: SimClient) {
    let offset = random.clockOffset()
    note("c\(client.index)'s clock is off by \(offset) ms")
    client.clock.step(to: offset)
  }

  private func readSlowly(_ client: SimClient) {
    let taking = random.chance(30) ? (0, 0) : (random.within(40...400), random.within(200...4_000))
    note("c\(client.index) reads slowly: \(taking)")
    client.taking = taking.0 == 0 ? (1, 30_000) : taking
    client.process?.link?.taking = client.taking
    after(random.within(20_000...400_000)) { [self] in
      client.taking = (4_096, 0)
      client.process?.link?.taking = client.taking
      note("c\(client.index) reads as ever")
    }
  }

  private func changeLink(_ client: SimClient) {
    let least = random.chance(30) ? random.within(200...1_000) : random.within(5...100)
    client.latency = least...(least + random.within(0...1_500))
    client.process?.link?.latency = client.latency
  }

  /// Somebody copies the folder to another machine, where it goes on under the same id.
  private func copyFolder(of client: SimClient) -> Bool {
    guard clients.count < SimRun.clients + SimRun.copies, client.diesAfter == nil else { return false }
    let copy = SimClient(index: clients.count, seat: client.seat, world: self)
    note("c\(client.index)'s folder is copied to c\(copy.index)")
    memory_disk_copy(client.disk, copy.disk)
    add(copy)
    copy.reached = client.reached
    copy.replica = client.replica
    promises.copied(from: client.index, to: copy.index, under: client.replica)
    figures.copies += 1
    let bothGoOn = random.chance(50)
    if bothGoOn { client.registerAndSay(random.below(2)) }
    after(random.below(60_000)) { [self] in
      guard !isResting else { return }
      if bothGoOn { copy.isOnline = false }
      copy.start()
      if bothGoOn { goOnOffLine(copy) }
    }
    return true
  }

  /// The person at a copied folder goes on where it stood, off the line for a while: what is made there has the numbers of
  /// what the first machine makes meanwhile, and what is said of it has none that the town knows.
  private func goOnOffLine(_ copy: SimClient) {
    copy.registerAndSay(random.within(1...4))
    after(random.within(20_000...300_000)) { [self] in
      guard !isResting else { return }
      note("c\(copy.index) is online")
      copy.isOnline = true
    }
  }

  // MARK: The server

  private func stepServer() {
    // Steps of the server's own clock: seldom by years, for its time line goes with it.
    let offset = random.chance(85) ? Int64(random.within(-7_200_000...7_200_000)) : random.clockOffset()
    note("the server's clock is off by \(offset) ms")
    server.clock.step(to: offset)
  }

  private func serverRefuses() {
    note("the server's disk will refuse")
    server.trouble = .refusing(calls: Int64(random.below(12)))
  }

  /// A village clerk or an office goes over to another place, or somebody else holds the seat.
  private func changeSeat(of client: SimClient) {
    let old = client.seat
    let places: [String] =
      switch old.role {
      case .villageClerk: Town.villages
      case .townOffice: Town.offices
      default: []
      }
    let place = places.isEmpty ? old.place : random.pick(places).map { ExactString($0) }
    let new = SeatFacts(
      seat: old.seat, role: old.role, place: place, holder: ExactString("持有人\(random.below(20))"))
    for each in clients where each.seat.seat == old.seat { each.seat = new }
    server.change(new)
  }

  private func restore() -> Bool {
    guard restores.count < SimRun.restores, server.restore() else { return false }
    after(random.within(1_000...600_000)) { [self] in if !isResting { server.start() } }
    return true
  }

  private func serverCrashes() {
    let isPowerCut = random.chance(60)
    switch random.below(5) {
    case 0: server.crash(isPowerCut: isPowerCut)
    case 1: server.trouble = .before(isPowerCut: isPowerCut)
    case 2...3: server.trouble = .behind(isPowerCut: isPowerCut)
    default: server.trouble = .within(calls: Int64(random.below(14)))
    }
    after(random.within(1_000...90_000)) { [self] in
      guard !isResting else { return }
      server.start()
    }
    after(120_000) { [self] in if !isResting { server.start() } }
  }
}
