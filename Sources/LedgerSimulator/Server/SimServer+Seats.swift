import EditModel
import LedgerRules
import LineProtocol
import SessionRules

/// Seats that become another: their place is, and who holds them. The devices stay the seat's.
extension SimServer {
  /// From now on a seat is `facts`: what is connected for it is sent away, to come back as what it is now.
  func change(_ facts: SeatFacts) {
    world.note("\(facts.seat) is at \(facts.place?.string ?? "-") from now on, held by \(facts.holder?.string ?? "-")")
    for (replica, device) in devices where device.seat.seat == facts.seat {
      devices[replica] = EnrolledDevice(secret: device.secret, seat: facts)
    }
    for connection in connections.sorted(by: { $0.key < $1.key }).map(\.value) {
      if connection.device?.seat.seat == facts.seat { connection.seatChanged() }
    }
  }
}
