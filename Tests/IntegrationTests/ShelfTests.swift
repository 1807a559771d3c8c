import EditModel
import Foundation
import GRDB
import LedgerClient
import LedgerRules
import LedgerStore
import LedgerTestKit
import Testing

/// What a real server refuses, listed, tried again and given up by the program's users.
@Suite(.onOwnThreads, .timeLimit(.minutes(3))) struct ShelfTests {
  private let town: ClientTown
  private let problem = EntityID.derived("p15")

  init() throws { town = try ClientTown() }

  /// Replicas of as many seats with problem 15, ready to be assigned.
  private func level(_ names: String...) async throws -> [Replica] {
    let replicas = try names.map { try town.enrolled($0) }
    _ = try replicas[0].record([
      try change("problem", "15"), try change("measure", "1", of: .derived("p15.1")), try change("lead_unit", "农经站"),
      try change("leader", "张三"), try change("deadline", "2023-12-31"), try change("closing_standard", "标准"),
    ])
    for replica in replicas { _ = try await replica.settle() }
    return replicas
  }

  private func change(_ field: String, _ value: ExactString, of entity: EntityID = .derived("p15")) throws -> Change {
    Change(entity: entity, field: try #require(FieldName(field)), value: .text(value))
  }

  /// Moves problem 15 on, with a reason.
  private func move(_ replica: Replica, to stage: Stage) throws -> ActID {
    let (stage, reason) = (try change("stage", ExactString(stage.rawValue)), try #require(FieldName("reason")))
    return try replica.record { act in
      [stage, Change(entity: .created(act.edit(1)), field: reason, value: .text("并入第 3 题"))]
    }
  }

  @Test func theSecondOfTwoTransitionsIsListedAndTriedAgain() async throws {
    try await town.serving {
      let replicas = try await level("bangongshi", "zhenban")
      let (office, clerk) = (replicas[0], replicas[1])
      try office.set("stage", "unclaimed")
      let old = try move(clerk, to: .withdrawn)
      for replica in replicas { _ = try await replica.settle() }
      #expect(try clerk.phase(of: old) == .shelved)

      let listed = try taizhang(clerk, "shelf")
      for word in ["15 阶段：合并撤回", "15 理由：并入第 3 题", "现值：待认领", "在您看到之后已经变动", "shelf retry"] {
        #expect(listed.contains(word), "\(word): \(listed)")
      }
      #expect(try taizhang(clerk, "status").contains("taizhang shelf"))
      // It moves on once more, of which the clerk's device has not heard when its act is tried again.
      let lead = try town.enrolled("nongjingzhan", role: .townOffice, place: "农经站")
      _ = try await lead.settle()
      try lead.set("stage", "working")
      _ = try await lead.settle()
      let tried = try taizhang(clerk, "shelf", "retry", "\(old.n)")
      #expect(tried.contains("已重新提交 \(old.n)") && tried.contains("已到镇里"), "\(tried)")
      for replica in replicas {
        _ = try await replica.settle()
        #expect(try replica.view().confirmed.stage(of: problem).stage == .withdrawn)
      }
      #expect(try clerk.phase(of: old) == .retried)
      #expect(try taizhang(clerk, "shelf").contains("退件架是空的"))
      let all = try taizhang(clerk, "shelf", "--all")
      #expect(all.contains("\(old.replica).\(old.n)") && all.contains("（已重新提交）"), "\(all)")
      #expect(try taizhang(clerk, "history", "15", "阶段").contains("被退回，已重新提交"))
      #expect(try taizhang(clerk, "shelf", "retry", "\(old.n)", status: 3).contains("已经不在退件架上"))
    }
  }

  @Test func whatWouldBeRefusedAgainStaysAndCanBeDiscarded() async throws {
    try await town.serving {
      let replicas = try await level("bangongshi", "zhenban")
      let (office, clerk) = (replicas[0], replicas[1])
      try office.set("stage", "unclaimed")
      let old = try clerk.set("stage", "unclaimed")
      for replica in replicas { _ = try await replica.settle() }

      let refused = try taizhang(clerk, "shelf", "retry", "\(old.n)", status: 4)
      #expect(refused.contains("仍会被退回") && refused.contains("已经是"), "\(refused)")
      #expect(try clerk.phase(of: old) == .shelved)
      #expect(try clerk.view().pending.isEmpty)
      #expect(try taizhang(clerk, "shelf", "discard", status: 2).contains("没有写明"))
      #expect(try taizhang(clerk, "shelf", "discard", "99", status: 3).contains("没有“99”"))
      let json = try taizhang(clerk, "shelf", "--json")
      #expect(json.contains(#""code":"stage-moved""#) && json.contains(#""discarded":false"#), "\(json)")
      #expect(try taizhang(clerk, "shelf", "discard", "\(old.replica).\(old.n)").contains("已从退件架取下"))
      #expect(try clerk.status().shelved == 0)

      // It goes to the town under no id: the folder is copied, and what is undecided is issued anew.
      let copy = try town.copied(clerk)
      try clerk.set("effect", "甲")
      try copy.set("effect", "乙")
      for replica in [clerk, copy, clerk, office] { _ = try await replica.settle() }
      #expect(try clerk.info().replica != copy.info().replica)
      #expect(try office.history(of: problem, field: .stage).count == 1)
      #expect(["甲", "乙"].contains(try office.shown("effect")))
      for replica in [clerk, copy] {
        #expect(try replica.view().offShelf.map(\.act.id) == [old])
        #expect(try replica.view().shelf.isEmpty)
      }
    }
  }

  /// What a restored server lacked is refused with everything that builds on it, and goes as a whole when it is back.
  @Test func aChainGoesWithTheFirstOfItWhenTheCauseHasGone() async throws {
    var held: [Replica] = []
    try await town.serving { held = try await level("bangongshi", "zhenban") }
    let (office, clerk) = (held[0], held[1])
    try town.back()
    let found = EntityID.created(try await withServer { try await self.foundProblem(office, clerk) })
    // Off line, on what the server is about to lose.
    let measure = try clerk.record([try change("measure", "补签合同", of: found)])
    let made = EntityID.created(measure.edit(1))
    let wording = try clerk.record([try change("text", "补签全部合同", of: made)])
    try town.restore()
    try await town.serving {
      _ = try await clerk.settle()
      #expect(try clerk.view().shelf.map(\.act.id) == [measure, wording])
      let listed = try taizhang(clerk, "shelf")
      #expect(listed.contains("补签合同") && listed.contains("还没有同步"), "\(listed)")
      #expect(try taizhang(clerk, "shelf", "retry", "\(measure.n)", status: 4).contains("还没有同步"))
      let alone = try taizhang(clerk, "shelf", "retry", "\(wording.n)", status: 4)
      #expect(alone.contains("shelf retry \(measure.n)"), "\(alone)")
      #expect(try clerk.view().shelf.count == 2)

      for replica in [office, clerk] { _ = try await replica.settle() }
      let tried = try taizhang(clerk, "shelf", "retry", "\(measure.n)")
      #expect(tried.contains("已重新提交 \(wording.n)") && tried.contains("已到镇里"), "\(tried)")
      for replica in [clerk, office] { _ = try await replica.settle() }
      let shown = try office.view().confirmed
      let measures = shown.measures(of: found)
      #expect(measures.map { shown.wording(of: $0) } == ["补签全部合同"])
      let view = try clerk.view()
      #expect(view.shelf.isEmpty && view.offShelf.count == 2)
      #expect(try office.status().stateHash == clerk.status().stateHash)
    }
  }

  @Test func whatBuildsOnADiscardedActIsNamed() async throws {
    var held: [Replica] = []
    try await town.serving { held = try await level("bangongshi", "zhenban") }
    let (office, clerk) = (held[0], held[1])
    try town.back()
    let found = EntityID.created(try await withServer { try await self.foundProblem(office, clerk) })
    let measure = try clerk.record([try change("measure", "补签合同", of: found)])
    let wording = try clerk.record([try change("text", "补签全部合同", of: .created(measure.edit(1)))])
    try town.restore()
    try await town.serving {
      for replica in [clerk, office, clerk] { _ = try await replica.settle() }
      let discarded = try taizhang(clerk, "shelf", "discard", "\(measure.n)")
      #expect(discarded.contains("还在退件架上：\(wording.n)"), "\(discarded)")
      #expect(try taizhang(clerk, "shelf", "--all").contains("（已放弃）"))
      #expect(try taizhang(clerk, "shelf").contains("后来从退件架取下了"))
      #expect(try taizhang(clerk, "shelf", "retry", "\(wording.n)", status: 4).contains("后来从退件架取下了"))
      #expect(try clerk.view().shelf.map(\.act.id) == [wording])
    }
  }

  /// One row damaged among three: two are sent, the third is told until a person has seen to it.
  @Test func whatADamagedOutboxStillHoldsIsSent() async throws {
    try await town.serving {
      let replicas = try await level("bangongshi", "zhenban")
      let (office, clerk) = (replicas[0], replicas[1])
      let acts = [
        try clerk.set("effect", "成效"), try clerk.set("progress", "进展"), try clerk.set("lead_unit", "党建办"),
      ]
      try await DatabaseQueue(path: clerk.home + "/replica.sqlite").write { db in
        try db.execute(sql: "UPDATE act SET lines = lines || '?' || char(10) || '?' WHERE n = 2")
      }
      let synced = try taizhang(clerk, "sync")
      let name = "\(acts[1].replica).2"
      #expect(synced.contains("修改 \(name) 已损坏") && synced.contains("没有送到镇里"), "\(synced)")
      #expect(synced.contains("15 进展情况：进展"), "\(synced)")
      _ = try await office.settle()
      #expect(try ["effect", "progress", "lead_unit"].map { try office.shown($0) } == ["成效", nil, "党建办"])
      for command in ["status", "shelf"] { #expect(try taizhang(clerk, command).contains("修改 \(name) 已损坏")) }
      #expect(try taizhang(clerk, "shelf").contains("15 进展情况：进展"))
      #expect(try taizhang(clerk, "status", "--json").contains(#""damaged":["\#(name)"]"#))
      #expect(try taizhang(clerk, "sync", "--json").contains(#""state":"at_town""#))
      #expect(try taizhang(clerk, "shelf", "discard", name).contains("不再提示 \(name)"))
      #expect(!(try taizhang(clerk, "status").contains("已损坏")))
      #expect(try taizhang(clerk, "set", "15", "进展情况", "进展").contains("已到镇里"))
    }
  }

  /// A letter that the disk changed makes another sentence, which reads as well: nobody wrote it, so nobody gets it.
  @Test func whatTheDiskWroteIsNotSentAsTheAuthors() async throws {
    try await town.serving {
      let replicas = try await level("bangongshi", "zhenban")
      let (office, clerk) = (replicas[0], replicas[1])
      let acts = [try clerk.set("effect", "owed 9000"), try clerk.set("progress", "paid 100")]
      try await DatabaseQueue(path: clerk.home + "/replica.sqlite").write { db in
        try db.execute(sql: "UPDATE act SET lines = replace(lines, 'owed 9000', 'owed 1000')")
      }
      let synced = try taizhang(clerk, "sync")
      #expect(synced.contains("修改 \(acts[0].replica).1 已损坏") && synced.contains("owed 1000"), "\(synced)")
      _ = try await office.settle()
      #expect(try office.shown("effect") == nil)
      #expect(try office.shown("progress") == "paid 100")
    }
  }

  /// A problem that the office found and the clerk knows of; the edit that made it.
  private func foundProblem(_ office: Replica, _ clerk: Replica) async throws -> EditID {
    let act = try office.record([try change("problem", "自查发现", of: .root)])
    for replica in [office, clerk] { _ = try await replica.settle() }
    return act.edit(1)
  }

  private func withServer<Value>(_ body: () async throws -> Value) async throws -> Value {
    var value: Value?
    try await town.serving { value = try await body() }
    return try #require(value)
  }

  /// Runs the program on a replica's folder, in Chinese.
  private func taizhang(_ replica: Replica, _ arguments: String..., status: Int32 = 0) throws -> String {
    let ended = try ProgramTown.run("taizhang", arguments + ["--home", replica.home, "--lang", "zh"])
    #expect(ended.status == status, "\(arguments): \(ended.text)")
    return ended.text
  }
}
