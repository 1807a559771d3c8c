import EditModel
import LedgerRules
import LedgerStore
import LineProtocol
import Logging
import NIOCore
import SessionRules
import Synchronization

/// Doing what was decided about held acts: a command writes decisions beside the running server, its ledgers' writers judge
/// them, and what came of it is written beside them.
extension QuarantineDesk {
  /// How many acts are handed to a ledger's writer at once.
  private static let actsAtOnce = 256

  /// Looks whether somebody has decided, and hands what is to be done to the ledgers. A look that is not done yet is not asked
  /// for again.
  func look(_ seats: SeatDesk) {
    guard !isLooking.exchange(true, ordering: .acquiringAndReleasing) else { return }
    thread.run { [self] in
      defer { isLooking.store(false, ordering: .releasing) }
      do throws(StoreError) {
        guard let store = try file.storeIfThere() else { return }
        let change = try store.changeNumber()
        guard seen.withLock({ $0 }) != change else { return }
        let undone = try store.undone()
        seen.withLock { $0 = change }
        for ruled in QuarantineDesk.grouped(undone) { seats.rule(ruled, self) }
        isUnreadable.store(false, ordering: .relaxed)
      } catch {
        // It is looked at five times a second; once is enough to be told.
        guard !isUnreadable.exchange(true, ordering: .relaxed) else { return }
        logger.error(
          "decisions about held acts cannot be read; they wait (无法读取待定修改的处理决定，稍后再试)",
          metadata: [LogKey.error: "\(error)"])
      }
    }
  }

  /// Writes down what came of decisions; nil where nothing could be stored now: it is tried again.
  func take(_ answers: [HeldAct.Key: String]?) {
    thread.run { [self] in
      guard let answers else { return seen.withLock { $0 = nil } }
      do throws(StoreError) {
        try file.store().record(answers)
      } catch {
        seen.withLock { $0 = nil }
        logger.error(
          "what came of decisions about held acts could not be written down; they are done once more, which changes nothing",
          metadata: [LogKey.error: "\(error)"])
      }
    }
  }

  /// In the order in which they were made, whoever made them: what is about a thing comes behind what made it. In runs of acts
  /// of one device that were decided alike.
  private static func grouped(_ undone: [HeldAct]) -> [RuledActs] {
    var groups: [RuledActs] = []
    let made = undone.map { (held: $0, stamp: $0.lines.first.flatMap { EditLine.edit($0) }?.stamp ?? .zero) }
    for held in made.sorted(by: { $0.stamp < $1.stamp }).map(\.held) {
      guard let decision = held.decision else { continue }
      let isAlike = groups.last.map { $0.isAlike(held.id.replica, decision) && $0.acts.count < actsAtOnce } ?? false
      if !isAlike { groups.append(RuledActs(replica: held.id.replica, decision: decision)) }
      groups[groups.count - 1].acts.append(held)
    }
    return groups
  }
}

/// Acts of one device about which the same was decided, in the order in which they were made.
struct RuledActs: Sendable {
  let replica: ReplicaID
  let decision: HeldAct.Decision
  var acts: [HeldAct] = []

  fileprivate func isAlike(_ other: ReplicaID, _ its: HeldAct.Decision) -> Bool {
    other == replica && its.ledger == decision.ledger && its.seat == decision.seat && its.accepts == decision.accepts
      && its.decider == decision.decider
  }

  /// They as a ledger's writer takes them, for `seat`; an act is tagged with its place among them, from 1. Those that this
  /// version cannot read are left out.
  func submission(for seat: SeatFacts) -> Submission {
    let submitted = acts.enumerated().compactMap { index, held in
      SubmittedAct(tag: Tag(UInt64(index + 1)), lines: held.lines)
    }
    return Submission(
      connection: .none, device: AuthenticatedDevice(replica: replica, seat: seat, ledger: decision.ledger),
      acts: submitted, ruling: decision.accepts ? .accept : .refuse(by: decision.decider))
  }

  /// The same that came of all of them.
  func everyOne(_ answer: String) -> [HeldAct.Key: String] {
    Dictionary(acts.map { ($0.key, answer) }, uniquingKeysWith: { first, _ in first })
  }

  /// What came of each, by what a writer answered; those that it was not asked about are told to be unreadable.
  func outcome(_ answers: ByteBuffer) -> [HeldAct.Key: String] {
    var outcome = everyOne("stop malformed")
    for line in String(buffer: answers).split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1)
      guard words.count == 2, let number = Int(words[0]), acts.indices.contains(number - 1) else { continue }
      outcome[acts[number - 1].key] = String(words[1])
    }
    return outcome
  }
}

extension SubmittedAct {
  /// An act out of its authors' parts; nil when they are not one whole act.
  fileprivate convenience init?(tag: Tag, lines: [String]) {
    let parts = lines.map { ByteBuffer(string: $0) }
    let authors = parts.compactMap { AuthorLine($0) }
    guard authors.count == parts.count, let first = parts.first else { return nil }
    do {
      let act = try Act(edits: authors.map(\.edit))
      self.init(tag: tag, act: act, firstLine: first, otherLines: Array(parts.dropFirst()))
    } catch {
      return nil
    }
  }
}

extension SeatDesk {
  /// Hands what was decided to its ledger, judged as the seat that the decision names.
  func rule(_ ruled: RuledActs, _ quarantine: QuarantineDesk) {
    thread.run { [self] in
      do throws(StoreError) {
        let decision = ruled.decision
        let seats = try store.seats()
        guard let facts = seats.first(where: { $0.ledger == decision.ledger && $0.seat.seat == decision.seat }),
          let ledger = ledgers.host(of: decision.ledger, store: store)
        else { return quarantine.take(ruled.everyOne("stop no-ledger \(decision.ledger)")) }
        ledger.shared.mailbox.post(
          .ruled(ruled.submission(for: facts.seat)) { answers in quarantine.take(answers.map(ruled.outcome)) })
      } catch {
        note(error, "what was decided about held acts cannot be done now; it is tried again")
        quarantine.take(nil)
      }
    }
  }
}
