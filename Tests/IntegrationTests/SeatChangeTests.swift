import EditModel
import LedgerAdmin
import LedgerClient
import LedgerRules
import LedgerStore
import LineProtocol
import SessionRules
import Testing

@testable import LedgerServer

/// A seat becomes another while its devices are connected.
struct SeatChangeTests {
  @Test(
    arguments: [
      (.villageClerk, nil, "张三"), (.lineLeader, "柳树湾村", "张三"), (.lineLeader, nil, "李四"), (.lineLeader, nil, nil),
    ] as [(Role, ExactString?, ExactString?)])
  func anotherRolePlaceOrHolderIsAnotherSeat(role: Role, place: ExactString?, holder: ExactString?) throws {
    let seat = try #require(SeatID("fenguan"))
    let now = SeatFacts(seat: seat, role: role, place: place, holder: holder)
    let before = SeatFacts(seat: seat, role: .lineLeader, holder: "张三")
    let device = AuthenticatedDevice(
      replica: try #require(ReplicaID("q2w8rt5n")), seat: before, ledger: "tucheng-2023")
    var seen = SeenSeats()
    #expect(!seen.isOther(device))
    seen.seats = [device.ledgerSeat: device.seat]
    #expect(!seen.isOther(device))
    seen.seats = [device.ledgerSeat: now]
    #expect(seen.isOther(device))
    seen.seats = [LedgerSeat(ledger: "tucheng-2022", seat: now.seat): now]
    #expect(!seen.isOther(device))
  }

  @Test func everyConnectionOfTheSeatEndsAndNoOther() async throws {
    let fixture = try ServerFixture()
    let devices = [try fixture.device(), try fixture.device()]
    let other = try fixture.device(ofNewSeat: "jiwei")
    try await fixture.serving { port in
      var peers: [ServerPeer] = []
      for device in devices { peers.append(try await ServerPeer.authenticated(device, to: port)) }
      let bystander = try await ServerPeer.authenticated(other, to: port)
      let seats = try SeatStore(path: fixture.folder.seats)
      try seats.hold(devices[0].seat.seat, of: ServerFixture.ledger, person: "张三", until: nil, at: .zero)
      try seats.close()
      for peer in peers {
        #expect(try await peer.line() == "* stop seat-changed")
        try await peer.closed()
      }
      try await bystander.send("1 ping\n")
      #expect(try await bystander.line()?.hasPrefix("1 ok now=") == true)
      await bystander.close()
      let again = try await ServerPeer.connected(to: port)
      try await again.send("a auth \(devices[0].replica) \(devices[0].secret.digits) unsent=0\n")
      #expect(try await again.lines(2).last?.contains(" holder=张三 ") == true)
      await again.close()
    }
  }

  /// Who looks on goes on looking on: the leader's duty is handed to another person, whose problems come and the former's go.
  @Test(.timeLimit(.minutes(2))) func whoLooksOnGetsTheNewViewByItself() async throws {
    let town = try ClientTown()
    try await town.serving {
      let office = try town.enrolled("bangongshi")
      for (number, leader) in [("15", "张三"), ("16", "李四")] {
        try office.set("problem", number, of: .derived(ExactString("p" + number)))
        try office.set("leader", leader, of: .derived(ExactString("p" + number)))
      }
      _ = try await office.settle()
      let leader = try town.enrolled("fenguan", role: .lineLeader)
      let seat = try #require(SeatID("fenguan"))
      let seats = try SeatStore(path: town.data.seats)
      try seats.hold(seat, of: ClientTown.ledger, person: "张三", until: nil, at: Stamp(milliseconds: 1))
      var events = leader.watch().makeAsyncIterator()
      var told: [WatchEvent] = []
      while try leader.problems() != ["p15"], let event = await events.next() { told.append(event) }
      _ = try seats.handOver(
        seat, of: ClientTown.ledger, to: "李四", keepsDevices: true, at: Stamp(milliseconds: 2))
      try seats.close()
      while try leader.problems() != ["p16"], let event = await events.next() { told.append(event) }
      #expect(!told.contains { if case .offline = $0 { true } else { false } }, "\(told)")
    }
  }
}

extension Replica {
  fileprivate func problems() throws -> [String] { try view().confirmed.problems().map(\.description) }
}
