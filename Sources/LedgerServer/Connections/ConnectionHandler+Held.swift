import EditModel
import LineProtocol
import SessionRules

/// A connection of a device that is shut out, or that is not known here.
extension ConnectionHandler {
  /// Hands over what a held replica put in this turn.
  func quarantine(_ acts: [SubmittedAct], of held: HeldReplica) {
    server.quarantine.keep(acts, of: held, at: server.time.now) { codes in
      self.onLoop { $0.quarantined(acts, codes) }
    }
  }

  private func quarantined(_ acts: [SubmittedAct], _ codes: [ErrorCode]) {
    for (act, code) in zip(acts, codes) { say(.failed(act.tag, WireError(code))) }
    answered(acts.count)
  }

  /// Ends the connection when its device was shut out meanwhile: it may come back, to hand over what it has.
  func endIfShutOut(_ replicas: Set<ReplicaID>) {
    guard let device, replicas.contains(device.replica) else { return }
    refuse(.notice(WireError(.removed)))
  }

  /// Ends the connection when its seat has another role, place or holder than when it came in: it comes anew and is judged,
  /// and sees, as that.
  func endIfSeatIsOther(_ seen: SeenSeats) {
    guard let device, seen.isOther(device) else { return }
    refuse(.notice(WireError(.seatChanged)))
  }

  /// Tells a device where the server has moved.
  func say(moved: HostPort) {
    guard device != nil else { return }
    say(.moved(moved.description))
    endTurn()
  }
}
