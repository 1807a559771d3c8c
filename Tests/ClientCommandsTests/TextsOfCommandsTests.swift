import EditModel
import LedgerRules
import LedgerStore
import LineProtocol
import Testing

@testable import ClientCommands

/// What commands say of what stands pending, of what only this device holds, and of how to go on.
@Suite struct TextsOfCommandsTests {
  private func replica(role: String = "round_owner", place: String? = nil) throws -> (ClientFolder, ReplicaStore) {
    let folder = try ClientFolder()
    let store = try folder.replica()
    try store.noteSeat(seat: "zhangbaiwan", role: role, place: place)
    try folder.arrive(
      ["p15 problem 15", "p15 deadline 2024-01-31", "p15 effect 已公开", "p15 village/张百万村 yes"], in: store)
    return (folder, store)
  }

  @Test func aPendingClearIsShown() throws {
    let (folder, _) = try replica()
    #expect(try folder.taizhang("set", "15", "整改成效", "--clear").status == 0)
    #expect(try folder.taizhang("show", "15").output.contains("整改成效：（清空） （未到镇里）"))
  }

  @Test func aPendingDeadlineIsMarked() throws {
    let (folder, _) = try replica()
    #expect(!(try folder.taizhang("show", "15").output.contains("整改时限：")))
    #expect(try folder.taizhang("set", "15", "整改时限", "2024-02-29").status == 0)
    #expect(try folder.taizhang("show", "15").output.contains("整改时限：2024-02-29 （未到镇里）"))
  }

  @Test func aListByStageHasWhatIsOnItsWayThere() throws {
    let (folder, _) = try replica()
    #expect(try folder.taizhang("stage", "15", "合并撤回", "--reason", "并入16").status == 0)
    for stage in ["待分解", "合并撤回"] {
      #expect(try folder.taizhang("list", "--stage", stage).output.contains("待分解 → 合并撤回*"))
    }
    #expect(!(try folder.taizhang("list", "--stage", "整改中").output.contains("→")))
  }

  @Test func aTextThatLooksLikeAnOptionIsExplained() throws {
    let (folder, _) = try replica()
    let said = try folder.taizhang("set", "15", "整改成效", "-5")
    #expect(said.status == 2 && said.errors.contains("taizhang set 15 进展情况 -- -5"))
    #expect(try folder.taizhang("set", "15", "整改成效", "--", "-5").status == 0)
    #expect(!(try folder.taizhang("list", "--frob").errors.contains("-- -5")))
  }

  @Test func aVillageIsToldThatItWroteToTheWholeProblem() throws {
    let (folder, _) = try replica(role: "village_clerk", place: "河东村")
    let said = try folder.taizhang("set", "15", "进展情况", "已补合同").output
    #expect(said.contains("taizhang add part 15 河东村"), "\(said)")
    #expect(try folder.taizhang("note", "15", "已补合同").output.contains("taizhang add part 15 河东村"))
    #expect(!(try folder.taizhang("set", "15", "整改成效", "好").output.contains("add part")))
  }

  @Test func aVillageThatIsNamedWritesToItsPartWithoutAWord() throws {
    let (folder, _) = try replica(role: "village_clerk", place: "张百万村")
    let said = try folder.taizhang("set", "15", "进展情况", "已补合同").output
    #expect(said.contains("15/张百万村") && !said.contains("add part"), "\(said)")
  }

  @Test func nothingIsSaidOfSendingWhereNothingWaits() throws {
    let (folder, _) = try replica()
    let idle = try folder.taizhang("sync", "--seconds", "1")
    #expect(idle.status == 5 && idle.output.contains("没有未送出的修改") && !idle.output.contains("内容不会丢"))
    #expect(try folder.taizhang("set", "15", "整改成效", "好").status == 0)
    #expect(try folder.taizhang("sync", "--seconds", "1").output.contains("内容不会丢"))
  }

  /// What an own or another's act made has no number while the server lacks it: it is called by what it says.
  @Test func whatOnlyThisDeviceHoldsIsCalledByItsWords() throws {
    let (folder, store) = try replica()
    let made = try folder.arrive([". problem 自查发现水渠堵塞"], in: store)
    let problem = try #require(made.first).edit.id
    let measure = try #require(try folder.arrive(["\(problem) measure 组织清淤"], in: store).first).edit.id
    try folder.arrive(["\(measure) state done"], in: store)
    try store.rewind(to: 4, epoch: try #require(Epoch("g2.0011223344556677")))
    let said = try folder.taizhang("status").output
    #expect(said.contains("问题“自查发现水渠堵塞” 措施：组织清淤"), "\(said)")
    #expect(said.contains("问题“自查发现水渠堵塞” 措施“组织清淤” 完成状态：已完成"), "\(said)")
    #expect(!said.contains("\(measure)") && !said.contains("\(problem)"))
  }

  @Test func whatAStepNeedsIsExplained() {
    let said = Words(.chinese).sentence(Refusal.stageNeeds([.villagesReported, .measuresFinished]))
    #expect(said.contains("15/村名 已报送 是") && said.contains("15.1 完成状态 已完成"))
  }

  /// A clerk hears in the language of the run what became of the file, and no code without words.
  @Test func aBrokenFileIsTold() throws {
    let (folder, store) = try replica()
    try store.close()
    try folder.overwrite("replica.sqlite", with: "no database")
    let said = try folder.taizhang("list")
    #expect(said.status == 6)
    #expect(said.errors.contains("已损坏") && said.errors.contains("交给管理员"), "\(said.errors)")
  }
}
