/// What an edit sets a field to.
package enum EditValue: Hashable, Sendable {
  /// A text of at least one byte, without controls other than tab and line feed.
  case text(ExactString)
  /// The field is cleared (`\-` on the wire).
  case cleared

  /// The text, or nil when cleared.
  package var text: String? {
    guard case .text(let text) = self else { return nil }
    return text.string
  }
}

/// One change of one field of one entity: the author's part of a line.
///
/// It never changes after its acceptance: every copy of it, anywhere, has the same bytes. So it is one object that all
/// who hold it share: an edit is in its act, in the history's batch, in a cell and in what is derived, and a copy of its
/// parts at each of these places was a third of what deciding an act cost (docs/decisions/0006-hot-path.md).
package final class Edit: Hashable, Sendable {
  /// Who made it and which of their edits it is.
  package let id: EditID
  /// How many edits its act has, itself included: 1 ... `Limits.actEdits`.
  package let actSize: UInt32
  /// Its place in time; orders descriptive fields.
  package let stamp: Stamp
  /// How far the stamp was moved from the author's wall clock.
  package let shift: Shift
  /// The edit whose value the author saw, nil when there was none.
  package let base: EditID?
  /// What was changed.
  package let entity: EntityID
  /// Which field of it.
  package let field: FieldName
  /// What it was set to.
  package let value: EditValue

  /// An edit from its parts; see the properties.
  package init(
    id: EditID, actSize: UInt32, stamp: Stamp, shift: Shift = .none, base: EditID?, change: Change
  ) {
    self.id = id
    self.actSize = actSize
    self.stamp = stamp
    self.shift = shift
    self.base = base
    self.entity = change.entity
    self.field = change.field
    self.value = change.value
  }

  /// What the edit changes, without who, when and on what ground.
  package var change: Change { Change(entity: entity, field: field, value: value) }

  /// Whether `other` has the same content: all that its author says, under the same identity; whatever its stamp and shift.
  package func hasSameContent(as other: Edit) -> Bool {
    id == other.id && actSize == other.actSize && base == other.base && change == other.change
  }

  /// Whether `other` is a copy of this edit (exactly-once rule, protocol/06-sync.md): the same content, made at the same
  /// reading of a clock, wherever on the server's time line either was put. Two copies of a folder can say the same under one
  /// number; they do not say it at once.
  package func isCopy(of other: Edit) -> Bool {
    guard hasSameContent(as: other) else { return false }
    guard let made = wallMilliseconds, let otherMade = other.wallMilliseconds else { return true }
    return abs(made - otherMade) < Edit.wallToleranceMilliseconds
  }

  /// What the author's wall clock showed, in milliseconds since 1970, a second more or less; nil where the shift was clamped,
  /// so that nothing tells it.
  private var wallMilliseconds: Int64? {
    guard abs(shift.seconds) < Shift.limit else { return nil }
    return Int64(clamping: stamp.milliseconds) - shift.seconds * 1_000
  }

  /// By how much two such readings of one moment can differ: each is off by less than a second, as shifts are whole seconds.
  private static let wallToleranceMilliseconds: Int64 = 2_000

  /// Two edits are equal when all their parts are, wherever they stand in memory.
  package static func == (left: Edit, right: Edit) -> Bool {
    left === right || (left.hasSameContent(as: right) && left.stamp == right.stamp && left.shift == right.shift)
  }

  /// By the identity alone: no two edits of one ledger have the same one.
  package func hash(into hasher: inout Hasher) { hasher.combine(id) }

  /// The same edit put at another time: what an author does to an act that the server did not yet accept.
  package func restamped(_ stamp: Stamp, shift: Shift) -> Edit {
    Edit(id: id, actSize: actSize, stamp: stamp, shift: shift, base: base, change: change)
  }
}

/// A field of an entity and what to set it to: an edit before it has an author and a time.
package struct Change: Hashable, Sendable {
  /// What to change.
  package let entity: EntityID
  /// Which field of it.
  package let field: FieldName
  /// What to set it to.
  package let value: EditValue

  /// A change of `field` of `entity` to `value`.
  package init(entity: EntityID, field: FieldName, value: EditValue) {
    self.entity = entity
    self.field = field
    self.value = value
  }
}

/// An edit with what only the server knows: its place, when it was received, and for which seat.
package struct AcceptedEdit: Hashable, Sendable {
  /// The server's order in this ledger, gapless from 1.
  package let seq: UInt64
  /// When the server accepted it, on the server's time line.
  package let receipt: Stamp
  /// The seat of the replica that sent it.
  package let seat: SeatID
  /// What was accepted.
  package let edit: Edit

  /// `edit`, accepted from `seat` as number `seq` at `receipt`.
  package init(seq: UInt64, receipt: Stamp, seat: SeatID, edit: Edit) {
    self.seq = seq
    self.receipt = receipt
    self.seat = seat
    self.edit = edit
  }
}

extension Edit {
  /// Whether `other` wins a descriptive field over this edit (`EditOrder`).
  package func precedes(_ other: Edit) -> Bool {
    // Almost always the stamps decide, and nothing else need be looked at.
    stamp == other.stamp ? EditOrder(self) < EditOrder(other) : stamp < other.stamp
  }
}

/// The total order of edits of a descriptive field: stamp, then replica, then `n`, then `i`.
package struct EditOrder: Comparable, Hashable, Sendable {
  private let stamp: Stamp
  private let id: EditID

  /// The place of `edit` in the order.
  package init(_ edit: Edit) {
    self.stamp = edit.stamp
    self.id = edit.id
  }

  package static func < (left: EditOrder, right: EditOrder) -> Bool {
    if left.stamp != right.stamp { return left.stamp < right.stamp }
    if left.id.replica != right.id.replica { return left.id.replica < right.id.replica }
    if left.id.n != right.id.n { return left.id.n < right.id.n }
    return left.id.i < right.id.i
  }
}
