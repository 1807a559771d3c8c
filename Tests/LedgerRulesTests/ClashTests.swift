import EditModel
import LedgerTestKit
import Testing

@testable import LedgerRules

@Suite struct ClashTests {
  @Test func editsThatFollowOneAnotherDoNotClash() {
    let first = edit(1, "一", base: nil)
    let second = edit(2, "二", base: first)
    #expect(Clash.all(among: [second, first], settled: []).isEmpty)
  }

  @Test func twoAuthorsWhoDidNotSeeEachOtherClash() throws {
    let base = edit(1, "原文", base: nil)
    let (early, late) = (edit(2, "早", base: base), edit(3, "晚", base: base))
    let clash = try #require(Clash.all(among: [late, base, early], settled: []).first)
    #expect(clash.beaten == early && clash.winner == late)
  }

  @Test func sameValueIsNoClash() {
    let base = edit(1, "原文", base: nil)
    #expect(Clash.all(among: [base, edit(2, "同", base: base), edit(3, "同", base: base)], settled: []).isEmpty)
  }

  @Test func aBranchOfSeveralEditsIsOneClashOfItsLast() {
    let base = edit(1, "原文", base: nil)
    let branch = edit(2, "一", base: base)
    let (tip, other) = (edit(3, "二", base: branch), edit(4, "三", base: base))
    #expect(Clash.all(among: [base, branch, tip, other], settled: []).map(\.beaten) == [tip])
  }

  @Test func eachBranchIsAClashOfItsOwn() {
    let base = edit(1, "原文", base: nil)
    let branches = (2...4).map { edit($0, "值\($0)", base: base) }
    #expect(Clash.all(among: [base] + branches, settled: []).map(\.beaten) == Array(branches.dropLast()))
  }

  @Test func whatIsSettledIsNoClash() {
    let (early, late) = (edit(1, "早", base: nil), edit(2, "晚", base: nil))
    #expect(Clash.all(among: [early, late], settled: [early.edit.id]).isEmpty)
    #expect(Clash.all(among: [early, late], settled: [late.edit.id]).count == 1)
  }

  @Test func aBaseThatNobodyHasIsNone() {
    let stranger = LedgerWriter.id("zzzzzzzz.9/1")
    let (early, late) = (edit(1, "早", base: nil), edit(2, "晚", baseID: stranger))
    #expect(Clash.all(among: [early, late], settled: []).map(\.beaten) == [early])
  }

  @Test func basesThatGoRoundInACircleEnd() {
    let one = edit(1, "一", baseID: id(2))
    let two = edit(2, "二", baseID: id(1))
    let own = edit(3, "三", baseID: id(3))
    #expect(Clash.all(among: [one, two, own], settled: []).isEmpty)
    let last = edit(4, "四", base: nil)
    #expect(Clash.all(among: [one, two, own, last], settled: []).map(\.beaten) == [own])
  }

  /// The definition word for word: bases are a tree; a leaf that is neither the winner nor an ancestor of it, and says
  /// something else. Trees at random, their edits in every order.
  @Test(arguments: UInt64(1)...60) func followsTheDefinitionInAnyOrder(_ seed: UInt64) {
    var generator = Generator(seed: seed)
    var edits: [AcceptedEdit] = []
    for number in 1...(2 + generator.number(below: 10)) {
      let base = generator.isOnce(in: 4) || edits.isEmpty ? nil : generator.one(of: edits)
      let value = "值\(generator.number(below: 3))"
      edits.append(edit(number, value, base: base, at: UInt64(1 + generator.number(below: 5))))
    }
    let settled = Set(edits.filter { _ in generator.isOnce(in: 6) }.map(\.edit.id))
    let expected = defined(edits, settled: settled)
    for _ in 1...4 {
      #expect(Clash.all(among: generator.shuffled(edits), settled: settled).map(\.id) == expected)
    }
  }

  /// Undone, done again and undone once more: the value is whose it was first. What nobody puts back is the edit's own.
  @Test func whatIsPutBackIsOfWhoeverWroteItFirst() {
    let first = edit(1, "书", base: nil)
    let other = edit(2, "办", base: first)
    let back = edit(3, "书", base: other)
    let again = edit(4, "办", base: back)
    let twice = edit(5, "书", base: again)
    let new = edit(6, "新", base: twice)
    let all = [first, other, back, again, twice, new]
    let origins = all.map { edit in edit.origin { id in all.first { $0.edit.id == id } } }
    #expect(origins == [first, other, first, other, first, new])
    // A base that is not here ends the search.
    #expect(back.origin { id in id == other.edit.id ? other : nil } == back)
    let clashes = Clash.all(among: [first, other, back, edit(7, "旁", base: nil, at: 2)], settled: [])
    #expect(clashes.map(\.winner) == [back] && clashes.map(\.origin) == [first])
  }

  @Test func aSettlementHasOneSpelling() throws {
    let clash = Clash(
      beaten: edit(1, "早", base: nil), winner: edit(2, "晚", base: nil), origin: edit(2, "晚", base: nil))
    let mark = try #require(Settlement(of: clash).mark)
    #expect(mark.description == "settled/progress/aaaaaaaa/1/1")
    #expect(Settlement(mark) == Settlement(of: clash))
    let member = try #require(FieldName("settled/village/张百万村/q2w8rt5n/9/1"))
    #expect(Settlement(member)?.field.description == "village/张百万村")
    #expect(Settlement(member)?.beaten == LedgerWriter.id("q2w8rt5n.9/1"))
  }

  @Test(arguments: [
    "settled/progress", "settled/progress/q2w8rt5n/09/1", "settled/q2w8rt5n/9/1", "progress", "settled",
  ])
  func whatNamesNoEditIsNoSettlement(_ name: String) throws {
    #expect(Settlement(try #require(FieldName(name))) == nil)
  }

  @Test func aSettlementTakesTheRightOfItsField() throws {
    let clerk = LedgerWriter.facts("zhangbaiwan", .villageClerk, "张百万村")
    var ledger = LedgerWriter()
    ledger.write("p15 problem 15", "p15 village/张百万村 yes")
    ledger.write("p15.张百万村 part 张百万村")
    let part = ledger.act(["p15.张百万村 settled/progress/q2w8rt5n/9/1 yes"])
    #expect(ActGuard.refusal(of: part, by: clerk, in: ledger.state) == nil)
    let problem = ledger.act(["p15 settled/deadline/q2w8rt5n/9/1 yes"])
    #expect(ActGuard.refusal(of: problem, by: clerk, in: ledger.state) == .forbidden(.assign))
    #expect(ActGuard.refusal(of: problem, by: LedgerWriter.office, in: ledger.state) == nil)
    let value = ledger.act(["p15 settled/deadline/q2w8rt5n/9/1 maybe"])
    #expect(ActGuard.refusal(of: value, by: LedgerWriter.office, in: ledger.state) == .value(value.edits[0].field))
  }

  @Test func aNoteTakesNoSettlementButOfItsWithdrawal() {
    var ledger = LedgerWriter()
    ledger.write("p15 problem 15")
    let id = ledger.write("p15 note 已签").description
    let withdrawn = ledger.act(["\(id) settled/withdrawn/q2w8rt5n/9/1 yes"])
    #expect(ActGuard.refusal(of: withdrawn, by: LedgerWriter.office, in: ledger.state) == nil)
    let other = ledger.act(["\(id) settled/text/q2w8rt5n/9/1 yes"])
    #expect(
      ActGuard.refusal(of: other, by: LedgerWriter.office, in: ledger.state) == .appendOnly(LedgerWriter.entity(id)))
  }

  /// The clashes of `edits` by the definition, without any of the code under test.
  private func defined(_ edits: [AcceptedEdit], settled: Set<EditID>) -> [EditID] {
    let byID = Dictionary(uniqueKeysWithValues: edits.map { ($0.edit.id, $0.edit) })
    let winner = edits.max { left, right in
      (left.edit.stamp.rawValue, left.edit.id.n) < (right.edit.stamp.rawValue, right.edit.id.n)
    }
    var ancestors: Set<EditID> = []
    var next = winner?.edit
    while let edit = next, ancestors.insert(edit.id).inserted { next = edit.base.flatMap { byID[$0] } }
    return edits.filter { one in
      !edits.contains { $0.edit.base == one.edit.id } && !ancestors.contains(one.edit.id)
        && one.edit.value.text != winner?.edit.value.text && !settled.contains(one.edit.id)
    }.sorted { $0.seq < $1.seq }.map(\.edit.id)
  }

  private func id(_ n: Int) -> EditID { LedgerWriter.id("aaaaaaaa.\(n)/1") }

  private func edit(_ n: Int, _ value: String, base: AcceptedEdit?, at milliseconds: UInt64? = nil) -> AcceptedEdit {
    edit(n, value, baseID: base?.edit.id, at: milliseconds)
  }

  private func edit(_ n: Int, _ value: String, baseID: EditID?, at milliseconds: UInt64? = nil) -> AcceptedEdit {
    let edit = Edit(
      id: id(n), actSize: 1, stamp: Stamp(milliseconds: milliseconds ?? UInt64(n)), base: baseID,
      change: LedgerWriter.change("p15", "progress", value))
    return AcceptedEdit(
      seq: UInt64(n), receipt: Stamp(milliseconds: 1_000 + UInt64(n)), seat: LedgerWriter.office.seat, edit: edit)
  }
}
