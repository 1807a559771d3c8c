package import EditModel
package import LineProtocol

/// What to do. Actions are carried out in the order given; a failing store action ends the connection.
package enum SyncAction: Sendable {
  /// Open the socket; answered by `connected` or `disconnected`.
  case connect
  /// Close the socket; answered by `disconnected`.
  case disconnect
  /// Write these lines.
  case send([ClientLine])
  /// Set a timer, replacing the one of the same name.
  case wake(SyncTimer, after: Duration)

  /// The server's time, as its greeting or a ping's answer says; the file keeps the offset.
  case noteTime(Stamp)
  /// Keep what the server says of the seat.
  case noteSeat(seat: String, role: String, place: String?, holder: String? = nil)
  /// Keep the mark of what the server answered when it let the device in, with what it was told of the device on this
  /// connection; nil: it gave none.
  case noteWelcome(ExactString?)
  /// Keep that the server has shut this device out or does not know it, and how many acts were handed over; a seat that
  /// is noted later ends that.
  case noteRemoved(handedOver: Int)
  /// Keep this certificate, base 64, when it is one for the device's own key.
  case keepCertificate(String)
  /// The server says that it has moved to this address, `HOST:PORT`: try it first from the next connection on. Nil: it
  /// says so no more.
  case noteMoving(to: String?)
  /// Durably mark these acts as sent.
  case markSent([UInt64])
  /// Keep these lines, and where the stream stands when it said so; answered by `foundStranger` when one is of the own
  /// id and not written here, by `outbox` when own acts were confirmed by it.
  case apply([AcceptedEdit], reached: Reached?)
  /// This entity and everything under it are this seat's no more: their lines are forgotten.
  case withdraw(EntityID)
  /// These acts were accepted.
  case acknowledge([Acknowledgement])
  /// The act was refused: it goes to the shelf with the answer.
  case shelve(UInt64, answer: WireError)
  /// The server has another act under this identity.
  case markForked(UInt64)
  /// Put this act and every undecided own one after it on the server's time line; answered by `outbox`.
  case restamp(from: UInt64, now: Stamp)
  /// The ledger was opened from nothing in this epoch.
  case begin(Epoch)
  /// The server went back: drop confirmed lines above `seq`, put own accepted ones into the outbox again, keep the
  /// others aside, and stand in `epoch` from now on; answered by `outbox`.
  case rewind(seq: UInt64, Epoch)
  /// The server has another history: the same with everything; answered by `outbox`. What others wrote is kept aside
  /// unless the server has it and only the seat's view is another.
  case restart(Epoch, keepsOthers: Bool)
  /// Remember that a new id is needed, across restarts.
  case needNewID
  /// Take the new id: every undecided act is issued anew under it, in one transaction; answered by `renewed` and
  /// `outbox`.
  case adopt(ReplicaID, Secret)

  /// Tell whoever watches.
  case report(SyncReport)
}

/// The server's word that an act is accepted and on its disk.
package struct Acknowledgement: Hashable, Sendable {
  /// The act's number.
  package let n: UInt64
  /// The seq of its first edit.
  package let firstSeq: UInt64
}

/// Where the stream stands: the words of `= SEQ CURSOR`.
package struct Reached: Hashable, Sendable {
  /// Everything visible up to here has come.
  package let seq: UInt64
  /// What to open with next time.
  package let cursor: ExactString

  /// A place in the stream.
  package init(seq: UInt64, cursor: ExactString) {
    self.seq = seq
    self.cursor = cursor
  }
}

/// What a watcher is told.
package enum SyncReport: Hashable, Sendable {
  /// The ledger is open.
  case online
  /// There is no connection; another is tried later.
  case offline(SyncFailure)
  /// The server decided an own act; so many are left.
  case decided(left: Int)
  /// The server asked to wait with acts.
  case waiting(ErrorCode)
  /// The ledger holds back own acts for somebody to decide: so many on this connection.
  case held(Int)
  /// Everything is there and nothing waits.
  case settled
}
