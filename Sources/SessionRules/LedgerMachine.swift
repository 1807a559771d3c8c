package import EditModel
package import LedgerRules
package import LineProtocol
package import NIOCore

/// One ledger's order: judges every act once, on the state at its seq, and says what one transaction must store.
///
/// Owned by the ledger's writer thread. `decide` runs ahead of the disk: when the store fails to keep what it decided,
/// the machine is thrown away and made again from what the store has. Nothing that it answers may be sent, and nothing
/// that it accepts be shown, before the store has kept it.
package struct LedgerMachine: ~Copyable {
  /// The greatest seq given out.
  package private(set) var lastSeq: UInt64
  /// Which connections must put an act again before their later ones are judged.
  package var holds: Holds
  /// Who holds the seats, for what one person may not do from two of them.
  package var holders = SeatHolders()
  let history: LedgerHistory
  private(set) var state: LedgerState
  private var clock: HybridClock
  private var lastByReplica: [ReplicaID: UInt64]
  private(set) var recent = RecentActs()

  /// A ledger as its store has it: `state` folded from all accepted lines, `greatestStamp` the greatest in them.
  package init(history: LedgerHistory, state: LedgerState, facts: LedgerFacts, holds: Holds = Holds()) {
    self.history = history
    self.state = state
    self.lastSeq = facts.lastSeq
    self.clock = HybridClock(latest: facts.greatestStamp)
    self.lastByReplica = facts.lastByReplica
    self.holds = holds
  }

  /// The greatest n that is decided for `replica`, 0 when none is: what `auth` answers as `last`.
  package func lastDecided(of replica: ReplicaID) -> UInt64 { lastByReplica[replica] ?? 0 }

  /// What everything in the ledger belongs to and whom its problems name.
  package var scopes: ScopeTable { ScopeTable(state) }

  /// The server's time: the wall clock, or the greatest stamp so far when that is ahead. It never goes back.
  package func now(wallMilliseconds: UInt64) -> Stamp {
    max(clock.latest, Stamp(milliseconds: wallMilliseconds))
  }

  /// The acts whose earlier decision, if any, only the store knows; their answers go into `decide`.
  package func questions(about submissions: [Submission]) -> [PriorQuestion] {
    var questions: [PriorQuestion] = []
    for (index, submission) in submissions.enumerated() {
      let last = lastDecided(of: submission.device.replica)
      for position in submission.acts.indices where submission.acts[position].act.id.n <= last {
        let act = submission.acts[position].act
        if recent.find(act.id) != nil { continue }
        questions.append(PriorQuestion(place: ActPlace(submission: index, act: position), act: act))
      }
    }
    return questions
  }

  /// Judges all acts in order; one transaction stores what comes out, and then the answers go to their connections. Those of
  /// `held`, which `heldBack` names, are not judged but answered so.
  package mutating func decide(
    _ submissions: [Submission], priors: [ActPlace: Prior] = [:], held: [ActPlace: ErrorCode] = [:],
    isArchived: Bool = false, wallMilliseconds: UInt64
  ) -> Decided {
    var work = Decided(firstSeq: lastSeq + 1, actCount: submissions.reduce(0) { $0 + $1.acts.count })
    for (index, submission) in submissions.enumerated() {
      var sitting = Sitting(
        connection: submission.connection, seat: submission.device.seat, ruling: submission.ruling,
        isArchived: isArchived, wall: wallMilliseconds, last: lastDecided(of: submission.device.replica))
      sitting.answer.reserveCapacity(submission.acts.count * 16)
      for (position, submitted) in submission.acts.enumerated() {
        let place = ActPlace(submission: index, act: position)
        let earlier = Earlier(prior: priors.isEmpty ? nil : priors[place], held: held.isEmpty ? nil : held[place])
        judge(submitted, earlier, &sitting, &work)
      }
      lastByReplica[submission.device.replica] = sitting.last
      work.answers.append(sitting.answer)
    }
    work.finish(history.epoch)
    work.forgotten = recent.turn()
    return work
  }

  /// What is the same for all acts of a submission, and what has come of them so far.
  private struct Sitting {
    let connection: ConnectionNumber
    let seat: SeatFacts
    let ruling: Submission.Ruling
    let isArchived: Bool
    let wall: UInt64
    /// The greatest n that is decided for the submission's replica.
    var last: UInt64
    var answer = ByteBuffer()
  }

  /// What is known of an act before it is judged.
  private struct Earlier {
    /// What the store knows to have been decided.
    let prior: Prior?
    /// How it is answered, being held back.
    let held: ErrorCode?
  }

  private mutating func judge(
    _ submitted: SubmittedAct, _ earlier: Earlier, _ sitting: inout Sitting, _ work: inout Decided
  ) {
    let act = submitted.act
    if let blocker = holds.blocker(of: act.id.n, on: sitting.connection) {
      return Answers.write(.earlier(blocker), submitted.tag, to: &sitting.answer)
    }
    // A number above all decided ones is new: the common case looks nothing up.
    if act.id.n <= sitting.last, var known = recent.find(act.id)?.repeated(for: act) ?? earlier.prior {
      // The other copy may have said the same under this number, of its own thing.
      if holds.speaksOfForked(act, isCopy: true, on: sitting.connection) { known = .forked }
      if known == .forked { holds.noteForked(act, on: sitting.connection) }
      return Answers.write(known, submitted.tag, to: &sitting.answer)
    }
    if holds.speaksOfForked(act, isCopy: false, on: sitting.connection) {
      holds.noteForked(act, on: sitting.connection)
      return Answers.write(.forked, submitted.tag, to: &sitting.answer)
    }
    // Somebody else is to decide, so none waits for another.
    if let held = earlier.held { return Answers.write(WireError(held), submitted.tag, to: &sitting.answer) }
    if let refusal = undecided(act, sitting) {
      holds.hold(act.id.n, on: sitting.connection)
      return Answers.write(refusal, submitted.tag, to: &sitting.answer)
    }
    sitting.last = max(sitting.last, act.id.n)
    if let error = refusal(of: act, sitting) {
      work.shelved.append(ShelvedDecision(act: act, error: error))
      recent.remember(RecentActs.Entry(act: act, decision: .shelved(error.text)))
      return Answers.write(error, submitted.tag, to: &sitting.answer)
    }
    holds.noteAccepted(act.id.n, on: sitting.connection)
    let firstSeq = accept(submitted, sitting, &work)
    LineWriter.writeOk(submitted.tag, seq: firstSeq, to: &sitting.answer)
  }

  /// Why `act` is refused for good; nil when it is to be accepted.
  private func refusal(of act: Act, _ sitting: Sitting) -> WireError? {
    if case .refuse(let seat) = sitting.ruling { return WireError(.declined, [ExactString(seat.description)]) }
    return ActGuard.refusal(of: act, by: sitting.seat, in: state, holders: holders).map(WireError.init)
  }

  /// Why nothing can be decided about `act` now; nil when it can.
  private func undecided(_ act: Act, _ sitting: Sitting) -> WireError? {
    if sitting.isArchived { return WireError(.archived) }
    let now = now(wallMilliseconds: sitting.wall)
    let bound = now.milliseconds + Limits.stampAheadMilliseconds
    guard act.edits.contains(where: { $0.stamp.milliseconds > bound }) else { return nil }
    return WireError(.ahead, [ExactString("now=\(now)")])
  }

  private mutating func accept(_ submitted: SubmittedAct, _ sitting: Sitting, _ work: inout Decided) -> UInt64 {
    let firstSeq = lastSeq + 1
    let receipt = clock.tick(wallMilliseconds: sitting.wall)
    for (index, edit) in submitted.act.edits.enumerated() {
      lastSeq += 1
      let accepted = AcceptedEdit(seq: lastSeq, receipt: receipt, seat: sitting.seat.seat, edit: edit)
      let author = index == 0 ? submitted.firstLine : submitted.otherLines[index - 1]
      work.append(accepted, author: author, changed: state.apply(accepted))
    }
    work.actEnds(in: state)
    recent.remember(RecentActs.Entry(act: submitted.act, decision: .accepted(firstSeq: firstSeq)))
    return firstSeq
  }

  /// Answers all acts with `code`, deciding none: the store cannot keep anything now.
  package static func sendBack(
    _ submissions: [Submission], saying code: ErrorCode, holds: inout Holds
  ) -> [ByteBuffer] {
    precondition(code.errorClass == .wait, "only `wait` leaves an act undecided")
    return submissions.map { submission in
      var answer = ByteBuffer()
      for submitted in submission.acts {
        let n = submitted.act.id.n
        if let blocker = holds.blocker(of: n, on: submission.connection) {
          Answers.write(.earlier(blocker), submitted.tag, to: &answer)
        } else {
          holds.hold(n, on: submission.connection)
          Answers.write(WireError(code), submitted.tag, to: &answer)
        }
      }
      return answer
    }
  }
}
