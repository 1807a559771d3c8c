package import EditModel

/// What a ledger's machine begins with beside the state.
package struct LedgerFacts: Hashable, Sendable {
  /// The last accepted line, 0 when there is none.
  package let lastSeq: UInt64
  /// The greatest stamp in the history, receipts included: the server's time is never below it.
  package let greatestStamp: Stamp
  /// The greatest n decided for each replica.
  package let lastByReplica: [ReplicaID: UInt64]

  /// What an empty ledger begins with, or what a store found.
  package init(lastSeq: UInt64 = 0, greatestStamp: Stamp = .zero, lastByReplica: [ReplicaID: UInt64] = [:]) {
    self.lastSeq = lastSeq
    self.greatestStamp = greatestStamp
    self.lastByReplica = lastByReplica
  }
}

/// Which connections must put an act again before their later acts are judged, and which acts of theirs were forked.
package struct Holds: Sendable {
  private var byConnection: [ConnectionNumber: EarlierHold] = [:]
  private var forkedByConnection: [ConnectionNumber: ForkedActs] = [:]

  /// No connection is held.
  package init() {}

  /// The connection is gone.
  package mutating func forget(_ connection: ConnectionNumber) {
    byConnection[connection] = nil
    forkedByConnection[connection] = nil
  }

  /// `act` was answered `forked`.
  mutating func noteForked(_ act: Act, on connection: ConnectionNumber) {
    forkedByConnection[connection, default: ForkedActs()].note(act)
  }

  /// An act under number `n` was accepted: what was noted of the number came of a decision that the store did not keep.
  mutating func noteAccepted(_ n: UInt64, on connection: ConnectionNumber) {
    guard !forkedByConnection.isEmpty else { return }
    forkedByConnection[connection]?.remove(n)
  }

  /// Whether `act` is about a thing that an act of this connection would have made that was answered `forked`; `isCopy`:
  /// whether one of this content was decided under its number.
  func speaksOfForked(_ act: Act, isCopy: Bool, on connection: ConnectionNumber) -> Bool {
    guard !forkedByConnection.isEmpty, let forked = forkedByConnection[connection] else { return false }
    return forked.haveMade(aThingOf: act, isCopy: isCopy)
  }

  mutating func blocker(of n: UInt64, on connection: ConnectionNumber) -> UInt64? {
    // Empty on every day but a bad one, and this is asked for every act.
    guard !byConnection.isEmpty, var hold = byConnection[connection] else { return nil }
    let blocker = hold.blocker(of: n)
    byConnection[connection] = hold.n == nil ? nil : hold
    return blocker
  }

  mutating func hold(_ n: UInt64, on connection: ConnectionNumber) {
    byConnection[connection, default: EarlierHold()].hold(n)
  }
}

/// Where an act stands in what `decide` is given.
package struct ActPlace: Hashable, Sendable {
  /// The index of the submission.
  package let submission: Int
  /// The index of the act in it.
  package let act: Int
}

/// An act that may have been decided before, longer ago than the machine remembers.
package struct PriorQuestion: Sendable {
  /// Where the answer belongs.
  package let place: ActPlace
  /// What was submitted.
  package let act: Act
}

/// What was decided about an act's number before, seen from an act that came under it.
package enum Prior: Hashable, Sendable {
  /// The act is a copy of one that was accepted from `firstSeq` on.
  case accepted(firstSeq: UInt64)
  /// The act is a copy of one that was refused with this answer.
  case shelved(String)
  /// Another act was decided under this number.
  case forked
}
