import CMemoryDisk
import EditModel
import LedgerRules
import LedgerStore
import LineProtocol
import NIOCore
import ReplicaKeeping
import SyncRules

/// One device: its disk, its clocks, its link to the network, and, while it runs, the production sync and store.
final class SimClient {
  let index: Int
  let world: SimWorld
  /// What its seat is; the device learns of a change when it is let in next.
  var seat: SeatFacts
  let disk: Int32
  let clock: SimClock
  /// Which life of its process this is; what belongs to an earlier one is nothing any more.
  private(set) var life = 0
  private(set) var process: Process?
  /// Whether there is a network.
  var isOnline = true
  /// Until when it sleeps.
  var sleepsUntil: UInt64 = 0
  var latency = 20...80
  var taking: (bytes: Int, pause: Int) = (4_096, 0)
  /// After so many actions of its sync the process is killed: nil for none.
  var diesAfter: Int?
  /// How far the stream was, as it was last told.
  var reached: UInt64 = 0
  /// Its catch-up after the troubles, as far as it is counted.
  var trips = TripCount()

  /// What is gone when the process is.
  final class Process {
    var file: SyncFile
    var machine: SyncMachine
    /// The person's program: another connection to the same file.
    let desk: ReplicaStore
    var stream = ClientStream()
    var link: SimLink?
    /// How often the ledger had been restored when the last connection was made.
    var restores = 0
    var events: [SyncEvent] = []
    var isRunning = false
    var timers: [SyncTimer: Int] = [:]

    init(path: String, device: Device) throws(StoreError) {
      file = try SyncFile(path: path, device: device, certificates: NoCertificates())
      machine = SyncMachine(facts: try file.facts(), outbox: [], random: device.random())
      desk = try ReplicaStore.open(path: path)
    }
  }

  /// How many round trips a client took to be in sync, and what of it is allowed to take longer.
  struct TripCount {
    var connectedAt: UInt64?
    var settledAt: UInt64?
    /// How many more trips there may be.
    var allowance = 0
    /// Whether something came in between that takes its own time: a new id, a pause that the server asked for.
    var isExempt = false
  }

  init(index: Int, seat: SeatFacts, world: SimWorld) {
    self.index = index
    self.seat = seat
    self.world = world
    self.disk = Int32(index + 1)
    let offset = world.random.clockOffset()
    clock = SimClock(of: "c\(index)", trueMilliseconds: SimWorld.epoch + world.now, offset: offset)
  }

  /// When it last heard the server's time.
  var heardTime: MadeActs.Moment?

  /// The id in force, as the world knows it: told when it is issued and when it is taken.
  var replica = ""

  /// Its replica's file.
  var path: String { world.home(disk) + "/replica.sqlite" }

  var device: Device {
    let clock = clock
    // SAFETY: one thread runs everything; the jitter is drawn where the machine asks for it.
    nonisolated(unsafe) let world = world
    return Device(reading: { clock.reading }, random: { world.random.next() })
  }

  // MARK: Life

  /// Makes the replica of a newly enrolled device.
  func enrol() {
    let replica = ReplicaID(random: world.random.next() & (1 << 40 - 1))
    let enrolled = EnrolledDevice(seat: seat, random: &world.random)
    world.server.devices[replica] = enrolled
    self.replica = replica.description
    let file = DeviceFile(server: "server:1", ledger: Town.ledger, replica: replica, secret: enrolled.secret)
    do throws(StoreError) {
      try ReplicaStore.create(path: path, device: file).close()
    } catch {
      world.fail("client \(index): its replica cannot be made: \(error)")
    }
  }

  func start() {
    guard process == nil else { return }
    do throws(StoreError) {
      let started = try Process(path: path, device: device)
      process = started
      let counts = try started.desk.counts()
      world.note("c\(index) starts, \(counts)")
      run(.started)
    } catch {
      world.fail("client \(index): its replica cannot be opened: \(error)")
    }
  }

  /// The process is killed: a kill leaves what was written, a power cut only what was synced.
  func die(isPowerCut: Bool) {
    guard let process else { return }
    world.note("c\(index) \(isPowerCut ? "loses power" : "is killed")")
    life += 1
    self.process = nil
    diesAfter = nil
    if isPowerCut { memory_disk_cut(disk, world.random.next()) } else { memory_disk_kill(disk) }
    // The handles are dead, so that closing writes nothing.
    try? process.file.store.close()
    try? process.desk.close()
    process.link?.clientCloses(isHeard: !isPowerCut)
  }

  /// Its file failed, which only a disk does that was told to refuse, right before its power is cut.
  func fails(_ error: StoreError) {
    if memory_disk_is_failing(disk) == 0 { world.fail("client \(index): \(error)") }
    die(isPowerCut: true)
  }

  /// Does `body` in so many milliseconds, or when it is awake, if the process still lives then.
  func later(_ milliseconds: Int, _ body: @escaping (SimClient) -> Void) {
    let life = life
    world.after(milliseconds) { [weak self] in
      guard let self, self.life == life, process != nil else { return }
      guard sleepsUntil <= world.now else { return later(Int(sleepsUntil - world.now), body) }
      body(self)
    }
  }

  // MARK: The link

  /// Something has arrived.
  func hears(_ link: SimLink) {
    if sleepsUntil <= world.now { read(link) } else { later(0) { $0.read(link) } }
  }

  private func read(_ link: SimLink) {
    guard let process, process.link === link, link.arrived.readableBytes > 0 else { return }
    let bytes = link.arrived
    link.arrived = ByteBuffer()
    bytes.withUnsafeReadableBytes { world.trace.note(bytes: $0) }
    process.stream.receive(bytes)
    do throws(WireError) {
      while let heard = try process.stream.next() {
        guard let message = heard.message else { return world.fail("client \(index) is sent a line that is none") }
        run(.received(message))
        guard self.process === process, process.link === link else { return }
      }
    } catch {
      world.fail("client \(index) cannot read what it is sent: \(error)")
    }
    run(.readEnded)
  }

  func lost(_ link: SimLink) {
    later(0) { client in
      client.read(link)
      guard let process = client.process, process.link === link else { return }
      process.link = nil
      client.run(.disconnected(.closed, random: client.world.random.next()))
    }
  }
}

/// The simulated devices come in over loopback, and have no certificate.
private struct NoCertificates: CertificateReader {
  func renewalTime(of certificate: [UInt8]) -> Stamp { .zero }

  func isForOwnKey(_ certificate: [UInt8]) -> Bool { false }
}
