import EditModel
import LedgerRules
import LedgerStore
import Logging
import SessionRules
import Synchronization

/// What the desk has seen in the file of what commands write beside a running server.
struct SeenSeats: Sendable {
  /// The file's number of changes by others; nil before the first look.
  var change: Int64?
  /// Who is shut out.
  var shutOut: Set<ReplicaID> = []
  /// Where the server is said to have moved.
  var moved: HostPort?
  /// What each seat is now.
  var seats: [LedgerSeat: SeatFacts] = [:]

  /// Whether the device's seat has another role, place or holder than when it came in.
  func isOther(_ device: AuthenticatedDevice) -> Bool {
    seats[device.ledgerSeat].map { $0 != device.seat } ?? false
  }
}

/// Following what commands write.
extension SeatDesk {
  /// Whether the device is shut out, as far as the desk has looked.
  func isShutOut(_ replica: ReplicaID) -> Bool {
    seen.withLock { $0.shutOut.contains(replica) }
  }

  /// Whether the device's seat is another by now, as far as the desk has looked.
  func isSeatOther(_ device: AuthenticatedDevice) -> Bool {
    seen.withLock { $0.isOther(device) }
  }

  /// Looks whether a command has written to the file; ends the connections of devices that were shut out or whose seat
  /// has become another, and tells those that are there where the server has moved. A look that is not done yet is not asked for again.
  func look(_ rosters: [LoopRoster]) {
    guard !isLooking.exchange(true, ordering: .acquiringAndReleasing) else { return }
    thread.run { [self] in
      defer { isLooking.store(false, ordering: .releasing) }
      do throws(StoreError) {
        try lookNow(rosters)
      } catch {
        note(error, "the seats cannot be read; what commands change counts later")
      }
    }
  }

  private func lookNow(_ rosters: [LoopRoster]) throws(StoreError) {
    let change = try store.changeNumber()
    let before = seen.withLock { $0 }
    guard before.change != change else { return }
    let seats = try store.seats().map { (LedgerSeat(ledger: $0.ledger, seat: $0.seat.seat), $0.seat) }
    let now = SeenSeats(
      change: change, shutOut: try store.revoked(), moved: try store.addresses().moved,
      seats: Dictionary(uniqueKeysWithValues: seats))
    seen.withLock { $0 = now }
    try acceptClock()
    ledgers.tell(try store.terms())
    let shutOut = now.shutOut.subtracting(before.shutOut)
    if !shutOut.isEmpty { for roster in rosters { roster.shutOut(shutOut) } }
    // Not only when this look found another seat: a device that came in meanwhile may have shown it before.
    for roster in rosters { roster.endOtherSeats(self) }
    if let moved = now.moved, moved != before.moved { for roster in rosters { roster.say(moved: moved) } }
  }
}
