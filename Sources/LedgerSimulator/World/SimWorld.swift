import CMemoryDisk
import EditModel
import LineProtocol
import SyncRules

/// Everything of one run: the time, the chance, the server, the clients, and those who check.
final class SimWorld {
  let seed: UInt64
  var random: SimRandom
  private(set) var now: UInt64 = 0
  private var schedule = Schedule()
  var trace: Trace
  /// Where the placeholders of the files stand.
  let root: String

  private(set) lazy var server = SimServer(world: self)
  private(set) var clients: [SimClient] = []
  var links: UInt64 = 0
  /// What the checks know.
  var oracle = LedgerOracle()
  var promises = Promises()
  var madeActs = MadeActs()
  /// What was found wrong; the run ends with the first.
  private(set) var failures: [String] = []
  var figures = Figures()
  /// Whether troubles are over and everybody is to come to rest.
  var isResting = false
  /// To which lines the ledger went back, one restore after the other.
  private(set) var restores: [UInt64] = []
  /// The number of the next value that is written nowhere else.
  private var tokens = 0

  /// When the run begins, in true time: a day in 2026.
  static let epoch: UInt64 = 1_780_000_000_000
  static let serverDisk: Int32 = 0
  /// Where a copy of the ledger waits for a restore.
  static let copyDisk: Int32 = SimDisks.last

  /// What a run came to.
  struct Figures {
    var actions = 0
    var refusedHere = 0
    /// Clashes that somebody decided about.
    var decided = 0
    /// The most clashes that a replica showed at rest.
    var clashes = 0
    var troubles = 0
    var copies = 0
    var restores = 0
    var events = 0
    var forked = 0
    var restamped = 0
    /// Connections that went on by one line, the device knowing all but what is new.
    var resumed = 0
    var mostWaitingBytes = 0
    var mostHeldLines = 0
    var mostTrips = 0
  }

  init(seed: UInt64, root: String, isPrinted: Bool) {
    self.seed = seed
    self.root = root
    self.random = SimRandom(seed: seed)
    self.trace = Trace(isPrinted: isPrinted)
    memory_disk_reset()
  }

  // MARK: Time

  func at(_ time: UInt64, _ body: @escaping () -> Void) { schedule.add(at: max(time, now), body) }

  func after(_ milliseconds: Int, _ body: @escaping () -> Void) { at(now + UInt64(max(0, milliseconds)), body) }

  /// Goes on until `time`, or until something is found wrong.
  func run(until time: UInt64) {
    while failures.isEmpty, let next = schedule.nextAt, next <= time, let item = schedule.take() {
      setTime(item.at)
      figures.events += 1
      if figures.events > 3_000_000 { return fail("the run does not end: \(figures.events) events") }
      item.body()
    }
    if failures.isEmpty { setTime(time) }
  }

  private func setTime(_ time: UInt64) {
    now = time
    server.clock.trueMilliseconds = SimWorld.epoch + time
    for client in clients { client.clock.trueMilliseconds = SimWorld.epoch + time }
  }

  // MARK: Saying

  func note(_ text: @autoclosure () -> String) { trace.note(now, text()) }

  /// Something is wrong.
  func fail(_ what: String) {
    guard failures.count < 5 else { return }
    failures.append(what)
    note("FAILED \(what)")
  }

  /// The ledger was restored to its first `seq` lines.
  func goBack(to seq: UInt64) {
    oracle = oracle.upTo(seq)
    restores.append(seq)
    figures.restores += 1
  }

  func token() -> String {
    tokens += 1
    return "t\(tokens)t"
  }

  // MARK: Who is there

  func add(_ client: SimClient) { clients.append(client) }

  func client(_ index: Int) -> SimClient { clients[index] }

  /// Lets go of everything, so that nothing of a run outlives it.
  func end() {
    trace = Trace(isPrinted: false)
    schedule = Schedule()
    for client in clients { client.die(isPowerCut: false) }
    server.crash(isPowerCut: false)
    schedule = Schedule()
    clients = []
  }

  /// The folder of the machine with `disk`.
  func home(_ disk: Int32) -> String { "\(root)/disk\(disk)" }
}
