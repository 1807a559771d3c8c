package import EditModel

/// Draws names, values, edits, acts and histories; the same seed draws the same ones.
package struct Generator: Sendable {
  private var numbers: SplitMix64

  /// The generator of `seed`.
  package init(seed: UInt64) {
    self.numbers = SplitMix64(seed: seed)
  }

  /// A number from 0 to `bound - 1`; `bound` is at least 1.
  package mutating func number(below bound: Int) -> Int {
    Int(numbers.next() % UInt64(bound))
  }

  /// True once in `times`.
  package mutating func isOnce(in times: Int) -> Bool { number(below: times) == 0 }

  /// One of `choices`, which has at least one.
  package mutating func one<Choice>(of choices: [Choice]) -> Choice {
    choices[number(below: choices.count)]
  }

  /// `things` in another order.
  package mutating func shuffled<Thing>(_ things: [Thing]) -> [Thing] {
    things.shuffled(using: &numbers)
  }

  /// A name: ASCII, Chinese or both, sometimes one character, sometimes of the greatest length.
  package mutating func name() -> String {
    if isOnce(in: 50) { return String(repeating: "村", count: 42) + "ab" }
    return (0...number(below: 6)).map { _ in one(of: Generator.nameParts) }.joined()
  }

  /// A field's name, one in four of them a member.
  package mutating func field() -> String {
    isOnce(in: 4) ? "\(name())/\(name())" : name()
  }

  /// A value's text: Chinese, ASCII, line feeds, tabs, back-slashes, spaces at the ends, characters of four bytes.
  package mutating func text() -> String {
    (0...number(below: 12)).map { _ in one(of: Generator.textParts) }.joined()
  }

  /// A value, one in eight of them cleared.
  package mutating func value() -> EditValue {
    isOnce(in: 8) ? .cleared : .text(ExactString(text()))
  }

  /// A replica id of 8 to 15 digits.
  package mutating func replica() -> ReplicaID {
    let length = 8 + number(below: 8)
    let digits = (0..<length).map { _ in one(of: Crockford.digits) }
    // Digits of the alphabet always make an id; were they not to, the eight-digit form stands in.
    return ReplicaID(String(decoding: digits, as: UTF8.self)) ?? ReplicaID(random: numbers.next())
  }

  /// A stamp: usually within a few milliseconds of the others, so that ties happen, sometimes anywhere.
  package mutating func stamp() -> Stamp {
    if isOnce(in: 20) { return Stamp(rawValue: numbers.next()) }
    let counter = isOnce(in: 3) ? UInt64(number(below: 3)) : 0
    return Stamp(milliseconds: 1_697_000_000_000 + UInt64(number(below: 40)), counter: counter)
  }

  /// A shift: usually none, sometimes large, negative, uncertain.
  package mutating func shift() -> Shift {
    guard isOnce(in: 3) else { return .none }
    return Shift(seconds: Int64(number(below: 2_000_001)) - 1_000_000, isUncertain: isOnce(in: 4))
  }

  /// The identity of an edit, sometimes with the greatest numbers there are.
  package mutating func editID() -> EditID {
    let n = isOnce(in: 20) ? EditID.counterLimit : 1 + UInt64(number(below: 50))
    return EditID(replica: replica(), n: n, i: 1 + UInt32(number(below: 5)))
  }

  /// An entity of each form.
  package mutating func entity() -> EntityID {
    switch number(below: 4) {
    case 0: .root
    case 1: .created(editID())
    case 2: .derived(ExactString("p\(1 + number(below: 30))"))
    default: .derived(ExactString("p\(1 + number(below: 30)).\(name())"))
    }
  }

  /// A change of any field of any entity.
  package mutating func change() -> Change {
    // The names drawn are always names; were one not to be, the change would be skipped by its own rule below.
    let field = FieldName(field()) ?? Generator.plainField
    return Change(entity: entity(), field: field, value: value())
  }

  /// An act of 1 to `size` edits.
  package mutating func act(_ id: ActID, size: Int = 5) -> Act {
    let changes = (0...number(below: size)).map { _ in (change: change(), base: isOnce(in: 2) ? editID() : nil) }
    return made(id, changes)
  }

  /// What `replicas` devices did to a few cells of a few entities, `acts` acts in all, in the order of making: few
  /// cells, so that they meet, and equal stamps, so that ties are decided.
  package mutating func history(replicas count: Int, acts: Int) -> [Act] {
    let replicas = (0..<count).map { _ in replica() }
    var counters: [ReplicaID: UInt64] = [:]
    return (0..<acts).map { _ in
      let replica = one(of: replicas)
      counters[replica, default: 0] += 1
      let changes = (0...number(below: 3)).map { _ in (change: crowdedChange(), base: EditID?.none) }
      return made(ActID(replica: replica, n: counters[replica] ?? 1), changes)
    }
  }

  /// `acts` as a server would have accepted them in this order: consecutive seqs from 1.
  package mutating func accepted(_ acts: [Act]) -> [AcceptedEdit] {
    let seat = Generator.seat
    let edits = acts.flatMap(\.edits)
    return edits.enumerated().map { index, edit in
      AcceptedEdit(seq: UInt64(index + 1), receipt: stamp(), seat: seat, edit: edit)
    }
  }

  private mutating func crowdedChange() -> Change {
    let entity = EntityID.derived(ExactString("p\(1 + number(below: 3))"))
    let field = one(of: Generator.crowdedFields)
    return Change(entity: entity, field: field, value: value())
  }

  private mutating func made(_ id: ActID, _ changes: [(change: Change, base: EditID?)]) -> Act {
    do {
      return try Act(id: id, changes: changes, stamp: stamp(), shift: shift())
    } catch {
      preconditionFailure("an act is drawn with at least one edit")
    }
  }

  private static let nameParts = [
    "a", "z", "0", "9", "_", "-", "p15", "progress", "村", "张百万村", "土城镇", "整改", "é", "e\u{301}", "𠮷", "\u{A0}",
  ]
  private static let textParts = [
    "已完成复核", "待补合同", " ", "  ", "\t", "\n", "\\", "\\n", "-", "\\-", "a", "Z", "~", "“等问题”", "𠮷", "é", "e\u{301}",
    "\u{A0}", "\u{FEFF}", "{", "}", "=", "/", ".", "\u{10FFFF}",
  ]
  private static let plainField = name("progress")
  private static let crowdedFields = [name("progress"), name("village/张百万村"), name("note-1")]
  private static let seat = seatNamed("bangongshi")

  private static func name(_ text: String) -> FieldName {
    guard let name = FieldName(text) else { preconditionFailure("\(text) is a field's name") }
    return name
  }

  private static func seatNamed(_ text: String) -> SeatID {
    guard let seat = SeatID(text) else { preconditionFailure("\(text) is a seat's name") }
    return seat
  }
}
