import Testing

@testable import SessionRules

struct WaitingRoomTests {
  private func number(_ number: UInt64) -> ConnectionNumber { ConnectionNumber(number) }

  @Test func nobodyGoesWhileThereIsRoom() {
    var room = WaitingRoom(limit: 2)
    #expect(room.enter(number(1), from: "a") == nil)
    #expect(room.enter(number(2), from: "a") == nil)
    #expect(room.enter(number(3), from: "a") == number(1))
    #expect(room.count == 2)
  }

  @Test func theOldestOfTheCrowdGoes() {
    var room = WaitingRoom(limit: 3)
    for one in [(1, "honest"), (2, "flood"), (3, "flood")] { _ = room.enter(number(UInt64(one.0)), from: one.1) }
    #expect(room.enter(number(4), from: "flood") == number(2))
    #expect(room.enter(number(5), from: "other") == number(3))
    #expect(room.enter(number(6), from: "flood") == number(4))
  }

  @Test func whoeverSignsInOrIsGoneMakesRoom() {
    var room = WaitingRoom(limit: 2)
    _ = room.enter(number(1), from: "a")
    _ = room.enter(number(2), from: "b")
    room.leave(number(1), from: "a")
    room.leave(number(1), from: "a")
    #expect(room.count == 1)
    #expect(room.enter(number(3), from: "b") == nil)
  }

  @Test func aNewcomerIsNeverTheOneToGo() {
    var room = WaitingRoom(limit: 1)
    _ = room.enter(number(1), from: "a")
    #expect(room.enter(number(2), from: "b") == number(1))
  }
}
