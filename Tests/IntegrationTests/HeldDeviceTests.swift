import EditModel
import Glibc
import LedgerAdmin
import LedgerIdentity
import LedgerRules
import LedgerServer
import LedgerStore
import LineProtocol
import Testing

/// Devices that are shut out or unknown, over the wire.
struct HeldDeviceTests {
  private let fixture: ServerFixture

  init() throws {
    fixture = try ServerFixture()
  }

  private func onSeats<Value>(_ body: (SeatStore) throws -> Value) throws -> Value {
    let seats = try SeatStore(path: fixture.folder.seats)
    let value = try body(seats)
    try seats.close()
    return value
  }

  private func waiting(of replica: ReplicaID) throws -> [HeldAct] {
    let store = try QuarantineStore(path: fixture.folder.quarantine)
    let acts = try store.acts(of: replica)
    try store.close()
    return acts
  }

  @Test func anOpenConnectionEndsWhenItsDeviceIsRevoked() async throws {
    let device = try fixture.device()
    let other = try fixture.device()
    try await fixture.serving { port in
      let peer = try await ServerPeer.authenticated(device, to: port)
      let bystander = try await ServerPeer.authenticated(other, to: port)
      _ = try onSeats { try $0.revoke(device.replica, at: .zero) }
      #expect(try await peer.line() == "* stop removed")
      try await peer.closed()
      try await bystander.send("1 ping\n")
      #expect(try await bystander.line()?.hasPrefix("1 ok now=") == true)
      await bystander.close()
    }
  }

  @Test func aRevokedDeviceReceivesNothingAndMayHandActsOver() async throws {
    let device = try fixture.device()
    _ = try onSeats { try $0.revoke(device.replica, at: .zero) }
    let part = "\(device.replica).1/1 1 01hcd4g9s0000 0 - . problem 问题"
    try await fixture.serving { port in
      let peer = try await ServerPeer.connected(to: port)
      try await peer.send("a auth \(device.replica) \(device.secret.digits) unsent=1\n")
      #expect(try await peer.lines(2).last == "a ok held=1 last=0")
      try await peer.send("o open \(ServerFixture.ledger) -\ns stat\np put \(part)\nb ping\n")
      var answers: Set<String> = []
      for _ in 0..<4 { answers.insert(try #require(try await peer.line())) }
      #expect(answers.isSuperset(of: ["o stop removed", "s stop removed", "p wait held"]))
      // What was answered is on the disk.
      #expect(try waiting(of: device.replica).map(\.lines) == [[part]])
      await peer.close()
    }
    let reader = try HistoryReader(path: fixture.folder.ledger(ServerFixture.ledger))
    #expect(try reader.lastSeq() == 0)
    try reader.close()
  }

  @Test func anUnknownReplicaWithACertificateIsHeldAndOneWithoutIsDenied() async throws {
    let replica = try #require(ReplicaID("h4m7xk2v"))
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let now = Stamp(milliseconds: UInt64(time.tv_sec) * 1_000)
    let auth = "a auth \(replica) \(String(repeating: "0", count: 26)) unsent=0\n"
    try await fixture.servingTLS { port in
      let organisation = try IdentityFolder(fixture.folder).load().organisation
      let side = try TLSSide(organisation, key: KeyPair(), name: replica.description, now: now)
      let peer = try await ServerPeer.connected(to: port, tls: side)
      try await peer.send(auth)
      #expect(try await peer.lines(2).last == "a ok held=1 last=0")
      try await peer.send("p put \(replica).4/1 1 01hcd4g9s0000 0 - . problem 问题\n")
      #expect(try await peer.line() == "p wait held")
      #expect(try waiting(of: replica).count == 1)
      await peer.close()

      for side in [TLSSide(), try TLSSide(organisation, key: KeyPair(), name: "x7c3mv0d", now: now)] {
        let stranger = try await ServerPeer.connected(to: port, tls: side)
        try await stranger.send(auth)
        #expect(try await stranger.lines(2).last == "a stop denied")
        try await stranger.closed()
      }
    }
  }

  @Test func whoIsInIsToldWhereTheServerHasMovedAndWhoComesInToo() async throws {
    let device = try fixture.device()
    try await fixture.serving { port in
      let peer = try await ServerPeer.authenticated(device, to: port)
      try onSeats { try $0.setMoved(HostPort("10.1.2.3:7374"), at: .zero) }
      #expect(try await peer.line() == "* moved 10.1.2.3:7374")
      await peer.close()
      let later = try await ServerPeer.connected(to: port)
      try await later.send("a auth \(device.replica) \(device.secret.digits) unsent=0\n")
      #expect(try await later.lines(2).last?.contains(" server=10.1.2.3:7374 ") == true)
      await later.close()
    }
  }

  @Test func theHolderIsSaidWithTheSeat() async throws {
    let device = try fixture.device()
    try onSeats {
      _ = try $0.hold(device.seat.seat, of: ServerFixture.ledger, person: "张三", until: nil, at: .zero)
    }
    try await fixture.serving { port in
      let peer = try await ServerPeer.connected(to: port)
      try await peer.send("a auth \(device.replica) \(device.secret.digits) unsent=0 version=test/1 offset=-61000\n")
      #expect(try await peer.lines(2).last?.contains(" holder=张三") == true)
      await peer.close()
    }
    let facts = try onSeats { try $0.device(device.replica) }
    #expect(facts?.version == "test/1" && facts?.clockOffset == -61_000)
  }
}
