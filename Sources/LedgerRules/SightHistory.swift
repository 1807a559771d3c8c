package import EditModel

/// What one seat saw of one problem and its parts, line by line: what a view must be sent, or be told to forget, when it
/// goes on after a line of the history.
///
/// Fed with every line of the problem and of what stands under it, in the server's order. A value on the stack of
/// whoever reads them.
package struct SightHistory {
  private let seat: SeatFacts
  private let after: UInt64
  private var state = LedgerState()
  private var isMoved = false
  private var problem: EntityID
  private var items: [EntityID: Item] = [:]

  /// What was seen of the problem or of one part.
  private struct Item {
    var isVisible = false
    /// Whether it was seen at `after` and at every line since.
    var isSteady = false
    /// Whether it was seen at `after` or at any line since.
    var wasVisible = false
  }

  /// The history of `problem` for `seat`, whose view stands at line `after`.
  package init(of problem: EntityID, for seat: SeatFacts, after: UInt64) {
    self.problem = problem
    self.seat = seat
    self.after = after
  }

  /// Takes the next line.
  package mutating func take(_ accepted: AcceptedEdit) {
    if isMoved, accepted.edit.id.i == 1 { look(at: accepted.seq - 1) }
    if ScopeNews.concerns(state.apply(accepted)) { isMoved = true }
  }

  /// Looks who sees what behind an act whose last line is not behind `seq`.
  private mutating func look(at seq: UInt64) {
    isMoved = false
    let audience = state.audience(of: problem)
    note(problem, isVisible: state.exists(problem) && seat.sees(.problem(problem), audience), at: seq)
    for part in state[problem]?.children[.part] ?? [] {
      let scope = state.scope(of: part)
      note(part, isVisible: scope.map { seat.sees($0, audience) } ?? false, at: seq)
    }
  }

  private mutating func note(_ id: EntityID, isVisible: Bool, at seq: UInt64) {
    var item = items[id] ?? Item()
    item.isVisible = isVisible
    if seq <= after {
      (item.isSteady, item.wasVisible) = (isVisible, isVisible)
    } else {
      item.isSteady = item.isSteady && isVisible
      item.wasVisible = item.wasVisible || isVisible
    }
    items[id] = item
  }

  /// What follows for the view once every line was taken.
  package mutating func moves() -> SightMoves {
    if isMoved { look(at: .max) }
    var moves = SightMoves()
    moves.hasArrivals = items.values.contains { $0.isVisible && !$0.isSteady }
    moves.departures = items.filter { !$0.value.isVisible && $0.value.wasVisible }.map(\.key).sorted()
    // Whoever forgets the problem forgets its parts with it.
    if moves.departures.contains(problem) { moves.departures = [problem] }
    return moves
  }
}

/// What a view must be sent or be told to forget of one problem.
package struct SightMoves: Hashable, Sendable {
  /// Whether something came into view: what is visible of the problem is to be sent whole.
  package var hasArrivals = false
  /// What went out of view: the problem, or parts of it.
  package var departures: [EntityID] = []
}
