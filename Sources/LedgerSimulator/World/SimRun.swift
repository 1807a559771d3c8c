import CMemoryDisk
import EditModel
import LedgerKeeping
import SyncRules

/// One run: a town that works under every trouble there is, then comes to rest, then is checked.
struct SimRun {
  /// How many things are done in a run: acts of people and troubles.
  static let actions = 500
  static let clients = 9
  /// The most copied folders of a run.
  static let copies = 3
  /// How often the ledger goes back to an earlier state, at the most.
  static let restores = 2
  /// How long a byte takes either way, once troubles are over.
  static let restLatency = 50
  /// How long all may take to come to rest, in virtual milliseconds.
  private static let restLimit: UInt64 = 40 * 60_000

  /// What came of a run.
  struct Result {
    let seed: UInt64
    let digest: UInt64
    let failures: [String]
    let figures: SimWorld.Figures
    let lines: Int
  }

  let seed: UInt64
  let root: String
  var isPrinted = false

  func run() -> Result {
    let world = SimWorld(seed: seed, root: root, isPrinted: isPrinted)
    begin(world)
    var actions = 0
    while actions < SimRun.actions, world.failures.isEmpty {
      if step(world) { actions += 1 }
      world.run(until: world.now + UInt64(pause(world)))
    }
    world.figures.actions = actions
    if world.failures.isEmpty { rest(world) }
    for check in RestCheck.all where world.failures.isEmpty { check.run(world) }
    world.note("ends with \(world.oracle.lastSeq) lines")
    let digest = world.trace.digest
    defer { world.end() }
    return Result(
      seed: seed, digest: digest, failures: world.failures, figures: world.figures,
      lines: world.oracle.lines.count)
  }

  private func begin(_ world: SimWorld) {
    world.server.create()
    world.server.start()
    for index in 0..<SimRun.clients {
      let client = SimClient(index: index, seat: Town.seats[index % Town.seats.count], world: world)
      world.add(client)
      client.enrol()
      client.start()
    }
    world.client(0).enterFeedback()
    tick(world)
    copy(world)
    world.run(until: 5_000)
  }

  /// The ledger is copied now and then.
  private func copy(_ world: SimWorld) {
    world.after(world.random.within(120_000...2_400_000)) {
      world.server.takeCopy()
      copy(world)
    }
  }

  /// The server looks at its clock now and then.
  private func tick(_ world: SimWorld) {
    world.after(2_000) {
      world.server.tick()
      tick(world)
    }
  }

  private func pause(_ world: SimWorld) -> Int {
    switch world.random.below(20) {
    case 0...8: world.random.below(300)
    case 9...16: world.random.below(8_000)
    case 17...18: world.random.below(60_000)
    default: world.random.below(400_000)
    }
  }

  /// One thing happens: mostly people work.
  private func step(_ world: SimWorld) -> Bool {
    if world.random.chance(78) {
      guard let client = world.random.pick(world.clients) else { return false }
      return client.act()
    }
    world.figures.troubles += 1
    return world.trouble()
  }

  // MARK: Rest

  /// Troubles end: the server is up, every link good and new, nobody sleeps; all come to rest within the limit.
  private func rest(_ world: SimWorld) {
    world.note("troubles end")
    world.endTroubles()
    let end = world.now + SimRun.restLimit
    while world.failures.isEmpty, world.now < end {
      world.run(until: world.now + 1_000)
      if world.isAtRest { return }
    }
    guard world.failures.isEmpty else { return }
    world.fail("not at rest after \(SimRun.restLimit / 60_000) minutes: \(world.unrest)")
  }
}

extension SimWorld {
  /// Makes everything good again.
  func endTroubles() {
    isResting = true
    memory_disk_fail_after(SimWorld.serverDisk, 0)
    server.trouble = nil
    server.start()
    for client in clients {
      memory_disk_fail_after(client.disk, 0)
      client.isOnline = true
      client.diesAfter = nil
      client.sleepsUntil = 0
      // What took its own time before says nothing of the catch-up from here on.
      client.trips = SimClient.TripCount()
      client.latency = SimRun.restLatency...SimRun.restLatency
      client.taking = (1 << 20, 0)
      client.process?.link?.serverLoses()
      client.process?.link?.clientLoses()
      client.start()
    }
  }

  /// Whether everybody has everything, and nothing is under way.
  var isAtRest: Bool {
    guard let process = server.process, !process.isSuspended, process.submissions.isEmpty else { return false }
    return clients.allSatisfy { client in
      guard let machine = client.process?.machine, client.process?.link != nil else { return false }
      return machine.isSettled && client.reached == process.tail.lastSeq && client.trips.settledAt != nil
    }
  }

  /// Who is not.
  var unrest: String {
    let others = clients.filter { client in
      guard let machine = client.process?.machine else { return true }
      return !machine.isSettled || client.reached != server.process?.tail.lastSeq || client.trips.settledAt == nil
    }
    return others.map { client in
      let machine = client.process?.machine
      return "c\(client.index) up=\(machine != nil) undecided=\(machine?.undecidedCount ?? 0) reached=\(client.reached)"
        + " settled=\(machine?.isSettled ?? false)"
    }.joined(separator: ", ")
  }
}
