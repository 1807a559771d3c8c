import EditModel
import Testing

@testable import SessionRules

struct SignedInRoomTests {
  private let seat: LedgerSeat
  private let other: LedgerSeat
  private let devices: [ReplicaID]

  init() throws {
    seat = LedgerSeat(ledger: "tucheng-2023", seat: try #require(SeatID("zhangbaiwan")))
    other = LedgerSeat(ledger: "tucheng-2022", seat: seat.seat)
    devices = try ["q2w8rt5n", "h4m7xk2v", "x7c3mv0d"].map { try #require(ReplicaID($0)) }
  }

  private func number(_ number: UInt64) -> ConnectionNumber { ConnectionNumber(number) }

  @Test func aDeviceHasItsConnectionsAndTheOldestGoesForOneMore() {
    var room = SignedInRoom(deviceLimit: 3, seatLimit: 100)
    for one in 1...3 { #expect(room.enter(number(UInt64(one)), of: devices[0], for: seat) == nil) }
    #expect(room.enter(number(4), of: devices[0], for: seat) == number(1))
    #expect(room.enter(number(5), of: devices[0], for: seat) == number(2))
    // Another device of the seat has its own.
    #expect(room.enter(number(6), of: devices[1], for: seat) == nil)
    #expect(room.count(of: seat) == 4)
  }

  @Test func aSeatHasItsConnectionsAndTheOldestOfItsGreediestDeviceGoesForOneMore() {
    var room = SignedInRoom(deviceLimit: 100, seatLimit: 4)
    #expect(room.enter(number(1), of: devices[0], for: seat) == nil)
    for one in 2...4 { #expect(room.enter(number(UInt64(one)), of: devices[1], for: seat) == nil) }
    #expect(room.enter(number(5), of: devices[2], for: seat) == number(2))
    #expect(room.enter(number(6), of: devices[1], for: seat) == number(3))
    #expect(room.count(of: seat) == 4)
  }

  @Test func ofDevicesThatHaveAsManyTheOldestGoesAndNeverTheNewest() {
    var room = SignedInRoom(deviceLimit: 1, seatLimit: 2)
    #expect(room.enter(number(7), of: devices[0], for: seat) == nil)
    #expect(room.enter(number(8), of: devices[1], for: seat) == nil)
    #expect(room.enter(number(9), of: devices[2], for: seat) == number(7))
    var small = SignedInRoom(deviceLimit: 0, seatLimit: 0)
    #expect(small.enter(number(1), of: devices[0], for: seat) == nil)
    #expect(small.enter(number(2), of: devices[1], for: seat) == number(1))
  }

  @Test func whoeverIsGoneMakesRoomOnce() {
    var room = SignedInRoom(deviceLimit: 2, seatLimit: 2)
    _ = room.enter(number(1), of: devices[0], for: seat)
    _ = room.enter(number(2), of: devices[0], for: seat)
    room.leave(number(1), of: devices[0], for: seat)
    room.leave(number(1), of: devices[0], for: seat)
    #expect(room.count(of: seat) == 1)
    #expect(room.enter(number(3), of: devices[0], for: seat) == nil)
    room.leave(number(2), of: devices[0], for: seat)
    room.leave(number(3), of: devices[0], for: seat)
    #expect(room.count(of: seat) == 0)
  }

  @Test func aSeatOfAnotherLedgerIsAnother() {
    var room = SignedInRoom(deviceLimit: 1, seatLimit: 1)
    #expect(room.enter(number(1), of: devices[0], for: seat) == nil)
    #expect(room.enter(number(2), of: devices[1], for: other) == nil)
    #expect(room.count(of: seat) == 1)
  }
}
