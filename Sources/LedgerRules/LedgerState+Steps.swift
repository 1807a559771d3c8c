package import EditModel

/// Which transitions are a seat's: what the guard asks of every one, and what a client offers.
extension LedgerState {
  /// The rows of the table that lead on from where `problem` stands and that `seat` may take as far as the ledger and its
  /// own duty say; what they require is not asked. A device does not know who holds which seat: that one person may not
  /// review what the same person submitted from another seat, only the server says.
  package func steps(of problem: EntityID, for seat: SeatFacts) -> [StageRow] {
    let stage = stage(of: problem).stage
    return StageTable.rows.filter { row in
      row.from.contains(stage) && refusedSeat(for: row, of: problem, to: seat, SeatHolders()) == nil
    }
  }

  /// Why `seat` may not take `row` with `problem`; nil when it may.
  func refusedSeat(
    for row: StageRow, of problem: EntityID, to seat: SeatFacts, _ holders: SeatHolders
  ) -> Refusal.SeatGround? {
    let movers = row.movers.filter { $0.role == seat.role }
    guard !movers.isEmpty else { return .role }
    guard movers.contains(where: { isAt($0.place, problem, seat) }) else {
      return seat.role == .lineLeader ? .line : .place
    }
    return row.isReview ? ownSubmission(of: problem, by: seat, holders) : nil
  }

  /// Whether what is reviewed was submitted from the reviewing seat, or from another by the person who holds that seat now.
  private func ownSubmission(
    of problem: EntityID, by seat: SeatFacts, _ holders: SeatHolders
  ) -> Refusal.SeatGround? {
    guard let submission = submission(of: problem) else { return nil }
    if submission.seat == seat.seat { return .submitter }
    guard let person = holders.person(of: seat.seat),
      person == holders.person(of: submission.seat, at: submission.receipt)
    else { return nil }
    return .person
  }

  private func isAt(_ rule: StageRow.PlaceRule, _ problem: EntityID, _ seat: SeatFacts) -> Bool {
    // As it was before the act: nobody makes a problem their own to move it.
    switch rule {
    case .any: true
    case .leadUnit: seat.place != nil && self[problem]?.text(.leadUnit).map { ExactString($0) } == seat.place
    case .village: seat.place.map(villages(of: problem).contains) ?? false
    case .line: audience(of: problem).isInLine(of: seat)
    }
  }
}
