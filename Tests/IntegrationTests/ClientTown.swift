import EditModel
import Foundation
import LedgerAdmin
import LedgerClient
import LedgerIdentity
import LedgerRules
import LedgerServer
import LedgerStore
import LedgerTestKit
import LineProtocol
import Logging
import ReplicaKeeping
import SessionRules
import Synchronization
import Testing

/// A server with one ledger in a temporary folder, and replicas that are enrolled with it.
final class ClientTown: Sendable {
  static let ledger: ExactString = "tucheng-2023"
  static let patience = Duration.seconds(60)

  private let folder: URL
  /// A server that is started again finds its port free there.
  private let host = ClientTown.unusedHost()

  /// A loopback address that no other test uses.
  static func unusedHost() -> String {
    "127.\(UInt8.random(in: 1...254)).\(UInt8.random(in: 1...254)).\(UInt8.random(in: 1...254))"
  }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "town-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try data.prepare()
    let epoch = try #require(Epoch("g1.e5f2a90c41d7b366"))
    try ServerStore.create(
      path: data.ledger(ClientTown.ledger),
      header: LedgerHeader(name: ClientTown.ledger, epoch: epoch, created: Stamp(milliseconds: 1)))
    let seats = try SeatStore.opened(data.seats)
    try seats.addLedger(ClientTown.ledger, at: Stamp(milliseconds: 1))
    try seats.close()
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private var dataPath: String { folder.appending(path: "data").path }
  var data: DataFolder { DataFolder(path: dataPath) }

  /// Runs `body` while a server serves the folder at its port.
  func serving(deflate: Bool = true, _ body: () async throws -> Void) async throws {
    var configuration = ServerConfiguration()
    configuration.data = data
    configuration.threads = 1
    configuration.limits.authSeconds = 600
    configuration.deflate = deflate
    configuration.listen = ListenAddress(address)
    configuration.listenTLS = ListenAddress(tlsAddress)
    var logger = Logger(label: "town")
    logger.logLevel = .critical
    let server = TaizhangServer(configuration: configuration, logger: logger)
    let listening = try await server.start()
    firstAddress.withLock { $0 = listening }
    let tls = await server.tlsAddress
    firstTLSAddress.withLock { $0 = tls }
    do {
      try await body()
    } catch {
      await server.stop()
      throw error
    }
    await server.stop()
  }

  /// The address of the first start, so that replicas find a server that was started again.
  var plainAddress: String { address }
  private var address: String { firstAddress.withLock { $0 } ?? "\(host):0" }
  private let firstAddress = Mutex<String?>(nil)
  /// The same for TLS.
  var tlsAddress: String { firstTLSAddress.withLock { $0 } ?? "\(host):0" }
  private let firstTLSAddress = Mutex<String?>(nil)

  /// A new replica of a new seat, which looks for the server at `server` or where it was started once.
  func enrolled(
    _ name: String, role: Role = .roundOwner, place: ExactString? = nil, device: Device = .system, server: String? = nil
  ) throws -> Replica {
    let seats = try SeatStore.opened(data.seats)
    let seat = try #require(SeatID(name))
    try seats.addSeat(SeatFacts(seat: seat, role: role, place: place), ledger: ClientTown.ledger)
    var generator = SystemRandomNumberGenerator()
    let grant = try seats.addDevice(
      seat, of: ClientTown.ledger, draw: DeviceDraw(using: &generator), at: Stamp(milliseconds: 1))
    try seats.close()
    let grantFile = DeviceFile(
      server: server ?? address, ledger: grant.ledger, replica: grant.replica, secret: grant.secret)
    let file = folder.appending(path: "\(name).device")
    try grantFile.text.write(to: file, atomically: true, encoding: .utf8)
    return try Replica.create(home: folder.appending(path: name).path, deviceFile: file.path, device: device)
  }

  /// A new replica of a new seat as an enrolment leaves it, with a certificate made at `now`; the server must have been
  /// started once.
  func enrolledOverTLS(
    _ name: String, at now: Stamp = Device.system.now, server: String? = nil, hasSecond: Bool = true
  ) throws -> Replica {
    let seats = try SeatStore.opened(data.seats)
    let seat = try #require(SeatID(name))
    try seats.addSeat(SeatFacts(seat: seat, role: .roundOwner), ledger: ClientTown.ledger)
    try seats.close()
    let identity = try IdentityFolder(data).load()
    let (key, home) = (KeyPair(), folder.appending(path: name).path)
    let grant = try SeatStore.enrolled(at: data, seat, of: ClientTown.ledger, key: key)
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    try key.pem.write(toFile: home + "/device.key", atomically: true, encoding: .utf8)
    let certificate = try identity.organisation.deviceCertificate(
      for: key.publicKey, name: grant.replica.description, now: now)
    let trust = ReplicaTrust(
      authority: identity.organisation.publicKey.x963, certificate: certificate, second: hasSecond ? tlsAddress : nil,
      lookup: "0000")
    let device = DeviceFile(
      server: server ?? tlsAddress, ledger: grant.ledger, replica: grant.replica, secret: grant.secret)
    try ReplicaStore.create(path: home + "/replica.sqlite", device: device, trust: trust).close()
    return try Replica(home: home)
  }

  /// A link to the server's plain port, while it serves.
  func link(seed: UInt64 = 1, _ quality: BadLink.Quality = BadLink.Quality()) async throws -> BadLink {
    let place = try #require(HostPort(address))
    return try await BadLink.started(on: host, to: place.host, port: place.port, seed: seed, quality: quality)
  }

  /// A copy of a replica's folder, as somebody makes it for a second machine, which is `device`.
  func copied(_ replica: Replica, device: Device = .system) throws -> Replica {
    let home = replica.home + "-copy"
    try FileManager.default.copyItem(atPath: replica.home, toPath: home)
    return try Replica(home: home, device: device)
  }

  /// Keeps a copy of the server's folder aside.
  func back() throws { try FileManager.default.copyItem(atPath: dataPath, toPath: dataPath + "-back") }

  /// Puts the copy that was kept aside in the folder's place; the server must be stopped.
  func restore() throws {
    try FileManager.default.removeItem(atPath: dataPath)
    try FileManager.default.moveItem(atPath: dataPath + "-back", toPath: dataPath)
  }
}

extension Replica {
  /// Syncs and requires that everything got to the town.
  func settle(
    upTo limit: Duration = ClientTown.patience, _ location: SourceLocation = #_sourceLocation
  ) async throws -> SyncSummary {
    let outcome = await sync(upTo: limit)
    guard case .atTown(let summary) = outcome else {
      Issue.record("not at the town: \(outcome)", sourceLocation: location)
      return outcome.summary
    }
    return summary
  }

  /// Sets one field of problem 15, or creates it.
  @discardableResult func set(_ field: String, _ value: String, of entity: EntityID = .derived("p15")) throws -> ActID {
    let field = try #require(FieldName(field))
    return try record([Change(entity: entity, field: field, value: .text(ExactString(value)))])
  }

  /// Moves problem 15.
  func move(_ stage: String, because reason: String) throws {
    let (stageField, reasonField) = (try #require(FieldName("stage")), try #require(FieldName("reason")))
    _ = try record(making: { act in
      [
        Change(entity: .derived("p15"), field: stageField, value: .text(ExactString(stage))),
        Change(entity: .created(act.edit(1)), field: reasonField, value: .text(ExactString(reason))),
      ]
    })
  }

  /// What a field of problem 15 shows.
  func shown(_ field: String) throws -> String? {
    try view().cell(.derived("p15"), #require(FieldName(field)))?.edit?.value.text
  }
}

extension Device {
  /// What the machine's clock shows.
  var now: Stamp { Stamp(milliseconds: wallMilliseconds()) }

  /// The same with a wall clock that is so far ahead of this one's.
  func ahead(milliseconds: UInt64) -> Device {
    Device(
      reading: { [reading] in
        let now = reading()
        return ClockReading(
          wallMilliseconds: now.wallMilliseconds + milliseconds, bootMilliseconds: now.bootMilliseconds, boot: now.boot)
      }, random: random, staysOnMachine: staysOnMachine, waits: waits)
  }
}
