import EditModel
import LedgerRules

/// Writes a ledger for tests: takes changes as text, gives them identities, stamps and seqs, and folds them.
struct LedgerWriter {
  private(set) var state = LedgerState()
  private(set) var accepted: [AcceptedEdit] = []
  private var n: UInt64 = 0
  /// When the next act is stamped and received.
  var milliseconds: UInt64 = 1_700_000_000_000
  /// The seat that acts.
  var seat = LedgerWriter.office

  static let office = facts("bangongshi", .roundOwner)
  static let replica = replicaID("aaaaaaaa")

  static func facts(_ seat: String, _ role: Role, _ place: String? = nil) -> SeatFacts {
    guard let id = SeatID(seat) else { preconditionFailure("\(seat) is not a seat's name") }
    return SeatFacts(seat: id, role: role, place: place.map { ExactString($0) })
  }

  static func replicaID(_ text: String) -> ReplicaID {
    guard let id = ReplicaID(text) else { preconditionFailure("\(text) is not a replica's id") }
    return id
  }

  static func id(_ text: String) -> EditID {
    guard let id = EditID(text) else { preconditionFailure("\(text) is not an identity") }
    return id
  }

  static func entity(_ text: String) -> EntityID {
    guard let id = EntityID(text) else { preconditionFailure("\(text) is not an entity") }
    return id
  }

  static func change(_ entity: String, _ field: String, _ value: String?) -> Change {
    guard let name = FieldName(field) else { preconditionFailure("\(field) is not a field") }
    return Change(
      entity: self.entity(entity), field: name, value: value.map { .text(ExactString($0)) } ?? .cleared)
  }

  static func edit(_ id: EditID, _ entity: String, _ field: String, _ value: String?) -> Edit {
    Edit(
      id: id, actSize: 1, stamp: Stamp(milliseconds: 1_700_000_000_000), base: nil,
      change: change(entity, field, value))
  }

  /// The act that the next `write` of the same lines would be. A line is `ENTITY FIELD VALUE`; the entity `@i` is the one
  /// that the act's edit i creates, the value `\-` clears. A `stage` line's base is the current stage, or `base`.
  func act(_ lines: [String], base: EditID?? = nil) -> Act {
    let id = ActID(replica: LedgerWriter.replica, n: n + 1)
    let changes: [(change: Change, base: EditID?)] = lines.map { line in
      let words = line.split(separator: " ", maxSplits: 2).map(String.init)
      let entity = words[0].hasPrefix("@") ? "\(LedgerWriter.replica).\(n + 1)/\(words[0].dropFirst())" : words[0]
      let change = LedgerWriter.change(entity, words[1], words[2] == "\\-" ? nil : words[2])
      let current = change.field == .stage ? state.stage(of: change.entity).edit : nil
      return (change, base ?? current)
    }
    do {
      return try Act(id: id, changes: changes, stamp: Stamp(milliseconds: milliseconds), shift: .none)
    } catch {
      preconditionFailure("the lines are one act")
    }
  }

  /// Accepts an act without asking the guard, and returns its first edit's identity.
  @discardableResult
  mutating func write(_ lines: String...) -> EditID { writeAll(lines) }

  /// The same for lines that are in an array.
  @discardableResult
  mutating func writeAll(_ lines: [String], base: EditID? = nil) -> EditID {
    let act = act(lines, base: base)
    n += 1
    milliseconds += 1_000
    for edit in act.edits {
      let line = AcceptedEdit(
        seq: UInt64(accepted.count + 1), receipt: Stamp(milliseconds: milliseconds), seat: seat.seat, edit: edit)
      accepted.append(line)
      state.apply(line)
    }
    return act.id.edit(1)
  }

  /// What the guard says of the lines as one act of `seat`.
  func refusal(_ lines: String..., by seat: SeatFacts) -> Refusal? {
    ActGuard.refusal(of: act(lines), by: seat, in: state)
  }
}
