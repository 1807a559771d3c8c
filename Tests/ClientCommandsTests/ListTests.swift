import EditModel
import LedgerRules
import LedgerStore
import Testing

@testable import ClientCommands

/// What `list` reads of a replica.
@Suite struct ListTests {
  /// A search reads everything; what both find must be the same to the last byte.
  @Test(arguments: [["--json"], [], ["--overdue"], ["--mine"], ["--office", "农办"], ["--village", "张百万村"]])
  func whatItLeavesUnreadChangesNothing(arguments: [String]) throws {
    let folder = try ClientFolder()
    let store = try folder.replica()
    let fields = ListCommand.unlisted.map { "p15 \($0) 某" }
    try folder.arrive(
      [
        "p15 problem 15", "p15 text 公开不及时", "p15 deadline 2020-01-01", "p15 lead_unit 农办", "p15.张百万村 part 张百万村",
        "p15.张百万村 progress 某", "p15 co_unit/财政所 yes", "p15.1 measure 1", "p15.1 state done", "p15.1 text 公开",
      ] + fields, in: store)
    try folder.arrive(["p16 problem 16", "p16 text 公开不全", "p16 adopted done"], in: store)
    #expect(try folder.taizhang("set", "16", "progress", "未送出").status == 0)
    let list = try ClientFolder.taizhang(["list"] + arguments, home: folder.path, language: "zh")
    let search = try ClientFolder.taizhang(
      ["list", "--search", "公开"] + arguments, home: folder.path, language: "zh")
    #expect(list.status == 0 && list.output == search.output)
    #expect(list.output.contains("15"))
    #expect(fields.count == 9)
  }

  /// By what it leads, joins, answers for and has a part of, under any name that it goes by.
  @Test(arguments: ["党建办", "党建工作办公室"])
  func anOfficeIsFoundByAllItHasToDo(name: String) throws {
    let folder = try ClientFolder()
    let store = try folder.replica()
    for number in 1...5 { try folder.arrive(["p\(number) problem \(number)", "p\(number).1 measure 1"], in: store) }
    try folder.arrive(["p1 lead_unit 党建工作办公室", "p2 co_unit/党建办 yes"], in: store)
    try folder.arrive(["p3.1 unit 党建办", "p4.党建办 part 党建办", "p5 lead_unit 财政所"], in: store)
    let list = try ClientFolder.taizhang(["list", "--json", "--office", name], home: folder.path, language: "zh")
    #expect(
      [1, 2, 3, 4, 5].map { list.output.contains("\"reference\":\"\($0)\"") } == [true, true, true, true, false])
  }

  @Test func whatIsLeftOutIsNotReadAndTheRestIs() throws {
    let folder = try ClientFolder()
    let store = try folder.replica()
    try folder.arrive(["p15 problem 15", "p15 text 公开不及时", "p15 progress 已公开"], in: store)
    #expect(try folder.taizhang("set", "15", "effect", "未送出").status == 0)
    let problem = EntityID.derived("p15")
    let left = try store.snapshot(leavingOut: ListCommand.unlisted)
    #expect(left.shown.wording(of: problem) == "公开不及时")
    #expect(left.shown[problem]?.text(.progress) == nil)
    #expect(left.shownEdit(of: problem) == "未送出")
    #expect(try store.snapshot().shown[problem]?.text(.progress) == "已公开")
  }
}

extension ReplicaSnapshot {
  /// The effect that is shown of a problem, which is an own pending one.
  fileprivate func shownEdit(of problem: EntityID) -> String? {
    FieldName("effect").flatMap { shown[problem]?.text($0) }
  }
}
