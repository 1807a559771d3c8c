/// The connections that have not said yet who they are: so many and no more, and when it is full the oldest of whoever
/// brought the most has to go.
///
/// So a flood costs its own connections and nobody else's: one that comes in, also from the flood's own address, has as
/// long to sign in as the flood takes to fill the room. A value; the server keeps it behind a lock.
package struct WaitingRoom: Sendable {
  private let limit: Int
  private var waiting: [String: [ConnectionNumber]] = [:]
  /// How many connections wait.
  package private(set) var count = 0

  /// An empty room for `limit` connections, at least one.
  package init(limit: Int) {
    self.limit = max(1, limit)
  }

  /// A connection comes in from `address`; answers the one that has to go for it, nil while there is room.
  package mutating func enter(_ connection: ConnectionNumber, from address: String) -> ConnectionNumber? {
    waiting[address, default: []].append(connection)
    count += 1
    guard count > limit, let crowd = crowd, let oldest = waiting[crowd]?.first(where: { $0 != connection }) else {
      return nil
    }
    leave(oldest, from: crowd)
    return oldest
  }

  /// A connection waits no more: it said who it is, or is gone. One that does not wait is passed over.
  package mutating func leave(_ connection: ConnectionNumber, from address: String) {
    guard let index = waiting[address]?.firstIndex(of: connection) else { return }
    waiting[address]?.remove(at: index)
    if waiting[address]?.isEmpty == true { waiting[address] = nil }
    count -= 1
  }

  /// The address that most of the waiting came from, of several the least.
  private var crowd: String? {
    waiting.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }?.key
  }
}
