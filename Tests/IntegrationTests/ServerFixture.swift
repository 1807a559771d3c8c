import EditModel
import Glibc
import LedgerAdmin
import LedgerIdentity
import LedgerRules
import LedgerServer
import LedgerStore
import LineProtocol
import SessionRules
import Testing

/// A data folder of its own with one ledger and one seat, on which servers are started.
final class ServerFixture: Sendable {
  static let ledger: ExactString = "tucheng-2023"
  let folder: DataFolder

  /// A folder whose history is `epoch`, or one that nobody else has.
  init(epoch known: Epoch? = nil) throws {
    var template = Array("/tmp/taizhangd-test-XXXXXX".utf8CString)
    let made = mkdtemp(&template)
    let path = String(cString: try #require(made))
    self.folder = DataFolder(path: path)
    try folder.prepare()
    var generator = SystemRandomNumberGenerator()
    let epoch = known ?? Epoch(generation: 1, id: generator.next())
    let header = LedgerHeader(name: ServerFixture.ledger, epoch: epoch, created: .zero)
    try ServerStore.create(path: folder.ledger(ServerFixture.ledger), header: header)
    let seats = try SeatStore.opened(folder.seats)
    try seats.addLedger(ServerFixture.ledger, at: .zero)
    let seat = SeatFacts(seat: try #require(SeatID("bangongshi")), role: .roundOwner)
    try seats.addSeat(seat, ledger: ServerFixture.ledger)
    try seats.close()
  }

  deinit {
    let sets = PlainFile.names(in: folder.snapshots).map { "\(folder.snapshots)/\($0)" }
    for folder in sets + [folder.identity, folder.ledgers, folder.snapshots, folder.path] {
      for name in PlainFile.names(in: folder) { unlink("\(folder)/\(name)") }
      rmdir(folder)
    }
  }

  /// Adds a device, as the command does, also beside a running server.
  func device() throws -> DeviceGrant {
    let seats = try SeatStore.opened(folder.seats)
    var generator = SystemRandomNumberGenerator()
    let grant = try seats.addDevice(
      try #require(SeatID("bangongshi")), of: ServerFixture.ledger, draw: DeviceDraw(using: &generator), at: .zero)
    try seats.close()
    return grant
  }

  /// A device of a seat of its own, also beside a running server.
  func device(
    ofNewSeat name: String, role: Role = .roundOwner, place: ExactString? = nil
  ) throws -> DeviceGrant {
    let seats = try SeatStore.opened(folder.seats)
    let seat = try #require(SeatID(name))
    try seats.addSeat(SeatFacts(seat: seat, role: role, place: place), ledger: ServerFixture.ledger)
    var generator = SystemRandomNumberGenerator()
    let grant = try seats.addDevice(
      seat, of: ServerFixture.ledger, draw: DeviceDraw(using: &generator), at: .zero)
    try seats.close()
    return grant
  }

  /// A device with the key `key`, as an enrolment makes it, also beside a running server.
  func device(key: KeyPair) throws -> DeviceGrant {
    try SeatStore.enrolled(at: folder, try #require(SeatID("bangongshi")), of: ServerFixture.ledger, key: key)
  }

  /// What a server of this folder is configured with, beside `keys` of the configuration file.
  func configuration(_ keys: String = "") throws -> ServerConfiguration {
    var configuration = try ServerConfiguration(toml: keys, file: "test")
    configuration.listen = ListenAddress("127.0.0.1:0")
    configuration.data = folder
    configuration.threads = 2
    // On a machine that runs all suites at once a test may stand still for longer than a client may take to sign in.
    if !keys.contains("auth_seconds") { configuration.limits.authSeconds = 600 }
    return configuration
  }

  /// Runs `body` beside a server, which is stopped at the end.
  func serving(_ keys: String = "", _ body: (_ port: Int) async throws -> Void) async throws {
    let server = TaizhangServer(configuration: try configuration(keys))
    let address = try await server.start()
    do {
      try await body(try #require(address.split(separator: ":").last.flatMap { Int($0) }))
    } catch {
      await server.stop()
      throw error
    }
    await server.stop()
  }
}

extension SeatStore {
  /// Lets a device with the key `key` in for a seat, as the server does when a code was proved.
  static func enrolled(
    at folder: DataFolder, _ seat: SeatID, of ledger: ExactString, key: KeyPair
  ) throws -> DeviceGrant {
    let seats = try SeatStore.opened(folder.seats)
    var generator = SystemRandomNumberGenerator()
    let code = EnrolmentCode(using: &generator)
    let facts = EnrolmentFacts(
      lookup: code.lookup, seat: seat, ledger: ledger, key: Array(repeating: 0, count: 32),
      expires: Stamp(milliseconds: 2))
    try seats.addEnrolment(facts, at: .zero)
    let grant = try seats.enrol(
      code.lookup, deviceKey: key.publicKey.digest, draw: DeviceDraw(using: &generator), at: .zero)
    try seats.close()
    return try #require(grant)
  }
}
