package import EditModel
package import LedgerRules

/// One state of a replica, with its three parts apart.
package struct ReplicaSnapshot: Sendable {
  /// The file's header at that moment.
  package internal(set) var header: ReplicaHeader
  /// What the server's lines say, and nothing else. Two replicas are identical when this is.
  package internal(set) var confirmed: LedgerState
  /// Own acts that are shown over the confirmed cells, in their own order.
  package internal(set) var overlay: [OwnAct]
  /// Own acts that were refused, in their own order.
  package internal(set) var shelf: [OwnAct]
  /// Own acts that were refused and have left the shelf, in their own order.
  package let offShelf: [OwnAct]
  /// What stands against each other among the confirmed edits and nobody has decided, in the order of the server.
  package let clashes: [Clash]
  /// Whether all that the seat sees was here once; else only what a first fetch has brought so far, or a repaired file or a
  /// changed view is still to be filled.
  package let isFetched: Bool
  /// `confirmed` with the overlay laid over it: what is shown.
  package internal(set) var shown: LedgerState
  /// What the ledger would be if the server accepted the overlay; nil until an act is recorded.
  private var expected: LedgerState?
  /// How many edits of the overlay are in `expected`.
  private var placed: UInt64 = 0

  /// The parts; `acts` are all own ones in the file, in their own order.
  init(header: ReplicaHeader, confirmed: LedgerState, acts: [OwnAct], clashes: [Clash], isFetched: Bool) {
    self.header = header
    self.confirmed = confirmed
    self.overlay = acts.filter(\.phase.isInOverlay)
    self.shelf = acts.filter { $0.phase == .shelved }
    self.offShelf = acts.filter(\.phase.isOffShelf)
    self.clashes = clashes
    self.isFetched = isFetched
    self.shown = confirmed
    for own in overlay { for edit in own.act.edits { shown.show(edit) } }
  }

  /// What the rules judge a new act by: the ledger as it would be with every own pending act accepted, so that a chain
  /// of them can be made without a network.
  mutating func expectation() -> LedgerState {
    if let expected { return expected }
    expected = confirmed
    for own in overlay { expect(own.act) }
    return expected ?? confirmed
  }

  /// Lays one more own act on top.
  mutating func add(_ own: OwnAct) {
    overlay.append(own)
    for edit in own.act.edits { shown.show(edit) }
    if expected != nil { expect(own.act) }
  }

  /// Applies an act as if it were accepted last: under seqs and stamps above all real ones, so that it wins.
  private mutating func expect(_ act: Act) {
    let seat = header.seat ?? ReplicaSnapshot.unknownSeat
    for edit in act.edits {
      placed += 1
      let stamp = Stamp(rawValue: ReplicaSnapshot.lastStamps.rawValue + placed)
      let accepted = AcceptedEdit(
        seq: EditID.counterLimit + placed, receipt: edit.stamp, seat: seat,
        edit: edit.restamped(stamp, shift: .none))
      expected?.apply(accepted)
    }
  }

  /// Stamps above every real one, with room for an overlay above them.
  private static let lastStamps = Stamp(milliseconds: Stamp.millisecondLimit - (1 << 40))

  /// What stands for the own seat before the server has named it.
  private static let unknownSeat: SeatID = {
    guard let seat = SeatID("unknown") else { preconditionFailure("\"unknown\" is a name") }
    return seat
  }()
}

extension LedgerState {
  /// The edit whose value is shown for a field: the own pending one, else the accepted winner.
  package func shownEdit(_ entity: EntityID, _ field: FieldName) -> Edit? {
    self[entity]?.pending[field] ?? self[entity]?.cells[field]?.winner.edit
  }
}
