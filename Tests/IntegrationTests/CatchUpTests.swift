import EditModel
import Foundation
import LedgerClient
import LedgerRules
import LedgerTestKit
import Testing

/// Catch-up of a village whose view changes while its device is away: cut at any byte, from nothing, and under load.
///
/// A few of the bytes by default, one case after the other, since each of them is a town; each byte with TAIZHANG_SWEEP=all.
@Suite(.serialized) struct CatchUpTests {
  private static let isWhole = ProcessInfo.processInfo.environment["TAIZHANG_SWEEP"] == "all"

  /// A town with an office and a village behind a link that is cut on demand.
  private struct Scene {
    let town: ClientTown
    let relay: CuttingRelay
    let office: Replica
    let village: Replica
  }

  private func playing(_ body: (Scene) async throws -> Void) async throws {
    let town = try ClientTown()
    try await town.serving {
      let place = try #require(HostPort(town.plainAddress))
      let relay = try await CuttingRelay.started(to: place.host, port: place.port)
      let office = try town.enrolled("bangongshi")
      let village = try town.enrolled(
        "zhangbaiwan", role: .villageClerk, place: ExactString(Absence.village), server: "127.0.0.1:\(relay.port)")
      try Absence.prepare(office)
      _ = try await office.settle()
      try await body(Scene(town: town, relay: relay, office: office, village: village))
      try await relay.stop()
    }
  }

  /// The device as it was when it went away, once more.
  private func again(_ village: Replica, _ number: Int) throws -> Replica {
    let home = village.home + "-\(number)"
    try FileManager.default.copyItem(atPath: village.home, toPath: home)
    return try Replica(home: home)
  }

  /// What comes is cut behind every `stride`-th byte of it, and what was missing comes over the next connection. The bytes
  /// at which one connection is enough.
  @discardableResult
  private func cutEverywhere(
    _ scene: Scene, _ stride: Int, limit: Int = 2_000, _ meanwhile: (Int) async throws -> Void
  ) async throws -> Int {
    var bytes = 1
    while bytes < limit {
      let village = try again(scene.village, bytes)
      scene.relay.cut(after: bytes)
      let outcome = await village.sync(upTo: ClientTown.patience)
      scene.relay.cut(after: nil)
      if case .atTown = outcome { return bytes }
      try await meanwhile(bytes)
      try #require(await village.sync(upTo: ClientTown.patience).isAtTown)
      try expectSeesItsOwn(village, scene.office, "cut behind \(bytes) bytes")
      try FileManager.default.removeItem(atPath: village.home)
      bytes += stride
    }
    return bytes
  }

  /// Cut early, late and in between; what is given back has most to bring.
  @Test(.timeLimit(.minutes(30)), arguments: Absence.allCases)
  func whatIsCutBehindAnyByteIsMadeUpFor(absence: Absence) async throws {
    try await playing { scene in
      _ = try await scene.village.settle()
      try absence.happens(scene.office, 1)
      _ = try await scene.office.settle()
      let all = try await cutEverywhere(scene, CatchUpTests.isWhole ? 1 : absence == .givenBack ? 37 : 131) { _ in }
      #expect((200..<2_000).contains(all), "\(all)")
    }
  }

  /// The first sync is cut, then the view changes, then it is synced: nothing of what went out of sight is left.
  @Test(.timeLimit(.minutes(30)), arguments: Absence.allCases)
  func aFirstSyncThatWasCutIsGoodForTheViewThatIsThen(absence: Absence) async throws {
    try await playing { scene in
      var isMoved = false
      try await cutEverywhere(scene, CatchUpTests.isWhole ? 1 : 97, limit: 700) { number in
        if isMoved { try absence.isOver(scene.office) } else { try absence.happens(scene.office, number) }
        isMoved.toggle()
        _ = try await scene.office.settle()
      }
    }
  }

  /// The office writes and moves the village's problems all the time, while the village's connections break at random bytes;
  /// when the office rests the village has what it may see.
  @Test(.timeLimit(.minutes(30)), arguments: Absence.allCases)
  func theSeamToLivePushHoldsUnderLoad(absence: Absence) async throws {
    try await playing { scene in
      var quality = BadLink.Quality()
      quality.cutBytes = 400...6_000
      let link = try await scene.town.link(seed: 11, quality)
      try scene.village.moveServer(to: #require(HostPort(link.address)))
      async let writing: Void = write(scene.office, absence)
      while !isAtRest(scene.office) { _ = await scene.village.sync(upTo: .milliseconds(300)) }
      try await writing
      link.become(BadLink.Quality())
      _ = try await scene.office.settle()
      _ = try await scene.village.settle()
      try expectSeesItsOwn(scene.village, scene.office)
      #expect(link.tally.connections > 3)
      try await link.stop()
    }
  }

  private static let rounds = 15

  private func write(_ office: Replica, _ absence: Absence) async throws {
    for number in 1...CatchUpTests.rounds {
      try absence.happens(office, number)
      if number.isMultiple(of: 3) { _ = try await office.settle() }
      try absence.isOver(office)
    }
    _ = try await office.settle()
    try office.write(".", ("title", "收工"))
  }

  private func isAtRest(_ office: Replica) -> Bool {
    // What cannot be read now is asked again.
    guard let title = FieldName("title") else { return false }
    return (try? office.view().cell(.root, title)?.edit?.value.text) == "收工"
  }
}

extension SyncOutcome {
  fileprivate var isAtTown: Bool { if case .atTown = self { true } else { false } }
}
