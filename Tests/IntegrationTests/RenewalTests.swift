import EditModel
import LedgerClient
import LedgerIdentity
import LedgerStore
import LedgerTestKit
import ReplicaKeeping
import Testing

/// Years that pass while a server runs: it renews its own certificate, and its devices theirs.
@Suite(.onOwnThreads, .enabled(if: SteppedServer.isPossible, "SKIPPED: the program faketime is not on this machine"))
struct RenewalTests {
  private let town: ProgramTown

  init() throws {
    town = try ProgramTown()
  }

  private func expectLevel(_ ended: ProgramTown.Ended, _ location: SourceLocation = #_sourceLocation) {
    #expect(ended.status == 0 && ended.text.contains("Level with the town"), "\(ended.text)", sourceLocation: location)
  }

  /// A device that came in by a code.
  private func enrolled(_ name: String) throws -> String {
    let home = town.home(name)
    let ended = try town.taizhang(home, "enrol", town.line().text)
    #expect(ended.status == 0, "\(ended.text)")
    return home
  }

  private func certificate(of home: String) throws -> [UInt8] {
    let store = try ReplicaStore.open(path: home + "/replica.sqlite")
    let certificate = try #require(try store.header().trust).certificate
    try store.close()
    return certificate
  }

  private static let dayMilliseconds: UInt64 = 86_400_000

  @Test func aRunningServerRenewsItsCertificateAndDevicesGoOn() async throws {
    let server = try SteppedServer(town)
    let (still, moving, away) = (try enrolled("still"), try enrolled("moving"), try enrolled("away"))
    let (first, authority) = try await server.shown()

    // 300 of its 400 days: a third of them is left at the 267th.
    try server.step(toDaysAhead: 300)
    try SteppedServer.acceptClock(town, daysAhead: 300)
    let (second, same) = try await server.shown(after: first)
    #expect(same == authority)
    #expect(second.key == first.key)
    let gained = (second.ends.milliseconds - first.ends.milliseconds) / RenewalTests.dayMilliseconds
    #expect((299...300).contains(gained))
    // A device whose clock stood still, and one whose clock went with the server's.
    #expect(try town.taizhang(still, "add", "problem", "一件事").status == 0)
    expectLevel(try town.taizhang(still, "sync"))
    #expect(try SteppedServer.taizhang(moving, daysAhead: 300, "add", "problem", "又一件").status == 0)
    expectLevel(try SteppedServer.taizhang(moving, daysAhead: 300, "sync"))

    // A third of their three years is over for the devices, by the server's time.
    let before = [try certificate(of: still), try certificate(of: moving)]
    try server.step(toDaysAhead: 400)
    try SteppedServer.acceptClock(town, daysAhead: 400)
    try await reaches(server, daysAhead: 400)
    try renews(still, from: before[0]) { try town.taizhang(still, "sync") }
    try renews(moving, from: before[1]) { try SteppedServer.taizhang(moving, daysAhead: 400, "sync") }
    for (home, former) in zip([still, moving], before) {
      let present = try certificate(of: home)
      let (old, new) = (try device(former, authority), try device(present, authority))
      #expect(new.key == old.key)
      #expect(new.name == old.name)
      #expect((new.ends.milliseconds - old.ends.milliseconds) / RenewalTests.dayMilliseconds >= 399)
    }

    // The first certificates of all of them are over.
    try server.step(toDaysAhead: 1_200)
    try SteppedServer.acceptClock(town, daysAhead: 1_200)
    let (third, _) = try await server.shown(after: second)
    #expect(third.ends > second.ends)
    expectLevel(try town.taizhang(still, "sync"))
    expectLevel(try SteppedServer.taizhang(moving, daysAhead: 1_200, "sync"))
    let ended = try town.taizhang(away, "sync")
    #expect(ended.status == 5)
    #expect(ended.text.contains("certificate has run out"), "\(ended.text)")
  }

  /// A server whose clock jumps by a year tells devices the time that it would be without, until somebody accepts it.
  @Test func aJumpOfTheServersClockIsNotFollowedUntilItIsAccepted() async throws {
    let server = try SteppedServer(town)
    let device = try enrolled("clerk")
    let before = try await server.time()
    try server.step(toDaysAhead: 365)
    let deadline = ContinuousClock.now + .seconds(60)
    while try !town.taizhangd("status").contains("CLOCK"), ContinuousClock.now < deadline {
      expectLevel(try town.taizhang(device, "sync"))
    }
    #expect(try town.taizhangd("status").contains("taizhangd clock accept"))
    let alone = try await server.time()
    #expect(alone > before && alone.milliseconds - before.milliseconds < RenewalTests.dayMilliseconds)
    // A device whose clock went with the server's is the one that is wrong now, and loses nothing.
    #expect(try SteppedServer.taizhang(device, daysAhead: 365, "add", "problem", "一件事").status == 0)
    expectLevel(try town.taizhang(device, "sync"))
    try SteppedServer.acceptClock(town, daysAhead: 365)
    try await reaches(server, daysAhead: 365)
    #expect(try town.taizhangd("audit").contains("clock-accept"))
  }

  /// What was accepted while no server ran is that clock, not whichever the server finds when it starts.
  @Test func anAcceptedClockIsNoOther() async throws {
    do {
      let server = try SteppedServer(town)
      #expect(try await server.time() > .zero)
    }
    try SteppedServer.acceptClock(town, daysAhead: 30)
    do {
      let server = try SteppedServer(town, daysAhead: 400)
      #expect(try town.taizhangd("status").contains("CLOCK"))
      #expect(try await server.time().milliseconds < Device.system.now.milliseconds + RenewalTests.dayMilliseconds)
    }
    try SteppedServer.acceptClock(town, daysAhead: 30)
    let server = try SteppedServer(town, daysAhead: 30)
    try await reaches(server, daysAhead: 30)
  }

  /// Syncs until the device in `home` has another certificate than `former`, a minute at most: threads of the server see a
  /// step of its clock one after the other.
  private func renews(_ home: String, from former: [UInt8], _ sync: () throws -> ProgramTown.Ended) throws {
    let limit = ContinuousClock.now + .seconds(60)
    repeat { expectLevel(try sync()) } while try ContinuousClock.now < limit && certificate(of: home) == former
  }

  private func device(_ der: [UInt8], _ authority: PublicKey) throws -> PeerCertificate {
    try PeerCertificate(der: der, as: .device, signedBy: authority)
  }

  /// Waits until the server's time as it greets is `days` ahead of this machine's.
  private func reaches(_ server: SteppedServer, daysAhead days: Int) async throws {
    let least = Device.system.now.milliseconds + UInt64(days) * RenewalTests.dayMilliseconds - 60_000
    let limit = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < limit, try await server.time().milliseconds < least {}
    #expect(try await server.time().milliseconds >= least)
  }
}
