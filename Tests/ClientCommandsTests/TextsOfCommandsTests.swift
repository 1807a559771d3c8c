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

  @Test func aVillageThatIsNotNamedIsToldWhatOfAProblemThatIsNotThere() throws {
    let (folder, _) = try replica(role: "village_clerk", place: "河东村")
    for command in [["set", "15", "进展情况", "已补合同"], ["set", "15", "整改成效", "好"], ["note", "15", "已补合同"]] {
      let said = try ClientFolder.taizhang(command, home: folder.path, language: "zh")
      #expect(said.status == 4 && said.errors.contains("不存在，或不归您的岗位看"), "\(said.errors)")
    }
  }

  @Test func rightsSaysWhatTheSeatMayDoAndWhoseTheRestIs() throws {
    let (folder, _) = try replica(role: "village_clerk", place: "张百万村")
    let all = try folder.taizhang("rights").output
    #expect(all.contains("填报进展：本村分件") && all.contains("分派和定时限：不可以，由办公室、书记/镇长或分管领导"), "\(all)")
    let one = try folder.taizhang("rights", "15").output
    #expect(one.contains("对 15 能做什么") && one.contains("填报进展：可以（本村分件）") && !one.contains("登记自查问题"), "\(one)")
    let json = try folder.taizhang("rights", "15", "--json").output
    let assign = #"{"right":"assign","reach":"none","allowed":false,"roles":["line_leader","secretary","round_owner"]}"#
    #expect(json.contains(assign), "\(json)")
    #expect(try folder.taizhang("rights", "99").status == 3)
    // Nothing of problem 15 was set, so it is the round owner's to assign.
    #expect(one.contains("现在（待分解）不可以。下一步：待认领（办公室）"), "\(one)")
    #expect(
      json.contains(#""right":"move","reach":"own_place","allowed":false"#) && json.contains(#""steps":[]"#), "\(json)")
    let (owner, _) = try replica(role: "round_owner", place: nil)
    let steps = try owner.taizhang("rights", "15").output
    #expect(steps.contains("现在（待分解）可以转到 待认领"), "\(steps)")
  }

  @Test func whatIsNotTheSeatsIsRefusedHereWithWhoMay() throws {
    let (folder, _) = try replica(role: "village_clerk", place: "张百万村")
    let said = try folder.taizhang("set", "15", "整改时限", "2024-12-31")
    #expect(said.status == 4)
    #expect(said.errors.contains("“整改时限”由办公室、书记/镇长或分管领导（本人分管的）确定"), "\(said.errors)")
    let english = try ClientFolder.taizhang(["add", "measure", "15", "排查"], home: folder.path, language: "en")
    #expect(english.errors.contains("\"measure\" is for the round owner, the secretary or mayor"), "\(english.errors)")
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

  /// Own work on what a restored server lacks comes back refused: it says what it waits for, and when that is there.
  @Test func workOnWhatTheServerLostSaysWhatItWaitsFor() throws {
    let (folder, store) = try replica()
    let problem = try #require(try folder.arrive([". problem 水渠堵塞"], in: store).first).edit.id
    #expect(try folder.taizhang("note", "自1", "农经已看").status == 0)
    let own = try #require(try store.snapshot().overlay.last)
    try store.rewind(to: 4, epoch: try #require(Epoch("g2.0011223344556677")))
    try store.shelve(own.act.id.n, answer: WireError(.absent, [ExactString("\(problem)")]))
    let waiting = try folder.taizhang("status").output
    #expect(waiting.contains("问题“水渠堵塞” 进展：农经已看") && waiting.contains("还看不到问题“水渠堵塞”"), "\(waiting)")
    try folder.arriveAgain(". problem 水渠堵塞", as: problem, in: store)
    let back = try folder.taizhang("status").output
    #expect(back.contains("自1 进展：农经已看") && back.contains("或者还没有它，现在有了"), "\(back)")
  }

  @Test func whatAStepNeedsIsExplained() {
    let said = Words(.chinese).sentence(Refusal.stageNeeds([.villagesReported, .measuresFinished]))
    #expect(said.contains("编号/村名 已报送 是") && said.contains("编号.1 完成状态 已完成"))
  }

  /// A clerk hears in the language of the run what became of the file, and no code without words.
  @Test func aBrokenFileIsTold() throws {
    let (folder, store) = try replica()
    try store.close()
    try folder.overwrite("replica.sqlite", with: "no database")
    let said = try folder.taizhang("list")
    #expect(said.status == 6)
    #expect(said.errors.contains("已损坏") && said.errors.contains("taizhang repair"), "\(said.errors)")
  }

  @Test func anAdoptedOutcomeStandsInPlaceOfTheStage() throws {
    let (folder, store) = try replica()
    try folder.arrive(["p16 problem 16", "p16 adopted done", "p16 adopted_source 通报"], in: store)
    #expect(!(try folder.taizhang("list", "--stage", "待分解").output.contains("16")))
    let adopted = try folder.taizhang("list", "--stage", "建账前已完成").output
    #expect(adopted.contains("16") && adopted.contains("1/2 个问题"), "\(adopted)")
    #expect(try folder.taizhang("list", "--stage", "已完成").errors.contains("adopted_done"))
  }

  @Test func anAdoptedOutcomeGoesWithItsSource() throws {
    let (folder, store) = try replica()
    try folder.arrive(["p16 problem 16", "p16 adopted done", "p16 adopted_source 通报"], in: store)
    #expect(try folder.taizhang("set", "16", "adopted", "--clear").status == 0)
    let shown = try store.snapshot().shown[.derived("p16")]
    #expect(shown?.text(.adopted) == nil && shown?.text(.adoptedSource) == nil)
  }

  @Test func whoMayNotAdoptIsNotSentToAdopt() throws {
    let (folder, _) = try replica(role: "village_clerk", place: "张百万村")
    let said = try folder.taizhang("set", "15", "建账前结果", "done")
    #expect(said.status == 4 && said.errors.contains("建账前的结果由办公室认定"), "\(said.errors)")
  }

  @Test func anOfficesPartIsNoVillages() throws {
    let (folder, store) = try replica()
    try folder.arrive(["p15 lead_unit 农经站", "p15.农经站 part 农经站"], in: store)
    let said = try folder.taizhang("list", "--village", "农经站").output
    #expect(said.contains("没有哪个问题涉及“农经站”。涉及的村有：张百万村。"), "\(said)")
    #expect(try folder.taizhang("list", "--village", "张百万").output.contains("15"))
  }

  @Test func aTransitionIsNotSet() throws {
    let (folder, store) = try replica()
    let moved = try #require(try folder.arrive(["p15 stage unclaimed"], in: store).first).edit.id
    let said = try folder.taizhang("set", "\(moved)", "撤回", "是")
    #expect(said.status == 4 && said.errors.contains("只能追加"))
    let shown = try folder.taizhang("show", "\(moved)").output
    #expect(shown.contains("待认领") && !shown.contains("未开始") && !shown.contains("unclaimed"), "\(shown)")
  }

  @Test func whatWasTakenBackIsInNoListUnlessAskedFor() throws {
    let (folder, store) = try replica()
    let made = try #require(try folder.arrive([". problem 写错的"], in: store).first).edit.id
    try folder.arrive(["\(made) withdrawn yes"], in: store)
    let list = try folder.taizhang("list").output
    #expect(!list.contains("自1") && list.contains("共 1 个问题"), "\(list)")
    #expect(try folder.taizhang("list", "--stage", "合并撤回").output.contains("自1"))
  }

  @Test func aTextThatIsTooLongIsToldWithItsLimit() throws {
    let (folder, _) = try replica()
    let said = try folder.taizhang("note", "15", String(repeating: "文", count: 11_000))
    #expect(said.status == 2 && said.errors.contains("最多 32768 字节") && said.errors.contains("进展"), "\(said.errors)")
    #expect(try folder.taizhang("note", "15", "控\u{7}制").errors.contains("“进展”里有不能保存的控制字符"))
    #expect(!(try folder.taizhang("note", "15", " ").errors.contains("--clear")))
    #expect(try folder.taizhang("set", "15", "整改成效", " ").errors.contains("--clear"))
  }

  @Test func whatToAddMustBeSaid() throws {
    let said = try ClientFolder.taizhang(["add", "一件事", "--lang", "zh"], home: "/", language: "en")
    #expect(said.status == 2 && said.errors.contains("taizhang add problem、taizhang add measure"), "\(said.errors)")
  }

  @Test func anUnknownCommandIsCalledOne() throws {
    let said = try ClientFolder.taizhang(["lsit", "--lang", "zh"], home: "/", language: "en")
    #expect(said.status == 2 && said.errors.contains("没有“lsit”这个命令") && said.errors.contains("list"), "\(said.errors)")
    let json = try ClientFolder.taizhang(["lsit", "--json"], home: "/", language: "zh")
    #expect(json.status == 2 && json.output.contains(#""code":"command""#), "\(json)")
  }

  @Test func whatIsNotNumberedYetSaysHowToCallIt() throws {
    let (folder, _) = try replica()
    #expect(try folder.taizhang("add", "problem", "水渠堵塞").output.contains("到镇里后才编号；在那之前写作 "))
  }

  /// No code stands among the words.
  @Test func closingsAreWorded() {
    let words = Words(.chinese)
    for code in ["shutdown", "crowded", "timeout", "stalled", "seat-changed"] {
      #expect(!words.serverError(code).contains(code))
    }
  }
}
