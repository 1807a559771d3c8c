package import EditModel
import LedgerRules

/// A seat of one ledger: two ledgers may have seats of one name.
package struct LedgerSeat: Hashable, Sendable {
  /// The ledger.
  package let ledger: ExactString
  /// The seat's name in it.
  package let seat: SeatID

  /// The seat `seat` of `ledger`.
  package init(ledger: ExactString, seat: SeatID) {
    self.ledger = ledger
    self.seat = seat
  }
}

extension AuthenticatedDevice {
  /// Its seat among those of all ledgers.
  package var ledgerSeat: LedgerSeat { LedgerSeat(ledger: ledger, seat: seat.seat) }
}
