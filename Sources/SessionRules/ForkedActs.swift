import EditModel
import LineProtocol

/// The acts of one connection that were answered `forked`: whatever is said of things that they would have made would be said
/// of what another copy of the folder made under the same numbers (protocol/06-sync.md).
struct ForkedActs: Hashable, Sendable {
  private var numbers: Set<UInt64> = []
  /// More were forked than are kept by number: from then on every thing that this replica made counts.
  private var isBeyond = false

  /// Notes that `act` was answered `forked`.
  mutating func note(_ act: Act) {
    if numbers.count < Limits.forkedActs { numbers.insert(act.id.n) } else { isBeyond = true }
  }

  /// Act `n` was not forked after all.
  mutating func remove(_ n: UInt64) { numbers.remove(n) }

  /// Whether `act` is about a thing that a forked act would have made. A copy of what was decided is only where that is known
  /// for certain: what the replica itself has put before is never taken from it.
  func haveMade(aThingOf act: Act, isCopy: Bool) -> Bool {
    act.edits.contains { edit in
      guard case .created(let id) = edit.entity, id.replica == act.id.replica, id.act != act.id else { return false }
      return numbers.contains(id.n) || isBeyond && !isCopy
    }
  }
}
