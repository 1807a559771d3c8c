package import EditModel
package import LedgerRules
import LedgerStore

/// What concerns the owner of a device and happened since they last looked.
package struct ReplicaNews: Sendable {
  /// What it was made from; names and values are to be taken from it.
  package let view: ReplicaView
  /// What happened in the ledger; nil before the first contact, when the seat is not known.
  package let ledger: News?
  /// Refused acts on the shelf that the owner has not been shown.
  package let refused: [ShelvedAct]
  /// How many more are on the shelf.
  package let refusedBefore: Int
  /// The day of the last look; nil: this is the first.
  package let lastDay: CivilDate?
  /// What a look at this is remembered as.
  fileprivate let look: Look

  /// How many things there are to tell; what was shown before and is still on the shelf is none.
  package var count: Int {
    guard let ledger else { return refused.count }
    return ledger.assigned.count + ledger.returned.count + ledger.beaten.count + ledger.disputed.count
      + ledger.decided.count + ledger.covered.count + ledger.due.count + refused.count
  }
}

extension Replica {
  /// The news of today. `spellings` gives the names under which a place is known.
  package func news(
    on today: CivilDate, spellings: (ExactString) -> Set<ExactString> = { [$0] }
  ) throws(ClientError) -> ReplicaNews {
    // The newest line before the view: what comes between the two is told twice rather than never.
    let (last, newest, seen, seenClashes) = try withStore { store throws(StoreError) in
      (try store.look(), try store.newestReceipt(), try store.seenRefusals(), try store.seenClashes())
    }
    let view = try view()
    let question = NewsQuestion(
      since: last?.receipt, lastDay: last?.day, today: today, spellings: view.info.place.map(spellings) ?? [])
    let unseen = view.clashes.filter { !seenClashes.contains($0.id) }
    let news = try view.info.facts.map { seat throws(ClientError) in
      let decisions = try decisions(in: view.confirmed, for: seat, since: last?.receipt)
      return News(
        of: view.confirmed, clashes: unseen, decisions: decisions, for: seat, reader: view.info.reader, asked: question)
    }
    let refused = view.shelf.filter { !seen.contains($0.act.id) }
    return ReplicaNews(
      view: view, ledger: news, refused: refused, refusedBefore: view.shelf.count - refused.count, lastDay: last?.day,
      look: Look(receipt: max(last?.receipt ?? .zero, newest ?? .zero), day: today))
  }

  private func decisions(
    in state: LedgerState, for seat: SeatFacts, since: Stamp?
  ) throws(ClientError) -> [Decision] {
    let settlements = Dictionary(grouping: News.settlements(in: state, for: seat, since: since)) { $0.edit.entity }
    var decisions: [Decision] = []
    for (entity, settlements) in settlements {
      let edits = try withStore { store throws(StoreError) in try store.history(of: entity, field: nil) }
      decisions += settlements.compactMap { Decision($0, among: edits) }
    }
    return decisions
  }

  /// Whether there can be news at all, without reading the ledger: not on the day of the last look, while no line has come
  /// since then and nothing was refused.
  package func mayHaveNews(on today: CivilDate) throws(ClientError) -> Bool {
    try withStore { store throws(StoreError) in
      guard let last = try store.look(), last.day == today else { return true }
      let seen = try store.seenRefusals()
      if let newest = try store.newestReceipt(), newest > last.receipt { return true }
      let refused = try store.refusedActs()
      return refused.contains { !seen.contains($0.act.id) }
    }
  }

  /// The owner has seen `news`: the next is what happens from then on.
  package func wasSeen(_ news: ReplicaNews) throws(ClientError) {
    try withStore { store throws(StoreError) in
      try store.remember(
        news.look, refusals: news.view.shelf.map(\.act.id), clashes: news.view.clashes.map(\.id))
    }
  }
}
