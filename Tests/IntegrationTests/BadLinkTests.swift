import EditModel
import LedgerClient
import LedgerRules
import LedgerStore
import LedgerTestKit
import ReplicaKeeping
import SyncRules
import Testing

/// The client over links as they are in the hills: slow, far, cut at any byte, silent without an end, forgotten by a router.
@Suite struct BadLinkTests {
  /// Texts that no dictionary and no neighbour helps with: what goes over the link is as long as in the worst case.
  private struct Words {
    var generator: SplitMix64

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    /// `count` of the 20,000 common characters, each as likely as any other.
    mutating func some(_ count: Int) -> String {
      String(
        String.UnicodeScalarView(
          (0..<count).compactMap { _ in Unicode.Scalar(0x4E00 + UInt32(generator.next() % 20_000)) }))
    }
  }

  /// A device that waits a hundredth of what the program does, and less between two connections.
  private static var hasty: Device {
    var waits = SyncWaits()
    waits.idle = .milliseconds(100)
    waits.answer = .milliseconds(900)
    waits.firstReconnect = .milliseconds(5)
    waits.lastReconnect = .milliseconds(50)
    return Device.system.waiting(waits)
  }

  /// A week off line, and then 2 KB/s with two seconds to and fro, cut at random bytes of either direction: in the end both
  /// are one, and every act is there once. Once as the program waits and links are, thrice all of it ten times as fast.
  @Test(.timeLimit(.minutes(15)), arguments: [UInt64(0), 1, 2, 3])
  func aWeekOffLineGetsThroughALinkThatIsCutAtRandomBytes(seed: UInt64) async throws {
    let town = try ClientTown()
    try await town.serving {
      let isReal = seed == 0
      var quality = BadLink.Quality()
      quality.delay = isReal ? .seconds(1) : .milliseconds(100)
      quality.bytesPerSecond = isReal ? 2_000 : 20_000
      quality.cutBytes = 300...2_500
      let link = try await town.link(seed: seed, quality)
      let office = try town.enrolled("office")
      let clerk = try town.enrolled(
        "clerk", device: isReal ? .system : BadLinkTests.hasty, server: link.address)
      var words = Words(seed: seed)
      try office.set("problem", "15")
      let (values, notes) = isReal ? (60, 8) : (150, 20)
      for _ in 1...values { try office.set("note", words.some(12)) }
      for _ in 1...values { try office.set("effect", words.some(12)) }
      _ = try await office.settle()
      var acts: Set<ActID> = []
      for day in 1...7 {
        for number in 1...notes { acts.insert(try clerk.set("note", words.some(12) + "\(day)/\(number)")) }
        acts.insert(try clerk.set("progress", "第\(day)天"))
      }
      try await settleThroughBreaks(clerk)
      #expect(link.tally.cuts > 3)
      try await link.stop()
      _ = try await office.settle()
      #expect(try office.status().stateHash == clerk.status().stateHash)
      let lines = try office.history(of: .derived("p15")).filter { acts.contains($0.edit.id.act) }
      #expect(lines.count == acts.count && Set(lines.map(\.edit.id.act)) == acts)
      #expect(try clerk.status().shelved == 0)
    }
  }

  /// Each connection carries a part only, and the next goes on behind it: of a first sync too, for a seat that sees everything.
  @Test(.timeLimit(.minutes(5)), arguments: [false, true])
  func aCatchUpThatNoConnectionCarriesWholeGoesOnWhereItWasCut(fromNothing: Bool) async throws {
    let town = try ClientTown()
    try await town.serving {
      let link = try await town.link()
      let office = try town.enrolled("office")
      let clerk = try town.enrolled("clerk", device: BadLinkTests.hasty, server: link.address)
      try office.set("problem", "15")
      _ = try await office.settle()
      if !fromNothing { _ = try await clerk.settle() }
      var generator = SplitMix64(seed: 7)
      for _ in 1...2_000 { try office.set("effect", String(generator.next(), radix: 36)) }
      _ = try await office.settle()
      let before = link.tally
      var quality = BadLink.Quality()
      quality.cutBytes = 500...4_000
      link.become(quality)
      try await settleThroughBreaks(clerk)
      #expect(try clerk.status().stateHash == office.status().stateHash)
      #expect(try clerk.status().confirmedLines == 2_001)
      // Far more than any one connection carried.
      #expect(link.tally.downBytes - before.downBytes > 20_000)
      try await link.stop()
    }
  }

  /// A peer that is gone without a word, and a router that forgets: it is noticed, and what is recorded meanwhile arrives.
  @Test(.timeLimit(.minutes(5)), arguments: [false, true])
  func aConnectionThatIsDeadWithoutAnEndIsNoticedAndReplaced(forgets: Bool) async throws {
    let town = try ClientTown()
    try await town.serving {
      let link = try await town.link()
      let office = try town.enrolled("office", device: BadLinkTests.hasty, server: link.address)
      try office.set("problem", "15")
      var events = office.watch().makeAsyncIterator()
      while let event = await events.next(), event != .online {}
      var quality = BadLink.Quality()
      quality.forgetsAfter = .milliseconds(20)
      if forgets { link.become(quality) } else { try await link.forget() }
      let act = try office.set("effect", "甲")
      var (wasOffline, isBack) = (false, false)
      while let event = await events.next() {
        if event == .offline(.timedOut) {
          wasOffline = true
          link.become(BadLink.Quality())
        }
        if wasOffline, event == .online { isBack = true }
        if isBack, try office.phase(of: act) == .confirmed { break }
      }
      #expect(isBack && link.tally.connections > 1)
      try await link.stop()
    }
  }

  /// Silence from the beginning: connections are taken and nothing is ever said.
  @Test(.timeLimit(.minutes(2))) func aSyncOverASilentLinkSaysSoAndEnds() async throws {
    let town = try ClientTown()
    try await town.serving {
      let link = try await town.link()
      link.silence(true)
      let office = try town.enrolled("office", device: BadLinkTests.hasty, server: link.address)
      let act = try office.set("problem", "15")
      let outcome = await office.sync(upTo: .milliseconds(300), comesBack: true)
      guard case .savedHere(1, .timedOut, _) = outcome else {
        Issue.record("over a silent link: \(outcome)")
        return
      }
      link.silence(false)
      // A busy machine may not answer as soon as this device asks for it.
      try await settleThroughBreaks(office)
      #expect(try office.phase(of: act) == .confirmed)
      try await link.stop()
    }
  }

  /// Over a good link two round trips are enough, however much waits within the window: what the server said when it was
  /// opened, and what it said to the acts. The last turn is the word that nothing waits any more, for which nobody waits.
  @Test(arguments: [0, 1, SyncLimits.window]) func twoRoundTripsAreEnough(acts: Int) async throws {
    let town = try ClientTown()
    try await town.serving {
      let link = try await town.link()
      let (office, clerk) = (
        try town.enrolled("office"), try town.enrolled("clerk", server: link.address)
      )
      try office.set("problem", "15")
      _ = try await office.settle()
      _ = try await clerk.settle()
      try office.set("effect", "甲")
      _ = try await office.settle()
      for number in 0..<acts { try clerk.set("note", "第\(number)次走访") }
      let before = link.tally
      _ = try await clerk.settle()
      #expect(try clerk.shown("effect") == "甲")
      #expect(link.tally.connections == before.connections + 1)
      #expect(link.tally.turns - before.turns <= (acts == 0 ? 1 : 3))
      try await link.stop()
    }
  }

  /// Every sync that finds nothing changed is one turn and these bytes, of both directions, the greeting counted and TLS not.
  @Test func whatHasNotChangedCostsLittle() async throws {
    let town = try ClientTown()
    try await town.serving {
      let link = try await town.link()
      let clerk = try town.enrolled(
        "zhangbaiwan", role: .villageClerk, place: "张百万村", server: link.address)
      for _ in 1...2 { _ = try await clerk.settle() }
      for _ in 1...5 {
        let before = link.tally
        _ = try await clerk.settle()
        let after = link.tally
        let bytes = after.upBytes + after.downBytes - before.upBytes - before.downBytes
        #expect(after.turns - before.turns == 1 && bytes < 200, "\(bytes) bytes, \(before), \(after)")
      }
      try await link.stop()
    }
  }

  /// The server is stopped and started again under a watcher, which comes back by itself and has the new lines.
  @Test(.timeLimit(.minutes(10))) func aWatcherOutlivesARestart() async throws {
    let town = try ClientTown()
    var clerk: Replica?
    try await town.serving {
      let office = try town.enrolled("office")
      try office.set("problem", "15")
      try office.set("effect", "甲")
      _ = try await office.settle()
      // It comes back soon, and has the program's patience with an answer: the machine may be busy.
      var waits = SyncWaits()
      (waits.firstReconnect, waits.lastReconnect) = (.milliseconds(5), .milliseconds(50))
      clerk = try town.enrolled("clerk", device: Device.system.waiting(waits))
    }
    let watching = try #require(clerk)
    let events = watching.watch()
    // Nobody is there: it says so once, then only that it tries again.
    var (reasons, attempts) = (0, 0)
    for await event in events {
      if case .offline(.unreachable) = event { reasons += 1 }
      if event == .connecting { attempts += 1 }
      if attempts == 3 { break }
    }
    #expect(reasons == 1)
    try await town.serving {
      var isOnline = false
      for await event in events {
        isOnline = isOnline || event == .online
        if isOnline, try watching.shown("effect") != nil { break }
      }
      #expect(isOnline)
    }
  }

  /// Syncs until one gets through; each try is what a person's `taizhang sync` is.
  private func settleThroughBreaks(_ replica: Replica) async throws {
    for _ in 1...200 {
      if case .atTown = await replica.sync(upTo: .seconds(60), comesBack: true) { return }
    }
    Issue.record("200 times were not enough")
  }
}
