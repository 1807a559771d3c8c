package import EditModel

/// Two authors set a field without having seen each other, to different values: the later stamp won, and the other
/// branch's last value waits for somebody who decides.
///
/// The bases of a field's accepted edits make a tree. An edit that nobody built on is a leaf; a leaf that is not the winner
/// and says something else than it is a clash, until a settlement names it (`Settlement`). So there is one for each
/// branch, whoever received what first: a function of the set of accepted edits.
package struct Clash: Hashable, Sendable {
  /// The last edit of the branch that lost.
  package let beaten: AcceptedEdit
  /// The edit whose value the field has.
  package let winner: AcceptedEdit
  /// Who gave the field that value: where the winner puts back what stood there before, the edit that it puts back.
  package let origin: AcceptedEdit

  /// A clash from its sides, which are edits of one field; `origin` is that of the winner (`AcceptedEdit.origin`).
  package init(beaten: AcceptedEdit, winner: AcceptedEdit, origin: AcceptedEdit) {
    self.beaten = beaten
    self.winner = winner
    self.origin = origin
  }

  /// The clash's name: the identity of the beaten edit.
  package var id: EditID { beaten.edit.id }
  /// The entity.
  package var entity: EntityID { beaten.edit.entity }
  /// The field.
  package var field: FieldName { beaten.edit.field }

  /// The clashes of one field, in the order of the server.
  ///
  /// `edits` are all its accepted edits, in any order; `settled` names the beaten edits that somebody has decided about. A
  /// base that is not among the edits counts as none. Linear in the number of edits.
  package static func all(among edits: [AcceptedEdit], settled: Set<EditID>) -> [Clash] {
    guard let winner = edits.max(by: { $0.edit.precedes($1.edit) }) else { return [] }
    var inner: Set<EditID> = []
    for edit in edits.map(\.edit) {
      // An edit that names itself as its base is nobody's successor.
      if let base = edit.base, base != edit.id { inner.insert(base) }
    }
    let origin = winner.origin { id in edits.first { $0.edit.id == id } }
    return edits.filter { leaf in
      !inner.contains(leaf.edit.id) && leaf.edit.id != winner.edit.id && leaf.edit.value != winner.edit.value
        && !settled.contains(leaf.edit.id)
    }.sorted { $0.seq < $1.seq }.map { Clash(beaten: $0, winner: winner, origin: origin) }
  }

  /// Whether edits of `field` can clash: not the stage, whose order is the server's, nor what creates something or settles a
  /// clash.
  package static func concerns(_ field: FieldName) -> Bool {
    Vocabulary.mergeRule(of: field) == .lastWriter && !Vocabulary.isCreating(field) && !Settlement.isOne(field)
  }

  /// Whether `edit` continues a field of which `winner` is the winning edit and every edit so far has built on the one
  /// before. While every edit does, there is one branch and no clash.
  package static func continues(_ edit: Edit, _ winner: Edit?) -> Bool {
    guard let winner else { return edit.base == nil }
    return edit.base == winner.id && winner.precedes(edit)
  }
}

/// That somebody decided about a clash: a field of the same entity, `settled/FIELD/REPLICA/N/I`, whose name ends in the
/// identity of the beaten edit. It holds while its value is `yes`; the right to write it is that of FIELD.
package struct Settlement: Hashable, Sendable {
  /// The field that the clash is of.
  package let field: FieldName
  /// The beaten edit.
  package let beaten: EditID

  /// What settles `clash`.
  package init(of clash: Clash) {
    self.field = clash.field
    self.beaten = clash.id
  }

  /// What settles a clash in which `beaten` is the beaten edit.
  package init(of beaten: Edit) {
    self.field = beaten.field
    self.beaten = beaten.id
  }

  /// Reads the name of a settlement; nil for any other field.
  package init?(_ name: FieldName) {
    guard Settlement.isOne(name) else { return nil }
    let parts = name.description.split(separator: "/")
    guard parts.count >= 5, let field = FieldName(parts[1..<(parts.count - 3)].joined(separator: "/")),
      let beaten = EditID("\(parts[parts.count - 3]).\(parts[parts.count - 2])/\(parts[parts.count - 1])")
    else { return nil }
    self.field = field
    self.beaten = beaten
  }

  /// The field that says so; nil where FIELD has more than four names, which leaves no room for the identity.
  package var mark: FieldName? {
    FieldName("\(FieldName.settled)/\(field)/\(beaten.replica)/\(beaten.n)/\(beaten.i)")
  }

  /// Whether `name` begins as a settlement does, well made or not.
  package static func isOne(_ name: FieldName) -> Bool {
    // Asked of every edit: by its bytes, without taking the name apart.
    name.text.string.utf8.starts(with: prefix)
  }

  private static let prefix = Array("settled/".utf8)
}

extension AcceptedEdit {
  /// Whose value this edit of a field has: one that puts back what its base was written on, as an undo does, has that one's.
  /// `find` gives the accepted edits of the field by their identity.
  package func origin<Failure>(_ find: (EditID) throws(Failure) -> AcceptedEdit?) throws(Failure) -> AcceptedEdit {
    var origin = self
    // Each is accepted before the one that puts it back.
    while let base = origin.edit.base, let undone = try find(base), let first = undone.edit.base,
      let earlier = try find(first), earlier.edit.value == edit.value, earlier.seq < origin.seq
    {
      origin = earlier
    }
    return origin
  }
}

extension LedgerState {
  /// Whether `seat` is told of `clash`: it wrote one of the two, or its office leads the problem.
  package func concerns(_ clash: Clash, _ seat: SeatFacts) -> Bool {
    if [clash.beaten, clash.winner, clash.origin].contains(where: { $0.seat == seat.seat }) { return true }
    guard let problem = scope(of: clash.entity)?.problem else { return false }
    return audience(of: problem).isLed(by: seat)
  }

  /// Whether `clash` is settled as far as is shown: by an accepted edit or an own pending one.
  package func isSettled(_ clash: Clash) -> Bool {
    guard let mark = Settlement(of: clash).mark else { return false }
    return self[clash.entity]?.isYes(mark) ?? false
  }
}

extension Clash {
  /// What taking the beaten value changes: the field, and that the clash is settled. `beatenAct` are the edits of
  /// the beaten edit's act that are of the same entity, for an adopted outcome and its source come together. Nil where the
  /// clash cannot be named (`Settlement.mark`).
  package func taking(of beatenAct: [Edit]) -> [Change]? {
    guard let mark = Settlement(of: self).mark else { return nil }
    let together: Set<FieldName> = [.adopted, .adoptedSource]
    let edits = together.contains(field) ? beatenAct.filter { together.contains($0.field) } : [beaten.edit]
    return edits.map(\.change) + [Change(entity: entity, field: mark, value: .text("yes"))]
  }

  /// What keeping the winner changes: only that it is settled. Nil where the clash cannot be named.
  package func keeping() -> [Change]? {
    Settlement(of: self).mark.map { [Change(entity: entity, field: $0, value: .text("yes"))] }
  }
}
