import EditModel
import LedgerClient
import LedgerRules
import LedgerStore
import LedgerTestKit
import Testing

extension FaultTests {
  /// A village whose problems are assigned, taken away and assigned again while it is off line, behind a link that is cut
  /// over and over: in the end it has exactly what it may see, and its own work is on the shelf or at the town.
  @Suite struct VisibilityWalkTests {
    @Test func theVillageHasExactlyWhatItMaySee() async throws {
      let folder = try ServerFolder()
      let server = try ServerProcess(folder, host: folder.host)
      let relay = try await CuttingRelay.started(to: folder.host, port: Int(server.port))
      let office = try Replica.create(
        home: folder.path + "/office", deviceFile: folder.device(seat: "bangongshi", role: "round_owner"))
      try folder.taizhangd(
        "seat", "add", "zhangbaiwan", "--ledger", "tucheng", "--role", "village_clerk", "--place", "张百万村")
      let file = folder.path + "/zhangbaiwan.device"
      try folder.taizhangd("device", "add", "zhangbaiwan", "--server", "127.0.0.1:\(relay.port)", "--out", file)
      let village = try Replica.create(home: folder.path + "/village", deviceFile: file)

      for problem in ["p15", "p16", "p17"] { try make(problem, notes: 60, office) }
      try write(office, "p15", "village/张百万村", "yes")
      try await settle(office)
      try await settle(village)
      try expectLevel(village, office, sees: ["p15"])

      // Off line the village works on 15, which is taken from it; 16 is given to it.
      let part = try village.record([
        try change("p15.张百万村", "part", "张百万村"), try change("p15.张百万村", "progress", "已谈妥"),
      ])
      try write(office, "p15", "village/张百万村", nil)
      try write(office, "p16", "village/张百万村", "yes")
      try await settle(office)
      try await settleThroughCuts(village, relay)
      try expectLevel(village, office, sees: ["p16"])
      #expect(try village.view().shelf.map(\.act.id) == [part])
      #expect(try village.view().shelf.map(\.code) == ["absent"])
      #expect(try village.history(of: .derived("p15")) == [])
      #expect(try village.status().notices == [.takenAway(.derived("p15"), said: nil)])

      // 15 comes back, 16 goes and comes, 17 comes and goes, all while the village is away.
      try write(office, "p15", "village/张百万村", "yes")
      for value in [nil, "yes"] { try write(office, "p16", "village/张百万村", value) }
      for value in ["yes", nil] { try write(office, "p17", "co_unit/张百万村", value) }
      try write(office, "p15", "progress", "再次交办")
      try await settle(office)
      try await settleThroughCuts(village, relay)
      try expectLevel(village, office, sees: ["p15", "p16"])
      #expect(relay.cuts > 6)

      // Live: what is taken away goes while the village looks on, and comes back.
      try write(office, "p16", "village/张百万村", nil)
      try await settle(office)
      try await settle(village)
      try expectLevel(village, office, sees: ["p15"])
      try await relay.stop()
      withExtendedLifetime(server) {}
    }

    private func make(_ problem: String, notes: Int, _ office: Replica) throws {
      _ = try office.record([try change(problem, "problem", String(problem.dropFirst()))])
      for number in 1...notes { try write(office, problem, "note", "第\(number)次督办") }
    }

    private func write(_ replica: Replica, _ entity: String, _ field: String, _ value: String?) throws {
      _ = try replica.record([try change(entity, field, value)])
    }

    private func change(_ entity: String, _ field: String, _ value: String?) throws -> Change {
      Change(
        entity: try #require(EntityID(entity)), field: try #require(FieldName(field)),
        value: value.map { .text(ExactString($0)) } ?? .cleared)
    }

    private func settle(_ replica: Replica) async throws {
      let outcome = await replica.sync(upTo: .seconds(60))
      guard case .atTown = outcome else {
        Issue.record("\(replica.home): \(outcome)")
        return
      }
    }

    /// Syncs over a link that breaks behind ever more bytes, until one try gets through.
    private func settleThroughCuts(_ replica: Replica, _ relay: CuttingRelay) async throws {
      for bytes in stride(from: 150, through: 60_000, by: 411) {
        relay.cut(after: bytes)
        if case .atTown = await replica.sync(upTo: .seconds(60)) { return relay.cut(after: nil) }
      }
      Issue.record("60 kB are not enough for one sync")
    }

    /// The village holds every line that the plain predicate says it may see, and no other.
    private func expectLevel(_ village: Replica, _ office: Replica, sees problems: [String]) throws {
      let whole = try office.view().confirmed
      let seat = SeatFacts(
        seat: try #require(SeatID("zhangbaiwan")), role: .villageClerk, place: "张百万村")
      let visible = try lines(office).filter { accepted in
        whole.isVisible(Vocabulary.creation(by: accepted.edit)?.entity ?? accepted.edit.entity, to: seat)
      }
      #expect(try lines(village) == visible)
      #expect(try village.view().confirmed.problems().map(\.description) == problems)
      #expect(try village.status().surplus == [])
    }

    private func lines(_ replica: Replica) throws -> Set<AcceptedEdit> {
      var lines: Set<AcceptedEdit> = []
      for entity in try replica.view().confirmed.all.keys {
        lines.formUnion(try replica.history(of: entity).compactMap(\.accepted))
      }
      return lines
    }
  }
}
