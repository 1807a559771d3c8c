import EditModel
import LedgerStore
import Testing

/// What commands make of things that were withdrawn.
@Suite struct WithdrawnTests {
  private let folder: ClientFolder
  private let store: ReplicaStore

  init() throws {
    folder = try ClientFolder()
    store = try folder.replica()
    try folder.arrive(["p15 problem 15", "p15.2 measure 2", "p15.张百万村 part 张百万村"], in: store)
    try folder.arrive([". problem 自查发现的"], in: store)
  }

  @Test func aWithdrawnPartIsShownWithItsPast() throws {
    try folder.arrive(["p15.张百万村 progress 已补合同", "p15.张百万村 withdrawn yes"], in: store)
    let shown = try folder.taizhang("show", "15/张百万村")
    #expect(shown.status == 0)
    #expect(shown.output.contains("已撤回") && shown.output.contains("已补合同"))
    #expect(try folder.taizhang("history", "15/张百万村").output.contains("已补合同"))
  }

  @Test func writingToAWithdrawnPartBringsItBack() throws {
    try folder.arrive(["p15.张百万村 withdrawn yes"], in: store)
    let said = try folder.taizhang("set", "15/张百万村", "进展情况", "又补了一份")
    #expect(said.output.contains("现在恢复"))
    let shown = try folder.taizhang("show", "15").output
    #expect(shown.contains("15/张百万村") && shown.contains("又补了一份"))
  }

  @Test func aPartIsWithdrawnAndTakenUpByItsFieldInOneEditEach() throws {
    #expect(try folder.taizhang("set", "15/张百万村", "撤回", "是").status == 0)
    #expect(!(try folder.taizhang("show", "15").output.contains("15/张百万村 [")))
    #expect(try folder.taizhang("set", "15/张百万村", "撤回", "--clear").status == 0)
    #expect(try folder.taizhang("show", "15").output.contains("15/张百万村 ["))
    #expect(try store.snapshot().overlay.map(\.act.edits.count) == [1, 1])
  }

  @Test func writingToAWithdrawnMeasureIsToldAndKept() throws {
    try folder.arrive(["p15.2 withdrawn yes"], in: store)
    let said = try folder.taizhang("set", "15.2", "进展情况", "仍在做")
    #expect(said.status == 0 && said.output.contains("15.2 已撤回"))
    #expect(try folder.taizhang("show", "15.2").output.contains("仍在做"))
  }

  @Test(arguments: [
    ["add", "measure", "自1", "加一条"], ["add", "part", "自1", "张百万村"], ["stage", "自1", "待认领"],
    ["adopt", "自1", "done", "--source", "通报"],
  ])
  func aWithdrawnProblemTakesNoMoreWork(arguments: [String]) throws {
    let problem = try #require(try folder.arrive([". problem 又一个"], in: store).first)
    try folder.arrive(["\(problem.edit.id) withdrawn yes"], in: store)
    let arguments = arguments.map { $0 == "自1" ? "自2" : $0 }
    let said = try ClientFolder.taizhang(arguments, home: folder.path, language: "zh")
    #expect(said.status == 4 && said.errors.contains("已合并撤回"), "\(said)")
    #expect(try store.snapshot().overlay.isEmpty)
  }

  @Test func historyTellsWhatWasWithdrawnBelow() throws {
    let note = try #require(try folder.arrive(["p15 note 写错地方的一条"], in: store).first)
    try folder.arrive(["\(note.edit.id) withdrawn yes"], in: store)
    try folder.arrive(["p15.2 withdrawn yes"], in: store)
    let past = try folder.taizhang("history", "15").output
    #expect(past.contains("进展“写错地方的一条” 撤回：是"), "\(past)")
    #expect(past.contains("措施 15.2 撤回：是"))
  }

  @Test func aSearchPassesOverThem() throws {
    let note = try #require(try folder.arrive(["p15 note 独一无二的话"], in: store).first)
    #expect(try folder.taizhang("list", "--search", "独一无二").output.contains("15"))
    try folder.arrive(["\(note.edit.id) withdrawn yes"], in: store)
    #expect(try folder.taizhang("list", "--search", "独一无二").output.contains("没有符合条件"))
  }
}
