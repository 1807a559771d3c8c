import EditModel
import Foundation
import Glibc
import LedgerAdmin
import LedgerServer
import LedgerStore
import Testing

/// What a running server does with snapshots by itself.
@Suite struct ScheduledSnapshotTests {
  private let fixture: ServerFixture

  init() throws { fixture = try ServerFixture() }

  /// Serves with the first look at once, and waits until `isDone`.
  private func serving(_ keys: String = "", until isDone: () -> Bool) async throws {
    var configuration = try fixture.configuration(keys)
    configuration.snapshotDelaySeconds = 0
    let server = TaizhangServer(configuration: configuration)
    _ = try await server.start()
    while !isDone() { await Task.yield() }
    await server.stop()
  }

  @Test(.timeLimit(.minutes(5))) func aServerTakesASetAndProvesIt() async throws {
    let folder = fixture.folder
    try await serving { SnapshotHealth(of: folder).proved != nil }
    let seats = try SeatStore(path: folder.seats)
    let last = try #require(try seats.audit().last)
    #expect(last.who == "server" && last.what.hasPrefix("snapshot "))
    try seats.close()
    // What it has done itself is no reason for another.
    #expect(try !SnapshotUpkeep.isNeeded(in: folder))
  }

  @Test(.timeLimit(.minutes(5))) func whoeverIsToBeWokenIs() async throws {
    let note = fixture.folder.path + "/woken"
    let set = try SnapshotTaking.take(of: fixture.folder, isServed: false, at: Stamp(milliseconds: 1_697_000_000_000))
      .set
    try ProofRecord(at: .zero, freeBytes: 0, failure: "a test says so").write(set.name, in: fixture.folder)
    let keys = "snapshot_minutes = 10080\nalarm_command = \"echo \\\"$TAIZHANG_ALARM\\\" > \(note)\""
    try await serving(keys, until: { access(note, F_OK) == 0 })
    unlink(note)
  }

  /// One folder is not there: the other has the set all the same, and the server goes on.
  @Test(.timeLimit(.minutes(5))) func whatWasProvedIsShipped() async throws {
    let folder = fixture.folder
    let (there, gone) = (folder.path + "/usb", folder.path + "/county")
    mkdir(there, 0o700)
    _ = try SetShipping.prepare(there, for: folder, isSameDiskMeant: true)
    try await serving(
      "ship_to = [\"\(gone)\", \"\(there)\"]", until: { ShippingRecord(of: folder).arrivals[there] != nil })
    let name = try #require(ShippingRecord(of: folder).arrivals[there]).set
    let copy = try SnapshotSet(reading: "\(there)/\(name)")
    try SnapshotProof.verify(copy)
    #expect(ShippingRecord(of: folder).arrivals[gone] == nil)
    for path in ["\(there)/\(name)", there] {
      for file in try FileManager.default.contentsOfDirectory(atPath: path) { unlink("\(path)/\(file)") }
      rmdir(path)
    }
  }
}
