import EditModel
import LedgerAdmin
import LedgerRules
import LedgerStore
import LineProtocol
import Testing

/// One person on two seats, over the wire.
struct PersonTests {
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

  /// A device of a new seat, held by `person`.
  private func device(_ name: String, _ role: Role, _ place: ExactString?, person: ExactString) throws -> DeviceGrant {
    let seat = try #require(SeatID(name))
    return try onSeats { seats in
      try seats.addSeat(SeatFacts(seat: seat, role: role, place: place), ledger: ServerFixture.ledger)
      try seats.hold(seat, of: ServerFixture.ledger, person: person, until: nil, at: .zero)
      var generator = SystemRandomNumberGenerator()
      return try seats.addDevice(
        seat, of: ServerFixture.ledger, draw: DeviceDraw(using: &generator), at: .zero)
    }
  }

  /// Puts an act of the device: each line is `ENTITY FIELD VALUE`, `@` its first edit; a stage has a base. Answers the
  /// answer.
  private func put(
    _ n: Int, _ lines: [String], base: String = "-", by device: DeviceGrant, to port: Int
  ) async throws
    -> String?
  {
    let peer = try await ServerPeer.authenticated(device, to: port)
    for (index, line) in lines.enumerated() {
      let id = "\(device.replica).\(n)/\(index + 1) \(lines.count) 01hcd4g9s0000 0"
      let base = line.contains(" stage ") ? base : "-"
      let part = line.hasPrefix("@") ? "\(device.replica).\(n)/1\(line.dropFirst())" : line
      try await peer.send("p put \(id) \(base) \(part)\n")
    }
    let answer = try await peer.line()
    await peer.close()
    return answer
  }

  @Test func nobodyReviewsWhatTheySubmittedFromAnotherSeat() async throws {
    let owner = try fixture.device()
    let office = try device("keshi", .townOffice, "农经站", person: "张三")
    let leader = try device("fenguan", .lineLeader, nil, person: "张三")
    let review = ["p1 stage second_review", "@ opinion 同意"]
    try await fixture.serving { port in
      let begun = [
        "p1 problem 1", "p1.1 measure 1", "p1 lead_unit 农经站", "p1 leader 张三", "p1 deadline 2023-12-31",
        "p1 closing_standard 标准", "p1 stage unclaimed",
      ]
      #expect(try await put(1, begun, by: owner, to: port) == "p ok 1")
      let claimed = try await put(1, ["p1 stage working"], base: "\(owner.replica).1/7", by: office, to: port)
      #expect(claimed == "p ok 8")
      let submission = ["p1.1 state done", "p1 effect 成效", "p1 stage first_review"]
      let submitted = try await put(2, submission, base: "\(office.replica).1/1", by: office, to: port)
      #expect(submitted == "p ok 9")
      let refused = try await put(1, review, base: "\(office.replica).2/3", by: leader, to: port)
      #expect(refused == "p shelve stage-seat person")
    }
    _ = try onSeats {
      try $0.handOver(leader.seat.seat, of: ServerFixture.ledger, to: "李四", keepsDevices: true, at: .zero)
    }
    try await fixture.serving { port in
      let answer = try await put(2, review, base: "\(office.replica).2/3", by: leader, to: port)
      #expect(answer != nil && answer?.hasSuffix(" person") == false, "\(answer ?? "-")")
    }
  }
}
