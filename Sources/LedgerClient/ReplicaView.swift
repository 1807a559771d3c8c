package import EditModel
package import LedgerRules
package import LedgerStore
import LineProtocol

/// Who and what a replica is.
package struct ReplicaInfo: Sendable {
  /// Its folder.
  package let home: String
  /// `host:port` of its server.
  package let server: String
  /// Its second address, which is tried when the first does not answer; nil when there is none.
  package let second: String?
  /// Where that is said to have moved and was not found yet; nil when it is said to be nowhere else.
  package let movingTo: String?
  /// The ledger that it is a copy of.
  package let ledger: ExactString
  /// Its id.
  package let replica: ReplicaID
  /// The seat it acts for; nil before the first contact.
  package let seat: SeatID?
  /// The seat's role; nil before the first contact, or when this version does not know it.
  package let role: Role?
  /// The village or office of the seat, when it has one.
  package let place: ExactString?

  init(home: String, header: ReplicaHeader) {
    self.home = home
    self.server = header.server
    self.second = header.trust?.second
    self.movingTo = header.movingTo
    self.ledger = header.ledger
    self.replica = header.replica
    self.seat = header.seat
    self.role = header.role
    self.place = header.place
  }

  /// The seat's facts as the rules want them; nil until seat and role are known.
  package var facts: SeatFacts? {
    guard let seat, let role else { return nil }
    return SeatFacts(seat: seat, role: role, place: place)
  }
}

extension ReplicaInfo {
  /// What the seat may be shown of the ledger that the device holds.
  package var reader: Reader { Reader(role: role) }
}

/// The ledger as one device shows it at one moment: confirmed, pending and refused, apart and together.
package struct ReplicaView: Sendable {
  /// Who and what the replica is.
  package let info: ReplicaInfo
  /// What the server's lines say, and nothing else.
  package let confirmed: LedgerState
  /// `confirmed` with the own pending edits laid over it (`LedgerState.show`): what lists and details are made from.
  package let shown: LedgerState
  /// Own edits that are not confirmed, in their own order.
  package let pending: [PendingEdit]
  /// Own acts that were refused, in their own order.
  package let shelf: [ShelvedAct]
  /// Own acts that were refused and have left the shelf, in their own order.
  package let offShelf: [ShelvedAct]
  /// What stands against each other among the accepted edits and nobody has decided, in the order of the server; without
  /// those that an own pending edit settles. Empty while the first fetch is under way.
  package let clashes: [Clash]
  /// Whether all that the seat sees was here once; else only what a first fetch has brought so far, or a repaired file or a
  /// changed view is still to be filled.
  package let isFetched: Bool
  private let pendingByID: [EditID: Int]

  init(home: String, snapshot: ReplicaSnapshot) {
    self.info = ReplicaInfo(home: home, header: snapshot.header)
    self.confirmed = snapshot.confirmed
    self.shown = snapshot.shown
    self.pending = snapshot.overlay.flatMap { own in
      own.act.edits.map { PendingEdit(edit: $0, phase: own.phase) }
    }
    self.shelf = snapshot.shelf.map(ShelvedAct.init)
    self.offShelf = snapshot.offShelf.map(ShelvedAct.init)
    self.isFetched = snapshot.isFetched
    let shown = snapshot.shown
    self.clashes = snapshot.clashes.filter { !shown.isSettled($0) }
    self.pendingByID = Dictionary(
      pending.enumerated().map { ($0.element.edit.id, $0.offset) },
      uniquingKeysWith: { _, later in later })
  }

  /// Whether the edit with this identity is an own one that is not confirmed.
  package func isPending(_ id: EditID) -> Bool { pendingByID[id] != nil }

  /// The own pending edit with this identity, with its true stamp.
  package func pendingEdit(_ id: EditID) -> PendingEdit? { pendingByID[id].map { pending[$0] } }

  /// Whether an own edit of this entity is pending.
  package func hasPending(_ entity: EntityID) -> Bool {
    pending.contains { $0.edit.entity == entity }
  }

  /// What a field shows: the own pending edit that was made last, else the confirmed one; with refused values beside
  /// it.
  /// Nil when there is none of these.
  package func cell(_ entity: EntityID, _ field: FieldName) -> ShownCell? {
    let refused = shelf.flatMap(\.act.edits).filter { $0.entity == entity && $0.field == field }
    let state = shown[entity]
    if let own = state?.pending[field] {
      return ShownCell(edit: own, accepted: nil, shelved: refused)
    }
    let winner = state?.cells[field]?.winner
    guard winner != nil || !refused.isEmpty else { return nil }
    return ShownCell(edit: winner?.edit, accepted: winner, shelved: refused)
  }
}

/// What a field shows.
package struct ShownCell: Hashable, Sendable {
  /// The edit whose value is shown; nil when only refused ones are there.
  package let edit: Edit?
  /// The server's line of it; nil while it is pending.
  package let accepted: AcceptedEdit?
  /// Own edits of the field that were refused.
  package let shelved: [Edit]

  /// Whether the value shown is an own one that is not confirmed.
  package var isPending: Bool { edit != nil && accepted == nil }
}

/// An own edit that is not confirmed.
package struct PendingEdit: Hashable, Sendable {
  /// The edit.
  package let edit: Edit
  /// How far its act got.
  package let phase: OwnActPhase
}

/// An own act that was refused.
package struct ShelvedAct: Hashable, Sendable {
  /// The act.
  package let act: Act
  /// Why, as a code of the error table: `stage-moved` …
  package let code: String
  /// What stood behind the code.
  package let arguments: [String]
  /// How far it got: on the shelf, discarded or tried again.
  package let phase: OwnActPhase

  init(_ own: OwnAct) {
    self.phase = own.phase
    self.act = own.act
    self.code = own.refusal?.code ?? ""
    self.arguments = own.refusal?.arguments ?? []
  }
}

/// One edit of a history.
package struct HistoryEntry: Hashable, Sendable {
  /// The edit.
  package let edit: Edit
  /// The server's line of it; nil while it is not confirmed here.
  package let accepted: AcceptedEdit?
  /// How far its act got; nil when it is confirmed.
  package let phase: OwnActPhase?
}

/// How a replica stands.
package struct ReplicaStatus: Sendable {
  /// Who and what it is.
  package let info: ReplicaInfo
  /// Own acts that the server has not decided, as far as is known.
  package let unsent: Int
  /// Own acts that the server accepted and whose lines have not come back yet.
  package let acknowledged: Int
  /// Own acts on the shelf.
  package let shelved: Int
  /// Own acts that cannot be read any more and are not known to be at the town.
  package let damaged: [DamagedAct]
  /// Lines that this device holds and the server, after going back, does not.
  package let surplus: [AcceptedEdit]
  /// Confirmed lines.
  package let confirmedLines: Int
  /// The seq up to which everything visible is here.
  package let reachedSeq: UInt64
  /// The server's history that they are of; nil before the first contact.
  package let epoch: String?
  /// The server's time at the last contact; nil: never.
  package let lastContact: Stamp?
  /// The server's time minus this device's, in milliseconds, as it can be told now; nil before the first contact.
  package let offsetMilliseconds: Int64?
  /// Since when the server has shut this device out or not known it, by the server's clock, and how many acts were handed
  /// over for a decision; nil while it is let in.
  package let removal: ReplicaRemoval?
  /// SHA-256 over the confirmed cells.
  package let stateHash: String
  /// What the owner must be told about the replica as a whole, oldest first; what was settled and seen is not among it.
  package let notices: [ReplicaNotice]
  /// How the self-found problems are known that went out of the seat's sight, whether that was shown or not.
  package let gone: [EntityID: String]
  /// The number of the last of them.
  let lastNotice: Int64
  /// Whether some process is talking to the server now.
  package let isBeingSynced: Bool

  /// Whether nothing is open any more of what a notice may be about: all own acts are at the server and back, and it has
  /// everything that this device has.
  package var isSettled: Bool { unsent == 0 && acknowledged == 0 && surplus.isEmpty }

  init(
    home: String, header: ReplicaHeader, offsetMilliseconds: Int64?, counts: ReplicaCounts, damaged: [DamagedAct],
    surplus: [AcceptedEdit],
    notices: [ReplicaNotice], lastNotice: Int64, gone: [EntityID: String],
    stateHash: String, isBeingSynced: Bool
  ) {
    self.info = ReplicaInfo(home: home, header: header)
    self.unsent = counts.unsent
    self.acknowledged = counts.acknowledged
    self.shelved = counts.shelved
    self.damaged = damaged
    self.surplus = surplus
    self.confirmedLines = counts.lines
    self.reachedSeq = header.reached
    self.epoch = header.epoch?.description
    self.lastContact = header.contact
    self.offsetMilliseconds = offsetMilliseconds ?? header.offsetMilliseconds
    self.removal = header.removal
    self.stateHash = stateHash
    self.notices = notices
    self.lastNotice = lastNotice
    self.gone = gone
    self.isBeingSynced = isBeingSynced
  }
}
