package import EditModel

/// That somebody decided about a clash, and what was decided.
package struct Decision: Hashable, Sendable {
  /// The edit that settles the clash.
  package let settling: AcceptedEdit
  /// The clash; where the winner was kept, with the one that stood when the decision was accepted.
  package let clash: Clash
  /// Whether the beaten value was taken; else the winner was kept.
  package let isTaken: Bool
  /// Who else decided about it, before or without having seen this.
  package let others: Set<SeatID>

  /// What was decided about the clash that `settled` settles. `edits` are the accepted edits of its entity, in any order. Where
  /// several decided without having seen each other, one to take the beaten value and one to leave it, it is what the field's
  /// value came of, whichever was the later. Nil when `settled` is no settlement, or takes one back, or one of the two sides is
  /// not among them.
  package init?(_ settled: AcceptedEdit, among edits: [AcceptedEdit]) {
    guard let settlement = Settlement(settled.edit.field), settled.edit.value == .text("yes") else { return nil }
    let field = edits.filter { $0.edit.field == settlement.field }
    let settlements = edits.filter { $0.edit.field == settled.edit.field && $0.edit.value == .text("yes") }
    let settling = Decision.taken(in: field, by: settlements) ?? settled
    others = Set(settlements.map(\.seat)).subtracting([settling.seat])
    // Who takes the beaten value writes it anew, in the same act, on what stood there.
    let taking = field.first { $0.edit.id.act == settling.edit.id.act }
    let others = field.filter { $0.edit.id.act != settling.edit.id.act && $0.edit.id != settlement.beaten }
    guard let beaten = field.first(where: { $0.edit.id == settlement.beaten }),
      let winner = others.first(where: { $0.edit.id == taking?.edit.base })
        ?? others.filter({ $0.seq < settling.seq && beaten.edit.precedes($0.edit) })
        .max(by: { $0.edit.precedes($1.edit) })
    else { return nil }
    self.settling = settling
    clash = Clash(
      beaten: beaten, winner: winner, origin: winner.origin { id in field.first { $0.edit.id == id } })
    isTaken = taking != nil
  }

  /// The one of `settlements` in whose act the beaten value was written from which the field has its value; nil where nobody's
  /// taking stands.
  private static func taken(in field: [AcceptedEdit], by settlements: [AcceptedEdit]) -> AcceptedEdit? {
    let edits = Dictionary(field.map { ($0.edit.id, $0) }, uniquingKeysWith: { first, _ in first })
    var next = field.max { $0.edit.precedes($1.edit) }
    var seen: Set<EditID> = []
    while let edit = next, seen.insert(edit.edit.id).inserted {
      if let settling = settlements.first(where: { $0.edit.id.act == edit.edit.id.act }) { return settling }
      next = edit.edit.base.flatMap { edits[$0] }
    }
    return nil
  }
}

extension LedgerState {
  /// The settlements that hold, in no particular order.
  package func settlements() -> [AcceptedEdit] {
    all.values.flatMap { entity in
      entity.cells.all.compactMap { field, cell in
        Settlement.isOne(field) && cell.winner.edit.value == .text("yes") ? cell.winner : nil
      }
    }
  }
}
