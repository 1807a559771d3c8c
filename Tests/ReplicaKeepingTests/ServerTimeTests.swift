import EditModel
import Foundation
import LedgerStore
import LineProtocol
import ReplicaKeeping
import SyncRules
import Synchronization
import Testing

/// What a sync takes for the server's time, on a link that may be slow.
@Suite final class ServerTimeTests {
  private static let began: UInt64 = 1_700_000_000_000
  private let folder: URL
  private let path: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "server-time-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.appending(path: "replica.sqlite").path
    let device = DeviceFile(
      server: "127.0.0.1:1", ledger: "tucheng-2023", replica: try #require(ReplicaID("q2w8rt5n")),
      secret: try #require(Secret("0123456789abcdefghjkmnpqrs")))
    try ReplicaStore.create(path: path, device: device).close()
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// A clock that goes when a test says so, and a sync's file on a machine that has it.
  private final class Machine: Sendable {
    private let passed = Mutex<UInt64>(0)

    var reading: ClockReading {
      let passed = passed.withLock { $0 }
      return ClockReading(
        wallMilliseconds: ServerTimeTests.began + passed, bootMilliseconds: 1_000 + passed, boot: "b1")
    }

    func goOn(seconds: UInt64) { passed.withLock { $0 += seconds * 1_000 } }

    func file(_ path: String) throws -> SyncFile {
      try SyncFile(path: path, device: Device(reading: { self.reading }, random: { 7 }), certificates: NoCertificates())
    }
  }

  private struct NoCertificates: CertificateReader {
    func renewalTime(of certificate: [UInt8]) -> Stamp { .zero }
    func isForOwnKey(_ certificate: [UInt8]) -> Bool { false }
  }

  private func ask(_ file: inout SyncFile) throws {
    _ = try file.reporting(ClientLine(tag: Tag(1), request: .ping(unsent: 0)))
  }

  private func hear(_ seconds: UInt64, _ file: inout SyncFile) throws {
    _ = try file.perform(.noteTime(Stamp(milliseconds: ServerTimeTests.began + seconds * 1_000)))
  }

  @Test func anAnswerThatWaitedBehindLinesIsPassedOver() throws {
    let machine = Machine()
    var file = try machine.file(path)
    _ = try file.perform(.connect)
    try hear(0, &file)
    #expect(file.anchor?.reading == machine.reading)
    let greeted = file.anchor
    // Two questions wait behind lines for a minute; both answers come at once.
    for _ in 1...2 {
      try ask(&file)
      machine.goOn(seconds: 60)
    }
    try hear(0, &file)
    try hear(60, &file)
    #expect(file.anchor == greeted)
    try ask(&file)
    machine.goOn(seconds: 1)
    try hear(121, &file)
    #expect(file.anchor?.now.milliseconds == Self.began + 121_000)
    #expect(try file.store.header().anchor == file.anchor)
  }

  /// A line that has jumped is ahead of what is known, however late one hears of it.
  @Test func anAnswerAheadOfWhatIsKnownIsTakenHoweverLate() throws {
    let machine = Machine()
    var file = try machine.file(path)
    try hear(0, &file)
    try ask(&file)
    machine.goOn(seconds: 60)
    try hear(1_800, &file)
    #expect(file.anchor?.now.milliseconds == Self.began + 1_800_000)
  }

  /// A greeting is no answer: what was asked on the connection before is not.
  @Test func aGreetingIsTakenHoweverLongTheLastConnectionWasSilent() throws {
    let machine = Machine()
    var file = try machine.file(path)
    try hear(0, &file)
    try ask(&file)
    machine.goOn(seconds: 3_600)
    _ = try file.perform(.connect)
    try hear(3_600, &file)
    #expect(file.anchor?.reading == machine.reading)
  }

  /// What is recorded hours after the greeting is put where it was made.
  @Test func whatIsMadeOnALongConnectionStandsWhereItWasMade() throws {
    let machine = Machine()
    var file = try machine.file(path)
    try hear(0, &file)
    let desk = try ReplicaStore.open(path: path)
    machine.goOn(seconds: 7_200)
    let (entity, field) = (try #require(EntityID("p15")), try #require(FieldName("problem")))
    let recorded = try desk.record(
      [{ _ in [Change(entity: entity, field: field, value: .text("15"))] }], at: machine.reading)
    guard case .recorded(let acts) = recorded else {
      Issue.record("nothing was recorded: \(recorded)")
      return
    }
    machine.goOn(seconds: 60)
    _ = try file.outbox()
    let stamp = try #require(try desk.outbox().acts.first?.act.edits.first?.stamp)
    #expect(acts.count == 1)
    #expect(stamp.milliseconds == Self.began + 7_200_000)
    try desk.close()
  }
}
