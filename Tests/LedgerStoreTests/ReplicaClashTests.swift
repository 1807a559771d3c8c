import EditModel
import GRDB
import LedgerRules
import LedgerTestKit
import LineProtocol
import Testing

@testable import LedgerStore

/// The clashes of a replica are those of the lines that it holds, however these came.
@Suite struct ReplicaClashTests {
  private let folder = ReplicaFolder()

  @Test(arguments: UInt64(1)...25) func areThoseOfItsLinesHoweverTheyCame(_ seed: UInt64) throws {
    var sample = ClashSample(seed: seed)
    let store = try folder.created()
    try store.begin(ClashSample.epoch)
    // A first fetch looks at all lines together; what comes later is watched as it comes.
    let isFirst = seed.isMultiple(of: 2)
    if !isFirst { _ = try store.apply([], reached: (0, "c")) }
    for end in isFirst ? [sample.lines.count] : [10, 20, sample.lines.count] {
      let held = Array(sample.lines.prefix(end))
      try sample.send(held, to: store)
      #expect(try store.clashes() == sample.expected(held))
    }
    #expect(try store.snapshot().clashes == store.clashes())
    try store.close()
    let again = try folder.opened()
    #expect(try again.clashes() == sample.expected(sample.lines))
  }

  @Test func areNotShownBeforeTheFirstFetchIsDone() throws {
    let sample = ClashSample(seed: 3)
    #expect(!sample.expected(sample.lines).isEmpty)
    let store = try folder.created()
    try store.begin(ClashSample.epoch)
    _ = try store.apply(sample.lines, reached: nil)
    #expect(try store.clashes().isEmpty)
    _ = try store.apply([], reached: (sample.last, "c"))
    #expect(try store.clashes() == sample.expected(sample.lines))
  }

  /// A first fetch that is told on its way how far it is holds winners beyond, and not what they were built on.
  @Test(arguments: UInt64(1)...10) func areNotShownWhileWinnersBeyondAreHere(_ seed: UInt64) throws {
    let sample = ClashSample(seed: seed)
    let store = try folder.created()
    try store.begin(ClashSample.epoch)
    let half = sample.lines.count / 2
    _ = try store.apply(sample.lines.filter { $0.seq % 3 == 0 }, reached: nil)
    _ = try store.apply(Array(sample.lines.prefix(half)), reached: (UInt64(half), "c"))
    #expect(try store.clashes().isEmpty)
    try store.close()
    let again = try folder.opened()
    #expect(try again.clashes().isEmpty)
    _ = try again.apply(sample.lines, reached: (sample.last, "d"))
    #expect(try again.clashes() == sample.expected(sample.lines))
  }

  /// Lines of a later moment do not bring a clash before what settles it has come with them.
  @Test func areFoundWhenTheStreamIsLevel() throws {
    let sample = ClashSample(seed: 3)
    let store = try folder.created()
    try store.begin(ClashSample.epoch)
    _ = try store.apply([], reached: (0, "c"))
    for line in sample.lines {
      _ = try store.apply([line], reached: nil)
      #expect(try store.clashes().isEmpty)
    }
    _ = try store.apply([], reached: (sample.last, "d"))
    #expect(try store.clashes() == sample.expected(sample.lines))
  }

  @Test(arguments: UInt64(1)...10) func followAServerThatWentBack(_ seed: UInt64) throws {
    var sample = ClashSample(seed: seed)
    let store = try folder.created()
    try store.begin(ClashSample.epoch)
    try sample.send(sample.lines, to: store)
    let fork = sample.last / 2
    try store.rewind(to: fork, epoch: ClashSample.nextEpoch)
    #expect(try store.clashes() == sample.expected(sample.lines.filter { $0.seq <= fork }))
    try store.restart(epoch: ClashSample.epoch)
    #expect(try store.clashes().isEmpty)
    try sample.send(sample.lines, to: store)
    #expect(try store.clashes() == sample.expected(sample.lines))
  }

  @Test func goWithWhatIsTakenAway() throws {
    var sample = ClashSample(seed: 3)
    let store = try folder.created()
    try store.begin(ClashSample.epoch)
    try sample.send(sample.lines, to: store)
    let entity = try #require(try store.clashes().first?.entity)
    try store.withdraw(entity)
    let rest = sample.lines.filter { $0.edit.entity != entity }
    #expect(try store.clashes() == sample.expected(rest))
  }

  /// A file of a version that did not know clashes has them once it was opened.
  @Test func areFoundInAnOlderFile() throws {
    var sample = ClashSample(seed: 3)
    let store = try folder.created()
    try store.begin(ClashSample.epoch)
    try sample.send(sample.lines, to: store)
    try store.file.transaction("age") { db in
      try db.execute(sql: "DELETE FROM contended; DELETE FROM clash; INSERT INTO unread_branches VALUES (1)")
    }
    try store.close()
    #expect(try folder.opened().clashes() == sample.expected(sample.lines))
  }
}

/// A few fields of a few problems, written by people who often did not see each other, and what they settled.
private struct ClashSample {
  static let epoch = Epoch(generation: 1, id: 0xE5F2_A90C_41D7_B366)
  static let nextEpoch = Epoch(generation: 2, id: 0xE5F2_A90C_41D7_B367)

  private var generator: Generator
  private(set) var lines: [AcceptedEdit] = []

  var last: UInt64 { UInt64(lines.count) }

  init(seed: UInt64) {
    generator = Generator(seed: seed)
    for number in 1...3 { add("p\(number)", "problem", "\(number)", base: nil) }
    for _ in 1...40 {
      let entity = "p\(1 + generator.number(below: 3))"
      let field = generator.one(of: ["progress", "effect", "village/张百万村"])
      let own = lines.map(\.edit).filter { $0.entity.description == entity && $0.field.description == field }
      if let beaten = own.last, generator.isOnce(in: 6), let mark = settlement(beaten) {
        add(entity, mark, generator.isOnce(in: 4) ? nil : "yes", base: nil)
        continue
      }
      let base = generator.isOnce(in: 3) || own.isEmpty ? own.first : generator.one(of: own)
      add(entity, field, generator.one(of: ["yes", "甲", "乙", "丙"]), base: base?.id)
    }
  }

  /// Sends lines in another order and in pieces of any size, some of them twice; level at the end.
  mutating func send(_ lines: [AcceptedEdit], to store: ReplicaStore) throws {
    var rest = generator.isOnce(in: 2) ? generator.shuffled(lines) : lines
    while !rest.isEmpty {
      let piece = Array(rest.prefix(1 + generator.number(below: 9)))
      rest.removeFirst(piece.count)
      _ = try store.apply(piece + (generator.isOnce(in: 5) ? piece : []), reached: nil)
    }
    let cursor = ExactString("c\(generator.number(below: 1_000))")
    _ = try store.apply([], reached: (UInt64(lines.count), cursor))
  }

  /// The clashes of `lines`, from all of them at once.
  func expected(_ lines: [AcceptedEdit]) -> [Clash] {
    let cells = Dictionary(grouping: lines) { CellKey(entity: $0.edit.entity, field: $0.edit.field) }
    let marks = lines.filter { Settlement($0.edit.field) != nil }
    var found: [Clash] = []
    for (key, edits) in cells where Clash.concerns(key.field) {
      let own = Dictionary(grouping: marks.filter { $0.edit.entity == key.entity }, by: \.edit.field)
      let settled = own.compactMap { (name, marks) -> EditID? in
        let winner = marks.max { left, right in EditOrder(left.edit) < EditOrder(right.edit) }
        guard name.description.hasPrefix("settled/\(key.field)/"), winner?.edit.value.text == "yes" else { return nil }
        return Settlement(name)?.beaten
      }
      found += Clash.all(among: edits, settled: Set(settled))
    }
    return found.sorted { $0.beaten.seq < $1.beaten.seq }
  }

  private mutating func settlement(_ beaten: Edit) -> String? {
    // Now and then of another field, which settles nothing.
    let field = generator.isOnce(in: 4) ? "root_cause" : beaten.field.description
    return "settled/\(field)/\(beaten.id.replica)/\(beaten.id.n)/\(beaten.id.i)"
  }

  private mutating func add(_ entity: String, _ field: String, _ value: String?, base: EditID?) {
    guard let entity = EntityID(entity), let field = FieldName(field), let replica = ReplicaID("h4m7xk2v"),
      let seat = SeatID("zhangbaiwan")
    else { preconditionFailure("a sample's texts are in their one spelling") }
    let number = last + 1
    let edit = Edit(
      id: EditID(replica: replica, n: number, i: 1), actSize: 1,
      stamp: Stamp(milliseconds: 1_000 + UInt64(generator.number(below: 30))), base: base,
      change: Change(entity: entity, field: field, value: value.map { .text(ExactString($0)) } ?? .cleared))
    lines.append(AcceptedEdit(seq: number, receipt: Stamp(milliseconds: 5_000 + number), seat: seat, edit: edit))
  }
}
