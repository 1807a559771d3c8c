import EditModel
import LedgerTestKit
import Testing

@Suite struct ActTests {
  private func act(_ generator: inout Generator, edits count: Int) throws -> Act {
    let id = ActID(replica: generator.replica(), n: 7)
    let changes = (0..<count).map { _ in (change: generator.change(), base: EditID?.none) }
    return try Act(id: id, changes: changes, stamp: Stamp(milliseconds: 5), shift: .none)
  }

  @Test func numbersItsEditsFromOne() throws {
    var generator = Generator(seed: 3)
    let act = try act(&generator, edits: 3)
    #expect(act.edits.map(\.id.i) == [1, 2, 3])
    #expect(act.edits.allSatisfy { $0.actSize == 3 && $0.id.act == act.id })
    #expect(try Act(edits: act.edits) == act)
  }

  @Test func refusesWhatIsNotWhole() throws {
    var generator = Generator(seed: 4)
    let whole = try act(&generator, edits: 3).edits
    let other = try act(&generator, edits: 3).edits
    #expect(throws: Act.Flaw.empty) { try Act(edits: []) }
    for edits in [
      Array(whole.dropLast()), Array(whole.dropFirst()), whole.reversed(), whole + [whole[2]],
      [whole[0], other[1], whole[2]], [whole[0], whole[0], whole[2]],
    ] {
      #expect(throws: Act.Flaw.notWhole) { try Act(edits: edits) }
    }
  }

  @Test func copyUnderAnotherStampHasTheSameContent() throws {
    var generator = Generator(seed: 5)
    let act = try act(&generator, edits: 2)
    let copy = act.restamped(Stamp(milliseconds: 99), shift: Shift(seconds: 4))
    #expect(copy != act)
    #expect(copy.hasSameContent(as: act))
    #expect(copy.edits.allSatisfy { $0.stamp == Stamp(milliseconds: 99) && $0.shift.seconds == 4 })
  }

  @Test func whatWasPutElsewhereOnTheTimeLineIsACopyAndWhatWasSaidLaterIsNot() throws {
    var generator = Generator(seed: 7)
    let start: UInt64 = 1_697_012_000_000
    let act = try act(&generator, edits: 2).restamped(Stamp(milliseconds: start), shift: .none)
    // Stamp, shift, whether it was made at the same reading of a clock.
    let cases: [(UInt64, Int64, Bool)] = [
      (start, 0, true), (start + 700, 1, true), (start + 86_400_000, 86_400, true), (start - 5_000, -4, true),
      (start + 1_999, 0, true), (start + 2_000, 0, false), (start, 2, false), (start + 60_000, 0, false),
      (start - 60_000, 0, false), (start + 60_000, Shift.limit, true), (0, -Shift.limit, true),
    ]
    for (milliseconds, seconds, isCopy) in cases {
      let other = act.restamped(Stamp(milliseconds: milliseconds), shift: Shift(seconds: seconds))
      #expect(other.isCopy(of: act) == isCopy && act.isCopy(of: other) == isCopy, "\(milliseconds) \(seconds)")
    }
    #expect(!(try self.act(&generator, edits: 2).isCopy(of: act)))
  }

  @Test func anotherValueBaseOrSizeIsOtherContent() throws {
    var generator = Generator(seed: 6)
    let first = try act(&generator, edits: 1).edits[0]
    func changed(size: UInt32 = 1, base: EditID? = nil, value: EditValue? = nil) -> Edit {
      let change = Change(entity: first.entity, field: first.field, value: value ?? first.value)
      return Edit(id: first.id, actSize: size, stamp: first.stamp, base: base, change: change)
    }
    #expect(changed().hasSameContent(as: first))
    #expect(!changed(size: 2).hasSameContent(as: first))
    #expect(!changed(base: first.id).hasSameContent(as: first))
    #expect(!changed(value: .text("é!")).hasSameContent(as: first))
    #expect(!changed(value: .text("é")).hasSameContent(as: changed(value: .text("e\u{301}"))))
  }
}
