package import EditModel

/// That somebody decided about a clash, and what was decided.
package struct Decision: Hashable, Sendable {
  /// The edit that settles the clash.
  package let settling: AcceptedEdit
  /// The clash; where the winner was kept, with the one that stood when the decision was accepted.
  package let clash: Clash
  /// Whether the beaten value was taken; else the winner was kept.
  package let isTaken: Bool

  /// What `settling` decided. `edits` are the accepted edits of its entity, in any order. Nil when it is no settlement, or
  /// takes one back, or one of the two sides is not among them.
  package init?(_ settling: AcceptedEdit, among edits: [AcceptedEdit]) {
    guard let settlement = Settlement(settling.edit.field), settling.edit.value == .text("yes") else { return nil }
    let field = edits.filter { $0.edit.field == settlement.field }
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
