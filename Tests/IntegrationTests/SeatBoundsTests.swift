import LedgerServer
import LedgerStore
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
}
