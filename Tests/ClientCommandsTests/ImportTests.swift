import LedgerStore
import Testing

/// `import` into a ledger that was filled from an earlier report.
@Suite struct ImportTests {
  private let folder: ClientFolder

  private static let report = """
    某镇关于巡察整改情况的通报
    一、整改落实情况
    （一）党的建设方面
    1.关于党建的问题
    （1）针对“学习走过场”问题
    一是制定学习计划。
    二是每月检查一次。
    （2）针对“公开不及时”问题
    一是按月公开。
    （3）针对“账目拖延”问题
    一是日清月结。
    """

  init() throws {
    folder = try ClientFolder()
    _ = try folder.replica()
    try folder.write(ImportTests.report, to: "first.txt")
    #expect(try folder.taizhang("import", folder.path + "/first.txt").status == 0)
  }

  private func answer(_ text: String, _ arguments: String...) throws -> ClientFolder.Answer {
    try folder.write(text, to: "second.txt")
    return try ClientFolder.taizhang(
      ["import", folder.path + "/second.txt"] + arguments, home: folder.path, language: "zh")
  }

  private var outbox: Int { get throws { try folder.opened().snapshot().overlay.count } }

  @Test func aReportThatLacksAProblemIsRefusedBeforeAnythingIsWritten() throws {
    let before = try outbox
    let text = ImportTests.report.replacing("（2）针对“公开不及时”问题\n一是按月公开。\n", with: "")
    let said = try answer(text)
    #expect(said.status == 4 && said.errors.contains("原编号 2，报告在这个位置上的是 3"), "\(said)")
    #expect(try outbox == before)
    let dry = try answer(text, "--dry-run")
    #expect(dry.status == 0 && dry.output.contains("--anyway") && dry.output.contains("台账有而报告没有的（都保留，不删）：3"))
    #expect(try answer(text, "--anyway").status == 0)
    #expect(try outbox > before)
  }

  @Test func whatIsWordedOtherwiseOrGoneIsNamed() throws {
    let text = ImportTests.report.replacing("账目拖延", with: "账目混乱").replacing("\n二是每月检查一次。", with: "")
    let said = try answer(text)
    #expect(said.status == 0 && said.output.contains("请对照）：3"), "\(said)")
    #expect(said.output.contains("台账有而报告没有的（都保留，不删）：1.2"))
    let again = try answer(text)
    #expect(again.output.contains("没有要写的") && again.output.contains("1.2") && !again.output.contains("一致"), "\(again)")
  }

  @Test func theSameReportIsLevelAndItsJSONSaysWhatWasRead() throws {
    #expect(try answer(ImportTests.report).output.contains("台账与报告一致"))
    let json = try answer(ImportTests.report, "--json").output
    #expect(
      json.contains(#""problems":3"#) && json.contains(#""state":"nothing_new""#) && json.contains(#""missing":[]"#))
  }

  @Test func aTotalThatDiffersIsNamedInWords() throws {
    let text = ImportTests.report.replacing(
      "一、整改落实情况\n", with: "县委巡察组反馈了1个方面9个具体问题。\n一、整改落实情况\n")
    let said = try answer(text, "--dry-run").output
    #expect(said.contains("通报问题数 9/3") && !said.contains("problems"), "\(said)")
  }
}
