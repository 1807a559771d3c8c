package import EditModel

/// What was wrong with a ledger, seat or device that was named.
package enum SeatProblem: Hashable, Sendable, CustomStringConvertible {
  /// There is no such ledger.
  case noLedger(ExactString)
  /// There is no such seat in the ledger, or, without one, in any.
  case noSeat(SeatID, ExactString?)
  /// There is no such device.
  case noDevice(ReplicaID)
  /// The ledger is there already.
  case ledgerTaken(ExactString)
  /// The ledger has the seat already.
  case seatTaken(SeatID, ExactString)
  /// The device is there already.
  case deviceTaken(ReplicaID)
  /// The device belongs to another seat.
  case otherSeat(ReplicaID, SeatID, ExactString)
  /// Somebody holds the seat: this person.
  case seatHeld(SeatID, ExactString, ExactString)
  /// Nobody holds the seat.
  case seatFree(SeatID, ExactString)
  /// A code with the same look-up is there.
  case codeTaken
  /// There is no code with this look-up.
  case noCode(String)
  /// A line of an exported seats file is not one; the number counts from 1.
  case badLine(Int)

  /// What happened and what to do next.
  package var description: String {
    switch self {
    case .noLedger(let name): "There is no ledger \(name). Nothing was changed. `ledger list` shows those there are."
    case .noSeat(let seat, let ledger):
      "There is no seat \(seat)\(ledger.map { " in ledger \($0)" } ?? ""). Nothing was changed. Add it with `seat add` "
        + "first; `seat list` shows those there are."
    case .noDevice(let replica):
      "There is no device \(replica). Nothing was changed. Check the id, or add a new device."
    case .ledgerTaken(let name): "There is a ledger \(name) already. Nothing was changed. Choose another name."
    case .seatTaken(let seat, let ledger):
      "There is a seat \(seat) in ledger \(ledger) already. Nothing was changed. Choose another name."
    case .deviceTaken(let replica): "There is a device \(replica) already. Nothing was changed. Try again."
    case .otherSeat(let replica, let seat, let ledger):
      "Device \(replica) belongs to seat \(seat) of ledger \(ledger). Nothing was changed. Name that seat with its "
        + "--ledger, or add a new device."
    case .seatHeld(let seat, let ledger, let person):
      "Seat \(seat) of ledger \(ledger) is held by \(person). Nothing was changed. Give it to somebody else with "
        + "`seat handover`, or end the term with `seat end`."
    case .seatFree(let seat, let ledger):
      "Nobody holds seat \(seat) of ledger \(ledger). Nothing was changed. Give it to somebody with `seat hold`."
    case .codeTaken: "A code with the same first digits is there already. Nothing was changed. Try again."
    case .noCode(let lookup):
      "There is no code \(lookup)-…. Nothing was changed. `code list` shows those there are."
    case .badLine(let number):
      "Line \(number) of the seats is not one that this program writes. Nothing was changed. Check the snapshot set."
    }
  }
}
