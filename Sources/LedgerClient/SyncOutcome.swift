package import EditModel
package import LedgerRules
package import LedgerStore

/// What a sync achieved.
package enum SyncOutcome: Hashable, Sendable {
  /// Everything own is at the town and everything of the town is here.
  case atTown(SyncSummary)
  /// So many own acts are safe on this device and not at the town, for this reason.
  case savedHere(unsent: Int, reason: OfflineReason, SyncSummary)

  /// What happened on the way.
  package var summary: SyncSummary {
    switch self {
    case .atTown(let summary), .savedHere(_, _, let summary): summary
    }
  }
}

/// What happened during a sync.
package struct SyncSummary: Hashable, Sendable {
  /// Lines that are new here.
  package internal(set) var received = 0
  /// Own acts that the server decided, those among them that it had lost by going back and was sent again.
  package internal(set) var sent = 0
  /// Own acts that came on the shelf.
  package internal(set) var shelved: [ShelvedAct] = []
  /// Own acts that the town keeps for a decision, since the ledger was restored to before them; they stay here.
  package internal(set) var held = 0
  /// What the owner must be told about the replica as a whole.
  package internal(set) var notices: [ReplicaNotice] = []
  /// The server's time minus this device's, in milliseconds, as measured now or last; nil: never.
  package internal(set) var offsetMilliseconds: Int64?
}

/// How far a running sync is.
package enum SyncProgress: Hashable, Sendable {
  /// A connection is being opened.
  case connecting
  /// The ledger is open.
  case connected
  /// So many lines have come that are new here, of about so many; 0: not known.
  case received(lines: Int, of: Int)
  /// So many own acts are decided, of so many.
  case sent(acts: Int, of: Int)
  /// The connection broke off, for this reason; the next is tried after so long.
  case comesBack(OfflineReason, after: Duration)
  /// The server takes no acts now, for this reason; they are tried again until the time is over.
  case waiting(OfflineReason)
}

/// What a watcher is told.
package enum WatchEvent: Hashable, Sendable {
  /// Connected: what others do arrives as they do it.
  case online
  /// Not connected; it is tried again by itself.
  case offline(OfflineReason)
  /// Not connected still: the next connection is tried after so long.
  case comesBack(after: Duration)
  /// It is being tried.
  case connecting
  /// Newly confirmed lines, in the order in which they came.
  case edits([AcceptedEdit])
  /// Own acts were recorded or moved on.
  case own
  /// Something about the replica as a whole.
  case notice(ReplicaNotice)
}

/// What a server says of itself and its devices.
package struct ServerStatus: Hashable, Sendable {
  /// The devices of the ledger's seats.
  package let devices: [DeviceStatus]
  /// The greatest seq of the ledger.
  package let lastSeq: UInt64
  /// The server's time.
  package let now: Stamp
  /// When the newest snapshot was taken, on the server's clock; nil: none is known.
  package let snapshot: Stamp?
}

/// One device as its server knows it.
package struct DeviceStatus: Hashable, Sendable {
  /// Its id.
  package let replica: ReplicaID
  /// The seat it acts for.
  package let seat: SeatID
  /// The seat's role, nil when this version does not know it.
  package let role: Role?
  /// The seat's village or office, when it has one.
  package let place: ExactString?
  /// When it was last heard from, on the server's clock; nil: never.
  package let contact: Stamp?
  /// How many acts waited in its outbox, as it said last.
  package let unsent: Int
  /// Whether it is connected.
  package let isLive: Bool
}
