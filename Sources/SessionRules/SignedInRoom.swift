package import EditModel

/// The connections that have signed in: so many of one device and so many of one seat. Where there is one too many, the
/// oldest goes and the newest stays.
///
/// A device comes anew because its former connection is dead without the server knowing, as when a router between forgot
/// it; so the newest is the one that somebody uses. Of a seat, the oldest of the device that has the most goes: one device
/// cannot push out its seat's others. A value; the server keeps it behind a lock.
package struct SignedInRoom: Sendable {
  /// A seat's connections by device, each in the order in which they signed in.
  private struct Seat: Sendable {
    var devices: [ReplicaID: [ConnectionNumber]] = [:]
    var count = 0

    /// Of the device that has the most the oldest, of several such the one that arrived first.
    var oldestOfMost: (device: ReplicaID, connection: ConnectionNumber)? {
      var found: (device: ReplicaID, connection: ConnectionNumber, count: Int)?
      for (device, connections) in devices {
        guard let oldest = connections.first else { continue }
        if let found, found.count > connections.count { continue }
        if let found, found.count == connections.count, found.connection.rawValue < oldest.rawValue { continue }
        found = (device, oldest, connections.count)
      }
      return found.map { ($0.device, $0.connection) }
    }
  }

  private let deviceLimit: Int
  private let seatLimit: Int
  private var seats: [LedgerSeat: Seat] = [:]

  /// An empty room for `deviceLimit` connections of one device and `seatLimit` of one seat, each at least one.
  package init(deviceLimit: Int, seatLimit: Int) {
    self.deviceLimit = max(1, deviceLimit)
    self.seatLimit = max(1, seatLimit)
  }

  /// How many connections of `seat` have signed in.
  package func count(of seat: LedgerSeat) -> Int { seats[seat]?.count ?? 0 }

  /// A connection of `device` signs in for `seat`; answers the one that has to go for it, nil while there is room.
  package mutating func enter(
    _ connection: ConnectionNumber, of device: ReplicaID, for seat: LedgerSeat
  ) -> ConnectionNumber? {
    seats[seat, default: Seat()].devices[device, default: []].append(connection)
    seats[seat]?.count += 1
    guard let room = seats[seat], let own = room.devices[device] else { return nil }
    if own.count > deviceLimit {
      leave(own[0], of: device, for: seat)
      return own[0]
    }
    guard room.count > seatLimit, let leaving = room.oldestOfMost else { return nil }
    leave(leaving.connection, of: leaving.device, for: seat)
    return leaving.connection
  }

  /// A connection is gone. One that is not there, or had to go, is passed over.
  package mutating func leave(_ connection: ConnectionNumber, of device: ReplicaID, for seat: LedgerSeat) {
    guard let index = seats[seat]?.devices[device]?.firstIndex(of: connection) else { return }
    seats[seat]?.devices[device]?.remove(at: index)
    seats[seat]?.count -= 1
    if seats[seat]?.devices[device]?.isEmpty == true { seats[seat]?.devices[device] = nil }
    if seats[seat]?.count == 0 { seats[seat] = nil }
  }
}
