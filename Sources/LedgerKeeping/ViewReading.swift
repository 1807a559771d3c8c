package import EditModel
package import LedgerRules
package import LedgerStore
package import LineProtocol
package import NIOCore
package import SessionRules

/// What everything in a ledger belongs to, at the newest commit, for whoever reads beside the writer.
package protocol ScopeSource {
  /// What the line of `edit` belongs to; nil when that is not known.
  func scope(ofLine edit: Edit) -> EntityScope?
  /// `problem` and everything under it.
  func family(of problem: EntityID) -> [EntityID]
}

/// What was read of a ledger's history for a view that is behind: the answer to what it needs.
package enum ViewReading: Sendable {
  /// The seqs of the lines that win a cell or create an entity.
  case winners([UInt64])
  /// Lines that were asked for by their seqs.
  case lines([HistoryRow])
  /// Lines that follow each other.
  case history([HistoryRow])
  /// What came into view and went out of it.
  case moves(ViewMoves)

  /// Reads what `need` asks for, about `limitBytes` of lines at the most; nil when it asks for nothing of the history.
  /// `seat` is whose view it is, `scopes` what the ledger's entities belong to when it is asked.
  package init?(
    _ need: View.Need, for seat: SeatFacts, from reader: HistoryReader, limitBytes: Int, scopes: some ScopeSource
  ) throws(StoreError) {
    switch need {
    case .nothing, .reached: return nil
    case .winners(let through): self = .winners(try reader.winningSeqs(through: through))
    case .lines(let seqs): self = .lines(try reader.lines(seqs))
    case .history(let after, let through), .newer(let after, let through):
      self = .history(try reader.lines(after: after, through: through, limitBytes: limitBytes))
    case .moves(let after, let through), .movesAgain(let after, let through):
      self = .moves(try ViewMoves(for: seat, after: after, through: through, from: reader, scopes: scopes))
    }
  }
}

extension View {
  /// Takes what was read for it and writes what it may see of that to `bytes`. False when lines that it needs are not in
  /// the history, which is a broken file.
  package mutating func take(_ reading: ViewReading, to bytes: inout ByteBuffer) -> Bool {
    switch reading {
    case .winners(let seqs): learned(winners: seqs)
    case .lines(let rows):
      guard !rows.isEmpty else { return false }
      took(lines: rows.map { HistoryLine(seq: $0.seq, bytes: $0.line) }, to: &bytes)
    case .history(let rows):
      guard !rows.isEmpty else { return false }
      took(history: rows.map { HistoryLine(seq: $0.seq, bytes: $0.line) }, to: &bytes)
    case .moves(let moves):
      learned(arrivals: moves.arrivals, departures: moves.departures, through: moves.through, to: &bytes)
    }
    return true
  }

  /// The view that `opening` begins.
  package init(_ opening: LedgerHistory.Opening, epoch: Epoch, lastSeq: UInt64, filter: ViewFilter) {
    switch opening {
    case .goingOn(let after, let partWay?):
      self.init(epoch: epoch, after: after, goingOnWithin: partWay, filter: filter)
    case .goingOn(let after, nil), .forked(_, let after): self.init(epoch: epoch, after: after, filter: filter)
    case .anew, .otherView, .fromNothing: self.init(epoch: epoch, fromNothingTo: lastSeq, filter: filter)
    }
  }
}

/// What one view must be sent before it goes on, and be told to forget.
package struct ViewMoves: Sendable {
  /// Up to which line that is so.
  package let through: UInt64
  /// Lines of what came into view, not behind what was sent, ascending.
  package private(set) var arrivals: [UInt64] = []
  /// What went out of view.
  package private(set) var departures: [EntityID] = []

  /// What came into a seat's view and went out of it behind line `after` up to `through`.
  package init(
    for seat: SeatFacts, after: UInt64, through: UInt64, from reader: HistoryReader, scopes: some ScopeSource
  ) throws(StoreError) {
    self.through = through
    var arrivals: Set<UInt64> = []
    for problem in try ViewMoves.movedProblems(after: after, through: through, reader, scopes) {
      let family = scopes.family(of: problem)
      var history = SightHistory(of: problem, for: seat, after: after)
      var seqs: [UInt64] = []
      try reader.visit(linesOf: Set(family), through: through) { accepted in
        history.take(accepted)
        if accepted.seq <= after { seqs.append(accepted.seq) }
      }
      let found = history.moves()
      departures += found.departures
      if found.hasArrivals { arrivals.formUnion(seqs) }
    }
    self.arrivals = arrivals.sorted()
  }

  /// The problems whose audience may have changed behind `after` up to `through`.
  private static func movedProblems(
    after: UInt64, through: UInt64, _ reader: HistoryReader, _ scopes: some ScopeSource
  ) throws(StoreError) -> [EntityID] {
    var problems: Set<EntityID> = []
    try reader.visit(after: after, through: through) { accepted in
      guard Audience.isMoved(by: accepted.edit) else { return }
      let scope = scopes.scope(ofLine: accepted.edit)
      if let problem = scope?.problem { problems.insert(problem) }
    }
    return problems.sorted()
  }
}
