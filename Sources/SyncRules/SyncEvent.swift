package import EditModel
package import LineProtocol

/// What a replica's file says of itself when its sync starts.
package struct SyncFacts: Sendable {
  /// The current id.
  package var replica: ReplicaID
  /// What proves it.
  package var secret: Secret
  /// The ledger to open.
  package var ledger: ExactString
  /// The mark of what a server answered when it last let the device in, while the device is what it said then; nil when
  /// there is none.
  package var welcome: ExactString?
  /// Everything visible up to here has come.
  package var reached: UInt64
  /// How far the stream was followed, as the server said it; nil: from nothing.
  package var cursor: ExactString?
  /// The history that the confirmed lines are of; nil before the first.
  package var epoch: Epoch?
  /// The greatest `n` given out under the current id.
  package var counter: UInt64
  /// From which server time on a new certificate is asked for; nil: never, without one.
  package var certificateDue: Stamp?
  /// Whether the replica must get a new id before it sends new acts: its folder was copied or went back.
  package var needsNewID: Bool

  /// Whether the file has another address that the server was said to have moved to, and nobody was found there yet.
  package var isMoving: Bool

  /// Facts from their parts; see the properties.
  package init(
    replica: ReplicaID, secret: Secret, ledger: ExactString, cursor: ExactString? = nil,
    epoch: Epoch? = nil,
    counter: UInt64 = 0, needsNewID: Bool = false, certificateDue: Stamp? = nil, isMoving: Bool = false,
    welcome: ExactString? = nil, reached: UInt64 = 0
  ) {
    self.welcome = welcome
    self.reached = reached
    self.isMoving = isMoving
    self.certificateDue = certificateDue
    self.replica = replica
    self.secret = secret
    self.ledger = ledger
    self.cursor = cursor
    self.epoch = epoch
    self.counter = counter
    self.needsNewID = needsNewID
  }
}

/// An own act of the current id that the server has not decided, as far as is known.
package struct OutboxAct: Hashable, Sendable {
  /// How far it got.
  package enum Phase: Hashable, Sendable {
    /// No byte of it ever left.
    case pending
    /// It may have arrived: it must be decided under this identity before anything else is done with it.
    case sent
    /// The server has another act under this identity; it waits for a new one.
    case forked
  }

  /// The act.
  package var act: Act
  /// How far it got.
  package var phase: Phase
  /// Whether it was accepted in an earlier epoch: its stamp is kept and it is never issued anew.
  package var wasAccepted: Bool

  /// An act of the outbox.
  package init(act: Act, phase: Phase, wasAccepted: Bool = false) {
    self.act = act
    self.phase = phase
    self.wasAccepted = wasAccepted
  }
}

/// The machine's timers; setting one replaces the one of the same name.
package enum SyncTimer: Hashable, Sendable {
  /// Time to connect again.
  case reconnect
  /// Time to send acts again after the server asked to wait.
  case resume
  /// Time to look whether the server still answers.
  case watchdog
}

/// What happened.
package enum SyncEvent: Sendable {
  /// The driver is ready.
  case started
  /// The socket is connected.
  case connected
  /// The server sent a line.
  case received(ServerMessage)
  /// The server sent something that is no line of this protocol.
  case unreadable
  /// One read of the socket has been handed over whole.
  case readEnded
  /// What the outbox holds now under the current id, undecided acts only, and the counter.
  case outbox([OutboxAct], counter: UInt64)
  /// A line of the own id came that this replica did not write.
  case foundStranger
  /// A timer rang.
  case woke(SyncTimer)
  /// The socket is closed or could not be opened. `random` is any 64 random bits, for the jitter.
  case disconnected(SyncFailure, random: UInt64)
  /// The file has taken a new id; these are the facts from now on.
  case renewed(SyncFacts)
}

/// Why there is no connection, or why it does not help.
package enum SyncFailure: Hashable, Sendable {
  /// The name did not resolve or nobody listens; the system's words.
  case unreachable(String)
  /// The other side closed the connection.
  case closed
  /// Nothing came for too long.
  case timedOut
  /// The server does not know this replica or its secret.
  case denied
  /// The server has shut this device out or does not know it; so many acts were handed over for a decision.
  case removed(handedOver: Int)
  /// The server does not take this device's certificate: `missing`, `expired` or `other`.
  case certificate(String)
  /// The other side is not the organisation's server.
  case distrusted(SyncDistrust)
  /// The server has no such ledger.
  case noLedger(ExactString)
  /// The server refused the connection or a request of it for good.
  case stopped(ErrorCode)
  /// The server cannot decide now.
  case waits(ErrorCode)
  /// The other side does not speak this protocol or this version.
  case notTaizhang
  /// The server's history is of a lower generation than what this replica has seen.
  case olderHistory
  /// The replica's own file failed; the driver has the details.
  case storage
  /// Not a failure: the connection was closed to come back under a new id, or with another seat.
  case renewed

  /// Whether trying again soon makes no sense.
  var isLasting: Bool {
    switch self {
    case .denied, .removed, .certificate, .distrusted, .noLedger, .notTaizhang, .olderHistory, .storage: true
    case .unreachable, .closed, .timedOut, .stopped, .waits, .renewed: false
    }
  }
}

/// Why the other side is not believed to be the organisation's server.
package enum SyncDistrust: Hashable, Sendable {
  /// It is under another key: the fingerprint that this replica knows, and the one that was found.
  case otherKey(known: String, found: String)
  /// Its certificate has run out.
  case expired
  /// The address is another machine's, and this replica has nothing to know a server by: only plain connections.
  case plain(String)
  /// The server is on another machine than this one, and this device may not leave it.
  case confined(String)
  /// The private key of this device is not there or damaged.
  case noKey
}
