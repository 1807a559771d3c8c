import EditModel
import LineProtocol

// A device that the server has shut out or does not know, and acts that a ledger holds back: they are offered once on a
// connection for a decision, and stay here.

extension SyncMachine {
  /// `auth` was answered `held=1`.
  mutating func beginHandingOver() -> [SyncAction] {
    stage = .handingOver
    offered = []
    handedOver = []
    next = 0
    facts.welcome = nil
    return [.wake(.watchdog, after: waits.idle)]
  }

  /// What was answered about act `n`: whatever it is, nothing was decided, and it is not offered again on this connection.
  mutating func offered(_ n: UInt64, _ error: WireError) -> [SyncAction] {
    offered.insert(n)
    if error.code == .held { handedOver.insert(n) }
    return []
  }

  /// Ends the connection once everything was offered and answered.
  mutating func endHandingOver() -> [SyncAction] {
    guard inFlight.isEmpty, !acts.values.contains(where: { $0.phase != .forked && !offered.contains($0.act.id.n) })
    else { return [] }
    let count = handedOver.count
    return [.noteRemoved(handedOver: count)] + close(.removed(handedOver: count))
  }
}
