/// # LedgerKeeping
///
/// A ledger's machine and its store together, as the server keeps them: what is decided is stored, what was committed is
/// held for those who follow, what it implies waits to be written behind, and a view that is behind is read for. It owns no
/// thread, no socket and no clock; whoever does calls it in the order that it says. It decides nothing: the rules are
/// `SessionRules`.

package import EditModel
import LedgerRules
package import LedgerStore
package import LineProtocol
package import SessionRules

/// What a ledger's machine and its store do together, on whatever thread owns both.
extension LedgerMachine {
  /// A machine made from what a store has, and what belongs to it.
  package struct Loaded: ~Copyable {
    /// The machine.
    let machine: LedgerMachine
    /// What the history implies and is not yet written behind it.
    package let backlog: DerivedBacklog
    /// The greatest stamp of the history: the server's time is not below it.
    package let greatestStamp: Stamp

    /// Gives the machine away.
    package consuming func takeMachine() -> LedgerMachine { machine }
  }

  /// Makes the machine from what `store` has.
  package static func load(_ store: ServerStore, holds: Holds = Holds()) throws(StoreError) -> Loaded {
    var state = LedgerState()
    var backlog = DerivedBacklog(applied: store.applied)
    let applied = store.applied
    let facts = try store.load { accepted in
      let changed = state.apply(accepted)
      if accepted.seq > applied { backlog.note(accepted, changed: changed) }
    }
    let machine = LedgerMachine(
      history: LedgerHistory(store.header), state: state,
      facts: LedgerFacts(
        lastSeq: facts.lastSeq, greatestStamp: facts.greatestStamp, lastByReplica: facts.lastByReplica),
      holds: holds)
    return Loaded(machine: machine, backlog: backlog, greatestStamp: facts.greatestStamp)
  }

  /// Decides all acts, asking `store` about those of `questions`, and stores what comes out: on return it is on the disk.
  /// What is held back is given to `holding` first, which answers for each how it is told to its author once it is on the disk.
  /// Throws with nothing to be said of it; then the machine is ahead of the store and is to be made again.
  package mutating func decide(
    _ submissions: [Submission], _ questions: [PriorQuestion], storingIn store: ServerStore,
    holdingIn holding: ([HeldBack]) throws(StoreError) -> [ErrorCode], isArchived: Bool, wallMilliseconds: UInt64
  ) throws(StoreError) -> Decided {
    var priors: [ActPlace: Prior] = [:]
    for question in questions {
      priors[question.place] = try store.prior(question.act.id).map { Prior($0, seenFrom: question.act) }
    }
    let places = heldBack(among: submissions, priors: priors)
    let codes = places.isEmpty ? [] : try holding(places.map { HeldBack(submissions, $0) })
    let decided = decide(
      submissions, priors: priors, held: Dictionary(uniqueKeysWithValues: zip(places, codes)), isArchived: isArchived,
      wallMilliseconds: wallMilliseconds)
    try store.append(HistoryBatch(decided))
    return decided
  }
}

/// An act that its ledger holds back.
package struct HeldBack: Sendable {
  /// Who put it.
  package let device: AuthenticatedDevice
  /// The act.
  package let act: Act

  fileprivate init(_ submissions: [Submission], _ place: ActPlace) {
    let submission = submissions[place.submission]
    (device, act) = (submission.device, submission.acts[place.act].act)
  }
}

extension QuarantineStore {
  /// Keeps what ledgers hold back; on return it is on the disk. Answers how each is told to its author.
  package func keep(_ held: [HeldBack], at stamp: Stamp) throws(StoreError) -> [ErrorCode] {
    var codes: [ErrorCode] = []
    var rest = held[...]
    // A device's acts come together, and go to the disk together.
    while let device = rest.first?.device {
      let acts = rest.prefix { $0.device == device }.map(\.act)
      let outcomes = try keep(acts, of: device.replica, ledger: device.ledger, cause: .restore, at: stamp)
      codes += outcomes.map { $0 == .kept ? .held : .heldFull }
      rest = rest.dropFirst(acts.count)
    }
    return codes
  }
}

extension HistoryBatch {
  /// What is to be stored of `decided`.
  fileprivate init(_ decided: Decided) {
    let shelved = decided.shelved.map {
      ShelvedRow(id: $0.act.id, digest: ContentDigest.of($0.act), answer: $0.error.text)
    }
    guard let chunk = decided.chunk else {
      self.init(shelved: shelved)
      return
    }
    self.init(stream: chunk.lines, firstSeq: chunk.firstSeq, lastSeq: chunk.lastSeq, shelved: shelved)
  }
}

extension Prior {
  /// What the store says of an act's number, seen from `act`.
  fileprivate init(_ decision: PriorDecision, seenFrom act: Act) {
    guard decision.isCopy(act) else {
      self = .forked
      return
    }
    switch decision {
    case .accepted(let firstSeq, _): self = .accepted(firstSeq: firstSeq)
    case .shelved(let row): self = .shelved(row.answer)
    }
  }
}
