import CMemoryDisk
import EditModel
import LedgerKeeping
import LedgerRules
import LedgerStore
import LineProtocol
import NIOCore
import SessionRules

/// The server: the production machines and store, driven by the schedule in the place of threads and sockets.
///
/// What it does is what `LedgerWriter` and `ConnectionHandler` do, in their order, without what they do for speed.
final class SimServer {
  unowned let world: SimWorld
  let clock = SimClock(of: "server", trueMilliseconds: SimWorld.epoch, offset: 0)
  /// Kept over crashes, as the real one keeps its mark: the machine itself is not started anew here.
  private var timeLine = TimeLine(
    from: nil, at: ClockReading(wallMilliseconds: SimWorld.epoch, bootMilliseconds: 0, boot: "server-0"))
  /// The seats' devices; outlive every crash.
  var devices: [ReplicaID: EnrolledDevice] = [:]
  var process: Process?
  var connections: [UInt64: SimConnection] = [:]
  let decoder = BlockDecoder()
  let encoder = BlockEncoder()

  /// What is gone when the process is.
  final class Process {
    let store: ServerStore
    let reader: HistoryReader
    var machine: LedgerMachine
    var backlog: DerivedBacklog
    let tail: CommittedTail
    /// What it offers in its greeting.
    let capabilities: [ExactString]
    let history: LedgerHistory
    var scopes: ScopeTable
    var submissions: [(connection: SimConnection, submission: Submission)] = []
    var isCommitDue = false
    var isWritingBehindDue = false
    /// What lines are salted with when they are linked: not the run's chance, of which nothing hangs on it.
    var salts = SimRandom(seed: 0)
    /// After a failed write, until the store is opened again.
    var isSuspended = false

    /// Links every line that is not linked.
    func link() throws(StoreError) {
      try store.link(
        reader.linked(after: store.chained, through: store.lastSeq, limitLines: 1 << 20, using: &salts))
    }

    init(path: String, capabilities: [ExactString]) throws(StoreError) {
      self.capabilities = capabilities
      store = try ServerStore(path: path)
      let loaded = try LedgerMachine.load(store)
      backlog = loaded.backlog
      machine = loaded.takeMachine()
      scopes = machine.scopes
      history = LedgerHistory(store.header)
      tail = CommittedTail(lastSeq: 0, limitBytes: 8_192)
      tail.restart(lastSeq: store.lastSeq)
      reader = try HistoryReader(path: path)
      try link()
    }
  }

  /// What is to go wrong at the next commit.
  enum CommitTrouble {
    /// The process is killed before anything is stored.
    case before(isPowerCut: Bool)
    /// It is killed when everything is stored and nothing said.
    case behind(isPowerCut: Bool)
    /// The disk refuses after so many calls, then the power is cut.
    case within(calls: Int64)
    /// The disk refuses after so many calls for a while, and the process goes on.
    case refusing(calls: Int64)
  }
  var trouble: CommitTrouble?
  /// The last copy of the ledger.
  var copy: Copy?

  init(world: SimWorld) { self.world = world }

  var path: String { world.home(SimWorld.serverDisk) + "/ledger.sqlite" }

  /// Makes the ledger.
  func create() {
    let header = LedgerHeader(
      name: Town.ledger, epoch: Epoch(generation: 1, id: world.random.next()),
      created: Stamp(milliseconds: SimWorld.epoch))
    do throws(StoreError) { try ServerStore.create(path: path, header: header) } catch {
      world.fail("the server's file cannot be made: \(error)")
    }
  }

  func start() {
    guard process == nil else { return }
    do throws(StoreError) {
      process = try Process(path: path, capabilities: drawnCapabilities())
      world.note("server starts at \(process?.tail.lastSeq ?? 0)")
      checkLength()
    } catch {
      world.fail("the server cannot open its file: \(error)")
    }
  }

  /// Mostly what a server offers where nothing else is configured, sometimes less.
  private func drawnCapabilities() -> [ExactString] {
    switch world.random.below(8) {
    case 0: ["chain"]
    case 1: ["chain", "deflate"]
    case 2: ["deflate", "resume"]
    default: ["chain", "deflate", "resume"]
    }
  }

  /// What was pushed or acknowledged must be there; what was stored and never said may be.
  private func checkLength() {
    guard let process else { return }
    let kept = process.tail.lastSeq
    if kept < world.oracle.lastSeq {
      world.fail("the server lost lines that it had shown: \(kept) of \(world.oracle.lastSeq)")
    } else if kept > world.oracle.lastSeq {
      takeIn(after: world.oracle.lastSeq, process)
    }
  }

  /// Lines of a commit whose outcome was not known.
  func takeIn(after seq: UInt64, _ process: Process) {
    do throws(StoreError) {
      let rows = try process.reader.lines(after: seq, through: process.tail.lastSeq, limitBytes: 1 << 30)
      for row in rows { world.take(line: String(buffer: row.line)) }
    } catch {
      world.fail("the server's history cannot be read: \(error)")
    }
  }

  func crash(isPowerCut: Bool) {
    guard let process else { return }
    world.note("server \(isPowerCut ? "loses power" : "is killed")")
    if isPowerCut {
      memory_disk_cut(SimWorld.serverDisk, world.random.next())
    } else {
      memory_disk_kill(SimWorld.serverDisk)
    }
    // The handles are dead, so that closing writes nothing.
    try? process.reader.close()
    try? process.store.close()
    self.process = nil
    trouble = nil
    let open = connections.sorted { $0.key < $1.key }.map(\.value)
    connections = [:]
    for connection in open {
      connection.end()
      connection.link.serverCloses(isOrderly: false, isHeard: !isPowerCut || world.random.chance(50))
    }
  }

  // MARK: Time

  var now: Stamp { process?.machine.now(wallMilliseconds: lineMilliseconds) ?? .zero }
  /// Where the server's time line is.
  var lineMilliseconds: UInt64 { timeLine.time(at: clock.reading).milliseconds }
  /// The same beside the true time.
  var moment: MadeActs.Moment { MadeActs.Moment(line: lineMilliseconds, time: clock.trueMilliseconds) }
  var steadySeconds: UInt64 { clock.trueMilliseconds / 1_000 }

  func tick() {
    for connection in connections.sorted(by: { $0.key < $1.key }).map(\.value) { connection.tick() }
  }

  // MARK: Links

  func accept(_ link: SimLink) {
    guard process != nil else { return link.serverCloses(isOrderly: false) }
    let connection = SimConnection(link: link, server: self)
    connections[link.number] = connection
    connection.greet()
  }

  func receive(_ bytes: ByteBuffer, on link: SimLink) {
    bytes.withUnsafeReadableBytes { world.trace.note(bytes: $0) }
    connections[link.number]?.receive(bytes)
  }

  func becameWritable(_ link: SimLink) { connections[link.number]?.becameWritable() }

  func lost(_ link: SimLink) {
    guard let connection = connections.removeValue(forKey: link.number) else { return }
    connection.end()
    process?.machine.holds.forget(ConnectionNumber(link.number))
  }
}

extension SimServer: ScopeSource {
  func scope(ofLine edit: Edit) -> EntityScope? { process?.scopes.scope(ofLine: edit) }

  func family(of problem: EntityID) -> [EntityID] { process?.scopes.family(of: problem) ?? [] }
}
