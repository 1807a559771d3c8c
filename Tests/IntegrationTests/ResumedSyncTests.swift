import EditModel
import LedgerAdmin
import LedgerClient
import LedgerRules
import LedgerServer
import LedgerStore
import LedgerTestKit
import ReplicaKeeping
import Synchronization
import Testing

/// Syncs that resume in one line, with a real server: what changed meanwhile is told all the same.
@Suite struct ResumedSyncTests {
  private func facts(_ town: ClientTown, _ replica: ReplicaID) throws -> DeviceFacts? {
    let seats = try SeatStore.opened(town.data.seats)
    defer { try? seats.close() }
    return try seats.device(replica)
  }

  private func holder(_ replica: Replica) throws -> ExactString? {
    let store = try ReplicaStore.open(path: "\(replica.home)/replica.sqlite")
    defer { try? store.close() }
    return try store.header().holder
  }

  /// The clock is told when it has become another, and not in every sync.
  @Test func aClockThatWentOffIsTold() async throws {
    let town = try ClientTown()
    let off = Mutex<Int64>(0)
    let device = Device(
      wallMilliseconds: { UInt64(Int64(Device.system.wallMilliseconds()) + off.withLock { $0 }) }, random: { 7 })
    var clerk: Replica?
    try await town.serving {
      let replica = try town.enrolled("zhangbaiwan", role: .villageClerk, place: "张百万村", device: device)
      for _ in 1...2 { _ = try await replica.settle() }
      clerk = replica
    }
    let replica = try #require(try clerk?.view().info.replica)
    #expect(abs(try #require(try facts(town, replica)?.clockOffset)) < 600_000)
    let year: Int64 = 365 * 86_400_000
    off.withLock { $0 = year }
    try await town.serving { _ = try await clerk?.settle() }
    #expect(abs(try #require(try facts(town, replica)?.clockOffset) - year) < 600_000)
    #expect(try facts(town, replica)?.version == "taizhang/0.1.0")
  }

  @Test func anotherHolderIsTold() async throws {
    let town = try ClientTown()
    try await town.serving {
      let clerk = try town.enrolled("zhangbaiwan", role: .villageClerk, place: "张百万村")
      for _ in 1...2 { _ = try await clerk.settle() }
      #expect(try holder(clerk) == nil)
      let seats = try SeatStore.opened(town.data.seats)
      _ = try seats.hold(
        try #require(SeatID("zhangbaiwan")), of: ClientTown.ledger, person: "张三", until: nil, at: .zero)
      try seats.close()
      _ = try await clerk.settle()
      #expect(try holder(clerk) == "张三")
    }
  }

  /// Of what others do a device that resumes hears in the same turn; what it did itself is put in full.
  @Test func newsComeInTheSameTurn() async throws {
    let town = try ClientTown()
    try await town.serving {
      let office = try town.enrolled("office")
      let link = try await town.link()
      let reader = try town.enrolled("reader", server: link.address)
      try office.set("problem", "15")
      _ = try await office.settle()
      for _ in 1...2 { _ = try await reader.settle() }
      try office.set("effect", "甲")
      _ = try await office.settle()
      let before = link.tally
      _ = try await reader.settle()
      #expect(link.tally.turns - before.turns == 1)
      #expect(try reader.shown("effect") == "甲")
      try reader.set("effect", "乙")
      _ = try await reader.settle()
      _ = try await office.settle()
      #expect(try office.shown("effect") == "乙")
      try await link.stop()
    }
  }
}
