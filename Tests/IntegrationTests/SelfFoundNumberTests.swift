import EditModel
import LedgerClient
import LedgerRules
import LedgerStore
import Testing

@Suite struct SelfFoundNumberTests {
  /// A self-found problem that comes into a village's sight late, older than its own, moves the numbers; so does one that goes.
  @Test func newNumbersOfSelfFoundProblemsAreKnown() async throws {
    let town = try ClientTown()
    try await town.serving {
      let office = try town.enrolled("office")
      let clerk = try town.enrolled("clerk", role: .villageClerk, place: "张百万村")
      let older = EntityID.created(try office.set("problem", "较早的", of: .root).edit(1))
      _ = try await office.settle()
      let (problem, village) = (try #require(FieldName("problem")), try #require(FieldName("village/张百万村")))
      let act = try clerk.record(making: { act in
        [
          Change(entity: .root, field: problem, value: .text("本村的")),
          Change(entity: .created(act.edit(1)), field: village, value: .text("yes")),
        ]
      })
      let own = EntityID.created(act.edit(1))
      _ = try await clerk.settle()
      #expect(try clerk.renumbered().isEmpty)
      try office.set("village/张百万村", "yes", of: older)
      for replica in [office, clerk] { _ = try await replica.settle() }
      let moved = RenumberedProblem(problem: own, before: 1, present: 2)
      #expect(try clerk.renumbered() == [moved])
      // However often it syncs: until they were told.
      _ = try await clerk.settle()
      #expect(try clerk.renumbered() == [moved])
      #expect(try ReferenceText.text(for: own, in: clerk.view().shown) == "自2")
      try clerk.wereTold([moved])
      #expect(try clerk.renumbered().isEmpty)
      // What goes is called by its words, for its number goes with it.
      _ = try office.record([Change(entity: older, field: village, value: .cleared)])
      let note = try #require(FieldName("note"))
      let part = try #require(FieldName("part"))
      _ = try clerk.record(making: { act in
        [
          Change(entity: older, field: part, value: .text("张百万村")),
          Change(entity: .created(act.edit(1)), field: note, value: .text("还没有送出")),
        ]
      })
      _ = try await office.settle()
      let summary = await clerk.sync(upTo: ClientTown.patience).summary
      #expect(summary.notices == [.takenAway(older, said: "较早的")])
      #expect(
        try clerk.renumbered() == [
          RenumberedProblem(problem: own, before: 2, present: 1),
          RenumberedProblem(problem: older, before: 1, present: nil, said: "较早的"),
        ])
      // What is known by that number is not what stands there: first it is said.
      let home = ["--home", clerk.home, "--lang", "zh"]
      for refused in [true, false] {
        let said = try ProgramTown.run("taizhang", ["note", "自1", "写给哪一个"] + home).text
        #expect(said.contains("原来的 自2 现在是 自1：问题“本村的”") == refused, "\(said)")
        #expect(said.contains("什么也没有写") == refused, "\(said)")
      }
      let shelf = try ProgramTown.run("taizhang", ["shelf", "--home", clerk.home, "--lang", "zh"]).text
      #expect(shelf.contains("问题“较早的”不再分派给本岗位"), "\(shelf)")
    }
  }

  /// Neither a file nor a program that reads is a person: what went there is said again, until it was refused once.
  @Test func whatNobodyMayHaveReadIsNotTold() async throws {
    let town = try ClientTown()
    try await town.serving {
      let office = try town.enrolled("office")
      let clerk = try town.enrolled("clerk", role: .villageClerk, place: "张百万村")
      let village = try #require(FieldName("village/张百万村"))
      let problems = try (1...13).map { EntityID.created(try office.set("problem", "第\($0)个", of: .root).edit(1)) }
      for problem in problems.dropFirst() { try office.set(village.description, "yes", of: problem) }
      for replica in [office, clerk] { _ = try await replica.settle() }
      try office.set(village.description, "yes", of: problems[0])
      _ = try await office.settle()
      let home = ["--home", clerk.home, "--lang", "zh"]
      for _ in 1...2 {
        let said = try ProgramTown.run("taizhang", ["sync"] + home).text
        #expect(said.split(separator: "\n").count { $0.hasPrefix("编号有变") } == 10, "\(said)")
        #expect(said.contains("另有 2 个自查问题编号有变"))
      }
      let json = try ProgramTown.run("taizhang", ["note", "自13", "程序写的", "--json"] + home).text
      #expect(json.contains(#""state":"at_town""#), "\(json)")
      for number in ["自3", "s5/张百万村", "自7.1"] {
        let refused = try ProgramTown.run("taizhang", ["note", number, "写给哪一个"] + home)
        #expect(refused.status == 4 && refused.text.contains("什么也没有写"), "\(refused.text)")
      }
      #expect(try clerk.renumbered().count == 6)
      #expect(try ProgramTown.run("taizhang", ["note", "自3", "写给它"] + home).text.contains("问题内容：第3个"))
    }
  }
}
