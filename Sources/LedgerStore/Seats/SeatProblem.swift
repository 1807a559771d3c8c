package import EditModel

/// What was wrong with a ledger, seat or device that was named.
package enum SeatProblem: Hashable, Sendable, CustomStringConvertible {
  /// There is no such ledger.
  case noLedger(ExactString)
  /// There is no such seat.
  case noSeat(SeatID)
  /// There is no such device.
  case noDevice(ReplicaID)
  /// The ledger is there already.
  case ledgerTaken(ExactString)
  /// The seat is there already.
  case seatTaken(SeatID)
  /// The device is there already.
  case deviceTaken(ReplicaID)
  /// The device belongs to another seat.
  case otherSeat(ReplicaID, SeatID)
  /// A line of an exported seats file is not one; the number counts from 1.
  case badLine(Int)

  /// What happened and what to do next.
  package var description: String {
    switch self {
    case .noLedger(let name): "There is no ledger \(name). Nothing was changed. `ledger list` shows those there are."
    case .noSeat(let seat): "There is no seat \(seat). Nothing was changed. Add it with `seat add` first."
    case .noDevice(let replica):
      "There is no device \(replica). Nothing was changed. Check the id, or add a new device."
    case .ledgerTaken(let name): "There is a ledger \(name) already. Nothing was changed. Choose another name."
    case .seatTaken(let seat): "There is a seat \(seat) already. Nothing was changed. Choose another name."
    case .deviceTaken(let replica): "There is a device \(replica) already. Nothing was changed. Try again."
    case .otherSeat(let replica, let seat):
      "Device \(replica) belongs to seat \(seat). Nothing was changed. Name that seat, or add a new device."
    case .badLine(let number):
      "Line \(number) of the seats is not one that this program writes. Nothing was changed. Check the snapshot set."
    }
  }
}
