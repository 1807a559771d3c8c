import EditModel
import LedgerRules
import LedgerStore
import LineProtocol
import Testing

@testable import ClientCommands

/// What `history` tells of where something came from and what became of it.
@Suite struct HistoryTests {
  private let folder: ClientFolder
  private let store: ReplicaStore

  init() throws {
    folder = try ClientFolder()
    store = try folder.replica()
    try folder.arrive(["p15 problem 15"], in: store)
  }

  private func history(_ arguments: String...) throws -> String {
    try ClientFolder.taizhang(["history"] + arguments, home: folder.path, language: "zh").output
  }

  /// What was added is made at its parent, and is part of its own past all the same.
  @Test func whatWasAddedTellsWhoAddedIt() throws {
    let problem = try #require(try folder.arrive([". problem 自查水渠"], in: store).first).edit.id
    try folder.arrive(["\(problem) measure 组织清淤"], in: store)
    #expect(try history("自1").contains("dangzheng  问题：自查水渠"))
    #expect(try history("自1.1").contains("dangzheng  措施：组织清淤"))
    #expect(try folder.taizhang("add", "measure", "15", "再查一次").status == 0)
    let own = try #require(try store.snapshot().overlay.last).act.id.edit(1)
    #expect(try history("\(own)").contains("措施：再查一次"))
  }

  @Test func aTransitionTellsWhichOneFollowed() throws {
    let first = try #require(try folder.arrive(["p15 stage unclaimed"], in: store).first).edit.id
    let second = try #require(try folder.arrive(["p15 stage working"], in: store, from: "c9n3w5tz", base: first).first)
    try folder.arrive(["p15 stage first_review"], in: store, from: "c9n3w5tz", base: second.edit.id)
    let past = try history("15", "阶段")
    #expect(past.contains("流转到“整改中”") && past.contains("流转到“待初审”") && !past.contains("改过"), "\(past)")
  }

  /// An author who sets a field twice before another's later value is seen: the first was replaced by the second.
  @Test func oneOwnValueFollowsAnother() throws {
    let first = try #require(try folder.arrive(["p15 effect 第一天"], in: store).first).edit.id
    try folder.arrive(["p15 effect 第二天"], in: store, base: first)
    try folder.arrive(["p15 effect 办公室的"], in: store, from: "c9n3w5tz")
    let past = try history("15", "整改成效")
    #expect(past.firstRange(of: "已由 dangzheng") != nil, "\(past)")
    #expect(past.ranges(of: "没有采用").count == 1)
  }

  /// Two who wrote on the same days and handed over one after the other are read day by day.
  @Test func itIsToldInTheOrderOfTheDays() throws {
    let day: UInt64 = 86_400_000
    for (author, hours) in [("h4m7xk2v", UInt64(0)), ("c9n3w5tz", 12)] {
      for n in 1...3 as ClosedRange<UInt64> {
        try folder.arrive(
          ["p15 progress \(author)第\(n)天"], in: store, from: author, at: 1_700_000_000_000 + n * day + hours * 3_600_000
        )
      }
    }
    let past = try history("15", "进展情况")
    let told = ["h4m7xk2v第1天", "c9n3w5tz第1天", "h4m7xk2v第2天", "c9n3w5tz第2天", "h4m7xk2v第3天", "c9n3w5tz第3天"]
    let places = try told.map { try #require(past.firstRange(of: $0), "\(past)").lowerBound }
    #expect(places == places.sorted(), "\(past)")
  }

  @Test func aRefusedOneTellsWhy() throws {
    #expect(try folder.taizhang("set", "15", "progress", "甲").status == 0)
    let own = try #require(try store.snapshot().overlay.last).act.id
    try store.shelve(own.n, answer: WireError(.archived))
    let past = try history("15", "进展情况")
    #expect(past.contains("被退回，在退件架上\n      退回原因：") && past.contains("归档"), "\(past)")
  }

  @Test func aSettledClashTellsWhatStays() throws {
    let beaten = try #require(try folder.arrive(["p15 progress 甲"], in: store).first)
    try folder.arrive(["p15 progress 乙"], in: store, from: "c9n3w5tz")
    let id = beaten.edit.id
    let settled = try #require(
      try folder.arrive(["p15 settled/progress/\(id.replica)/\(id.n)/\(id.i) yes"], in: store, from: "c9n3w5tz").first)
    let state = try store.snapshot().confirmed
    #expect(Words(.chinese).settledNow(settled, in: state) == "现值 乙（dangzheng 所填）")
    #expect(Words(.english).settledNow(settled, in: state) == "it stays 乙 (written by dangzheng)")
    #expect(Words(.english).settledNow(beaten, in: state) == nil)
    #expect(try history("15", "进展情况", "--json").contains("\"settled_by\":\"\(settled.edit.id)\""))
    let past = try history("15", "进展情况")
    #expect(past.ranges(of: "冲突已由 dangzheng 于").count == 1 && !past.contains("冲突未处理"), "\(past)")
    let undone = Edit(
      id: settled.edit.id, actSize: 1, stamp: settled.edit.stamp, shift: .none, base: settled.edit.id,
      change: Change(entity: settled.edit.entity, field: settled.edit.field, value: .cleared))
    let taken = AcceptedEdit(seq: settled.seq + 1, receipt: settled.receipt, seat: settled.seat, edit: undone)
    #expect(Words(.english).settledNow(taken, in: state) == nil)
    // What is written later did not stand then.
    try folder.arrive(["p15 progress 丙"], in: store, from: "c9n3w5tz")
    #expect(Words(.english).settledNow(settled, in: try store.snapshot().confirmed) == nil)
    #expect(Words(.english).value(undone, nil, in: state) == "no, open again")
  }

  /// What a later version writes to a note or a transition, which have no number of their own, is shown with them.
  @Test(arguments: ["note", "stage"]) func aFieldOfALaterVersionIsShownWithWhatItIsOf(field: String) throws {
    let value = field == "stage" ? "unclaimed" : "走访"
    let made = try #require(try folder.arrive(["p15 \(field) \(value)"], in: store).first).edit.id
    try folder.arrive(["\(made) weight 3"], in: store)
    #expect(try history("15").contains("weight：3"))
    #expect(try folder.taizhang("show", "15").output.contains("weight：3"))
    for command in [["show", "15", "--json"], ["export", "--json"]] {
      #expect(
        try ClientFolder.taizhang(command, home: folder.path, language: "zh").output.contains(#""weight":"3""#))
    }
  }

  @Test func whatStandsBelowIsPointedTo() throws {
    try folder.arrive(["p15.张百万村 part 张百万村"], in: store)
    #expect(try history("15").contains("taizhang history 15/张百万村"))
  }
}
