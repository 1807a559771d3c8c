import LedgerAdmin
import LedgerServer
import LedgerStore
import LineProtocol
import Testing

/// What one device and one seat may take of a server, at its edge.
struct SeatBoundsTests {
  private let fixture: ServerFixture

  init() throws {
    fixture = try ServerFixture()
  }

  private func answersPing(_ peer: ServerPeer) async throws -> Bool {
    try await peer.send("ping ping\n")
    return try await peer.line()?.hasPrefix("ping ok ") == true
  }

  @Test func theOldestConnectionOfADeviceMakesRoomForItsNewest() async throws {
    let device = try fixture.device()
    let other = try fixture.device()
    try await fixture.serving("device_connections = 2") { port in
      let bystander = try await ServerPeer.authenticated(other, to: port)
      let first = try await ServerPeer.authenticated(device, to: port)
      let second = try await ServerPeer.authenticated(device, to: port)
      #expect(try await answersPing(first))
      let third = try await ServerPeer.authenticated(device, to: port)
      #expect(try await first.line() == "* stop crowded")
      try await first.closed()
      for peer in [second, third, bystander] {
        #expect(try await answersPing(peer))
        await peer.close()
      }
    }
  }

  @Test func whatWasPutBeforeIsAnsweredFirst() async throws {
    let device = try fixture.device()
    try await fixture.serving("device_connections = 1") { port in
      let first = try await ServerPeer.authenticated(device, to: port)
      try await first.send("p put \(device.replica).1/1 1 01hcd4g9s0000 0 - . problem 问题\n")
      let second = try await ServerPeer.authenticated(device, to: port)
      #expect(try await first.lines(2) == ["p ok 1", "* stop crowded"])
      // Whoever left makes room: the next is again the only one.
      await second.close()
      let third = try await ServerPeer.authenticated(device, to: port)
      #expect(try await answersPing(third))
      await third.close()
    }
  }

  @Test func aGreedyDeviceDoesNotPushOutTheOthersOfItsSeat() async throws {
    let (greedy, modest) = (try fixture.device(), try fixture.device())
    try await fixture.serving("seat_connections = 3") { port in
      let quiet = try await ServerPeer.authenticated(modest, to: port)
      var connections: [ServerPeer] = []
      for _ in 0..<4 { connections.append(try await ServerPeer.authenticated(greedy, to: port)) }
      for gone in connections.prefix(2) {
        #expect(try await gone.line() == "* stop crowded")
        try await gone.closed()
      }
      for peer in [quiet] + connections.suffix(2) {
        #expect(try await answersPing(peer))
        await peer.close()
      }
    }
  }

  /// The lines of `count` acts of `edits` edits each, all at once.
  private func flood(_ device: DeviceGrant, acts: Int, edits: Int) -> String {
    (1...acts).flatMap { n in
      (1...edits).map { "p\(n) put \(device.replica).\(n)/\($0) \(edits) 01hcd4g9s0000 0 - . problem 问题\n" }
    }.joined()
  }

  /// One seat writes as fast as it can: minutes of what it may. Another's edits are acknowledged in the middle of it, and
  /// however long that takes, the hasty seat has got its burst, what one turn reads, and what the time makes up.
  @Test func aHastySeatHoldsUpNobodyElse() async throws {
    let hasty = try fixture.device()
    let patient = try fixture.device(ofNewSeat: "jiwei")
    try await fixture.serving("edits_per_second = 100\nedit_burst = 1024") { port in
      let begun = ContinuousClock.now
      let flooding = try await ServerPeer.authenticated(hasty, to: port)
      let sending = Task { [lines = flood(hasty, acts: 50, edits: 1_000)] in try await flooding.send(lines) }
      #expect(try await flooding.line() == "p1 ok 1")
      let other = try await ServerPeer.authenticated(patient, to: port)
      var lastSeq = 0
      for n in 1...1_000 {
        try await other.send("q put \(patient.replica).\(n)/1 1 01hcd4g9s0000 0 - . problem 别的问题\n")
        let answer = try #require(try await other.line())
        try #require(answer.hasPrefix("q ok "))
        lastSeq = try #require(answer.split(separator: " ").last.flatMap { Int($0) })
      }
      let (ownEdits, burst, turn) = (1_000, 1_024, 5_000)
      let madeUp = 100 * Int((ContinuousClock.now - begun).components.seconds + 1)
      #expect(lastSeq <= ownEdits + burst + turn + madeUp)
      await other.close()
      await flooding.close()
      // What the server did not take went with the connection, as far as it had left at all.
      _ = try? await sending.value
    }
  }

  @Test func whatAHastySeatWritesIsAllThereInTheEnd() async throws {
    let hasty = try fixture.device()
    try await fixture.serving("edits_per_second = 1000\nedit_burst = 1024") { port in
      let flooding = try await ServerPeer.authenticated(hasty, to: port)
      try await flooding.send(flood(hasty, acts: 40, edits: 100))
      for n in 1...40 { #expect(try await flooding.line() == "p\(n) ok \(n * 100 - 99)") }
      // A second connection waits for the same allowance, and loses nothing either.
      let again = try await ServerPeer.authenticated(hasty, to: port)
      try await again.send("r put \(hasty.replica).41/1 1 01hcd4g9s0000 0 - . problem 最后\n")
      #expect(try await again.line() == "r ok 4001")
      for peer in [flooding, again] { await peer.close() }
    }
    let reader = try HistoryReader(path: fixture.folder.ledger(ServerFixture.ledger))
    #expect(try reader.lastSeq() == 4_001)
    try reader.close()
  }

  @Test func theOldestOfThoseWhoHaveNotSignedInMakesRoom() async throws {
    let device = try fixture.device()
    try await fixture.serving("waiting_connections = 2") { port in
      var waiting: [ServerPeer] = []
      for _ in 0..<3 {
        waiting.append(try await ServerPeer.connected(to: port))
        #expect(try await waiting[waiting.count - 1].line()?.hasPrefix("* taizhang 1 ") == true)
      }
      #expect(try await waiting[0].line() == "* stop crowded")
      // Whoever signs in waits no more.
      try await waiting[1].send("a auth \(device.replica) \(device.secret.digits) unsent=0\n")
      #expect(try await waiting[1].line()?.hasPrefix("a ok ") == true)
      let next = try await ServerPeer.connected(to: port)
      #expect(try await next.line()?.hasPrefix("* taizhang 1 ") == true)
      for peer in [waiting[1], waiting[2], next] { #expect(try await answersPing(peer)) }
      for peer in waiting + [next] { await peer.close() }
    }
  }
}
