import EditModel
import Foundation
import LedgerClient
import LedgerRules
import LedgerStore
import LedgerTestKit
import Testing

/// Clashes between real replicas and a real server: the same everywhere, settled everywhere, after a resync and a restore too.
@Suite(.onOwnThreads, .timeLimit(.minutes(3))) struct ClashSyncTests {
  private let town: ClientTown

  init() throws { town = try ClientTown() }

  /// Two devices that wrote while the line was down, and one that only looks on.
  private struct Three {
    let office: Replica
    let clerk: Replica
    let leader: Replica
    var all: [Replica] { [office, clerk, leader] }
  }

  private func wroteApart() async throws -> Three {
    let three = Three(
      office: try town.enrolled("bangongshi"), clerk: try town.enrolled("zhenban"),
      leader: try town.enrolled("shuji", role: .secretary))
    try three.office.set("problem", "15")
    try three.office.set("effect", "原文")
    for replica in three.all { _ = try await replica.settle() }
    try three.office.set("effect", "甲")
    try three.clerk.set("effect", "乙")
    try three.clerk.set("effect", "乙二")
    for replica in three.all + [three.office] { _ = try await replica.settle() }
    return three
  }

  @Test func aClashIsTheSameEverywhereAndSoIsItsSettling() async throws {
    try await town.serving {
      let three = try await wroteApart()
      let clash = try #require(try three.office.view().clashes.first)
      #expect(clash.beaten.edit.value.text == "甲" && clash.winner.edit.value.text == "乙二")
      for replica in three.all { #expect(try replica.view().clashes == [clash]) }
      let act = try #require(try three.office.take([clash]).first)
      #expect(try three.office.view().clashes.isEmpty, "settled here, though the town does not know it yet")
      for replica in three.all { _ = try await replica.settle() }
      #expect(try three.office.phase(of: act) == .confirmed)
      for replica in three.all {
        #expect(try replica.shown("effect") == "甲")
        #expect(try replica.view().clashes.isEmpty)
      }
      // Who takes the decision back brings both back.
      _ = try three.office.undo()
      for replica in three.all { _ = try await replica.settle() }
      for replica in three.all {
        #expect(try replica.shown("effect") == "乙二")
        #expect(
          try replica.view().clashes == [
            Clash(
              beaten: clash.beaten, winner: replica.winner("effect"), origin: clash.winner)
          ])
      }
    }
  }

  @Test func whatIsKeptStaysAsItIs() async throws {
    try await town.serving {
      let three = try await wroteApart()
      let clash = try #require(try three.leader.view().clashes.first)
      _ = try three.leader.keep([clash])
      for replica in [three.leader, three.office, three.clerk] { _ = try await replica.settle() }
      for replica in three.all {
        #expect(try replica.shown("effect") == "乙二")
        #expect(try replica.view().clashes.isEmpty)
      }
    }
  }

  /// Two decide at their desks without a line, one each way, the later to leave the winner: all are told what stands.
  @Test func ofTwoDecisionsTheOneThatStandsIsToldToAll() async throws {
    try await town.serving {
      let three = try await wroteApart()
      let clash = try #require(try three.office.view().clashes.first)
      for replica in three.all { try replica.wasSeen(replica.news(on: CivilDate(replica.townTime()))) }
      _ = try three.office.take([clash])
      _ = try three.leader.keep([clash])
      for replica in [three.leader, three.office, three.clerk, three.leader] { _ = try await replica.settle() }
      for replica in three.all {
        #expect(try replica.shown("effect") == "甲")
        #expect(try replica.view().clashes.isEmpty)
        let decided = try replica.news(on: CivilDate(replica.townTime())).ledger?.decided
        // To whoever took it, to whoever wrote what is not used, to whoever would have left that.
        #expect(decided?.map(\.isTaken) == (replica.home == three.office.home ? [] : [true]))
      }
      // Whoever goes on from what was taken does not make the other decision the one that stands.
      try three.leader.set("effect", "丙")
      for replica in three.all + three.all { _ = try await replica.settle() }
      #expect(try three.clerk.news(on: CivilDate(three.clerk.townTime())).ledger?.decided.map(\.isTaken) == [true])
    }
  }

  @Test func aNewDeviceHasThemOnceItIsLevel() async throws {
    try await town.serving {
      let three = try await wroteApart()
      let late = try town.enrolled("jiwei", role: .discipline)
      #expect(try late.view().clashes.isEmpty)
      _ = try await late.settle()
      #expect(try late.view().clashes == three.office.view().clashes)
    }
  }

  @Test func theyStandAfterARestoreToo() async throws {
    var held: Three?
    try await town.serving { held = try await wroteApart() }
    let three = try #require(held)
    try town.back()
    let clash = try #require(try three.office.view().clashes.first)
    try await town.serving {
      _ = try three.leader.keep([clash])
      for replica in [three.leader, three.office] { _ = try await replica.settle() }
      #expect(try three.office.view().clashes.isEmpty)
    }
    try town.restore()
    try await town.serving {
      // The office has the leader's decision, which the town has lost; only its author can bring it again.
      _ = try await three.office.settle()
      #expect(try three.office.view().clashes.map(\.id) == [clash.id])
      for replica in [three.leader, three.office, three.clerk] { _ = try await replica.settle() }
      for replica in three.all { #expect(try replica.view().clashes.isEmpty) }
    }
  }

  /// Who looks on is told when a clash comes to be, if it is theirs.
  @Test func theProgramTellsOfThemAndDecides() async throws {
    try await town.serving {
      let three = try await wroteApart()
      let listed = try taizhang(three.leader, "clashes")
      #expect(listed.contains("15 成效") || listed.contains("15 整改成效"), "\(listed)")
      #expect(listed.contains("甲") && listed.contains("乙二") && listed.contains("zhenban"), "\(listed)")
      #expect(try taizhang(three.leader, "list").contains("~"))
      #expect(try taizhang(three.leader, "show", "15").contains("taizhang clashes"))
      #expect(try taizhang(three.leader, "board", "--text").contains("冲突 1"))
      #expect(try taizhang(three.office, "history", "15", "effect").contains("冲突未处理"))
      #expect(try taizhang(three.office, "clashes", "take", "没有", status: 3).contains("没有"))
      let taken = try taizhang(three.office, "clashes", "take", "15")
      #expect(taken.contains("改用：甲") && taken.contains("已到镇里"), "\(taken)")
      #expect(try taizhang(three.office, "clashes").contains("没有冲突"))
      _ = try await three.leader.settle()
      #expect(try taizhang(three.leader, "clashes", "keep", "15", status: 3).contains("没有"))
    }
  }

  /// Runs the program on a replica's folder, in Chinese.
  private func taizhang(_ replica: Replica, _ arguments: String..., status: Int32 = 0) throws -> String {
    let ended = try ProgramTown.run("taizhang", arguments + ["--home", replica.home, "--lang", "zh"])
    #expect(ended.status == status, "\(arguments): \(ended.text)")
    return ended.text
  }
}

extension Replica {
  /// The confirmed edit of a field of problem 15.
  fileprivate func winner(_ field: String) throws -> AcceptedEdit {
    let field = try #require(FieldName(field))
    return try #require(try view().confirmed[.derived("p15")]?.cells[field]?.winner)
  }
}
