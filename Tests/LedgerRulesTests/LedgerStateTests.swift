import EditModel
import LedgerRules
import Testing

/// The state is a function of the set of accepted edits, whatever their order and repetition.
struct LedgerStateTests {
  static let seeds: [UInt64] = Array(1...20)

  @Test(arguments: seeds) func anyOrderFoldsToTheSameState(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let history = generatedHistory(300, &random)
    let expected = fold(history)
    for _ in 0..<4 {
      let other = fold(history.shuffled(using: &random))
      #expect(other == expected, "seed \(seed)")
      #expect(other.canonicalLines() == expected.canonicalLines(), "seed \(seed)")
    }
  }

  @Test(arguments: seeds) func partsOfAHistoryMergeInAnyGrouping(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let history = generatedHistory(200, &random)
    let cut = Int(random.next() % 200)
    let (front, back) = (Array(history[..<cut]), Array(history[cut...]))
    #expect(fold(back + front) == fold(history), "seed \(seed)")
    #expect(fold(back.reversed() + front.shuffled(using: &random)) == fold(history), "seed \(seed)")
  }

  @Test(arguments: seeds) func knownEditChangesNothing(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let history = generatedHistory(200, &random)
    var state = fold(history)
    let before = state
    for line in history.shuffled(using: &random) { #expect(state.apply(line).isEmpty, "seed \(seed)") }
    #expect(state == before)
  }

  @Test(arguments: seeds) func winnersAloneFoldToTheSameState(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let history = generatedHistory(200, &random)
    let state = fold(history)
    let winners = state.winners()
    #expect(fold(winners) == state, "seed \(seed)")
    #expect(Set(winners.map(\.seq)).count == winners.count, "each winner once")
    // First sync: winners first, then everything else.
    #expect(fold(winners + history) == state)
  }

  @Test(arguments: seeds) func changedPlacesAreThoseWhoseWinnerIsNew(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var state = LedgerState()
    for line in generatedHistory(100, &random) {
      let before = Set(state.canonicalLines())
      let changed = state.apply(line)
      let new = Set(state.canonicalLines()).subtracting(before)
      #expect(new == Set(changed.map { "\($0.entity) \($0.field) \(line.edit.id)" }), "seed \(seed)")
    }
  }

  @Test func greatestStampWinsADescriptiveField() {
    let early = accepted(seq: 2, "bbbbbbbb.1/1", stamp: 5, "p1 goal 早")
    let late = accepted(seq: 1, "aaaaaaaa.1/1", stamp: 9, "p1 goal 晚")
    #expect(fold([late, early])[LedgerWriter.entity("p1")]?.text(known("goal")) == "晚")
  }

  @Test func greatestSeqWinsTheStageWhateverItsStamp() {
    let first = accepted(seq: 1, "aaaaaaaa.1/1", stamp: 9, "p1 stage working")
    let second = accepted(seq: 2, "bbbbbbbb.1/1", stamp: 5, "p1 stage withdrawn")
    for history in [[first, second], [second, first]] {
      let fact = fold(history).stage(of: LedgerWriter.entity("p1"))
      #expect(fact.stage == .withdrawn)
      #expect(fact.edit == second.edit.id)
    }
  }

  @Test func firstCreatorOfADerivedIDStaysNamed() {
    let first = accepted(seq: 1, "bbbbbbbb.1/1", stamp: 9, "p1 problem 1")
    let second = accepted(seq: 2, "aaaaaaaa.1/1", stamp: 5, "p1 problem 1")
    for history in [[first, second], [second, first]] {
      #expect(fold(history)[LedgerWriter.entity("p1")]?.creation == first)
    }
  }

  @Test func fieldBeforeItsCreationIsKeptAndShownWhenItHasCome() {
    let field = accepted(seq: 2, "aaaaaaaa.2/1", stamp: 2, "bbbbbbbb.1/1 goal 目标")
    let creation = accepted(seq: 1, "bbbbbbbb.1/1", stamp: 1, ". problem 自查")
    let id = LedgerWriter.entity("bbbbbbbb.1/1")
    var state = fold([field])
    #expect(!state.exists(id))
    #expect(state.problems().isEmpty)
    #expect(state.apply(creation) == [CellKey(creationOf: id, kind: .problem)])
    #expect(state.problems() == [id])
    #expect(state[id]?.text(known("goal")) == "目标")
  }

  @Test func unknownFieldsAndKindsAreKept() {
    let state = fold([
      accepted(seq: 1, "aaaaaaaa.1/1", stamp: 1, "p1 colour 蓝"),
      accepted(seq: 2, "aaaaaaaa.2/1", stamp: 1, "r7 name 制度"),
    ])
    #expect(state.canonicalLines() == ["p1 colour aaaaaaaa.1/1", "r7 name aaaaaaaa.2/1"])
  }

  @Test func pendingEditIsShownWhateverItsStampAndCountsNowhere() {
    let line = accepted(seq: 1, "bbbbbbbb.1/1", stamp: 9, "p1 goal 服务器")
    var state = fold([line])
    let before = (state.winners(), state.canonicalLines())
    state.show(accepted(seq: 9, "aaaaaaaa.1/1", stamp: 1, "p1 goal 本机").edit)
    state.show(accepted(seq: 9, "aaaaaaaa.2/1", stamp: 1, ". problem 新").edit)
    state.show(accepted(seq: 9, "aaaaaaaa.3/1", stamp: 1, "p1 stage closed").edit)
    let problem = LedgerWriter.entity("p1")
    #expect(state[problem]?.text(known("goal")) == "本机")
    #expect(state[problem]?.cells[known("goal")]?.winner == line)
    #expect(state.problems().last == LedgerWriter.entity("aaaaaaaa.2/1"))
    #expect(state.stage(of: problem) == .initial)
    #expect(state.pendingStage(of: problem) == .closed)
    #expect(state.winners() == before.0)
    #expect(state.canonicalLines() == before.1)
  }

  private func known(_ field: String) -> FieldName { LedgerWriter.change(".", field, "x").field }

  private func fold(_ lines: [AcceptedEdit]) -> LedgerState {
    var state = LedgerState()
    for line in lines { state.apply(line) }
    return state
  }

  private func accepted(seq: UInt64, _ id: String, stamp: UInt64, _ line: String) -> AcceptedEdit {
    let words = line.split(separator: " ", maxSplits: 2).map(String.init)
    return AcceptedEdit(
      seq: seq, receipt: Stamp(milliseconds: 100 + seq), seat: LedgerWriter.office.seat,
      edit: Edit(
        id: LedgerWriter.id(id), actSize: 1, stamp: Stamp(milliseconds: stamp), base: nil,
        change: LedgerWriter.change(words[0], words[1], words[2])))
  }

  /// Edits of few entities and fields by three replicas, with stamps that often collide.
  private func generatedHistory(_ count: Int, _ random: inout SplitMix64) -> [AcceptedEdit] {
    let replicas = ["aaaaaaaa", "bbbbbbbb", "cccccccc"]
    var made: [String] = ["p1", "p2", "p1.1", "p2.张百万村", "a1", "."]
    return (1...count).map { seq in
      let id = "\(replicas[Int(random.next() % 3)]).\(seq)/1"
      let entity = made[Int(random.next() % UInt64(made.count))]
      let line: String
      switch random.next() % 8 {
      case 0: line = ["p1 problem 1", "p2 problem 2", "p1.1 measure 1", "a1 aspect 1"][Int(random.next() % 4)]
      case 1: line = ". problem 自查\(seq)"
      case 2: line = "p\(random.next() % 2 + 1) note 进展\(seq)"
      case 3: line = "p\(random.next() % 2 + 1) stage \(["working", "closed", "returned"][Int(random.next() % 3)])"
      case 4: line = "p2.张百万村 part 张百万村"
      default: line = "\(entity) \(["goal", "text", "village/张百万村"][Int(random.next() % 3)]) 值\(seq)"
      }
      if line.hasPrefix(". problem") || line.contains(" note ") { made.append(id) }
      return accepted(seq: UInt64(seq), id, stamp: 1_000 + random.next() % 50, line)
    }
  }
}

/// A small seeded generator, so that a failing seed can be run again. Source: Steele, Lea, Flood, "Fast splittable
/// pseudorandom number generators" (2014).
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
