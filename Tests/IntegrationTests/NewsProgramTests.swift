import EditModel
import Foundation
import LedgerClient
import LedgerRules
import LedgerTestKit
import Testing

/// `taizhang news` and the line behind a sync, as people run them.
@Suite(.onOwnThreads, .timeLimit(.minutes(3))) struct NewsProgramTests {
  private let town: ClientTown

  init() throws { town = try ClientTown() }

  @Test func whatHappenedIsToldOnceAndWhatWasOnlyGlancedAtAgain() async throws {
    try await town.serving {
      let (office, secretary) = (try town.enrolled("bangongshi"), try town.enrolled("shuji", role: .secretary))
      try office.set("problem", "15")
      try office.set("effect", "原文")
      for replica in [office, secretary] { _ = try await replica.settle() }
      #expect(try taizhang(secretary, "news").contains("没有新的事"))
      try office.set("effect", "办公室写的")
      try secretary.set("effect", "书记写的")
      for replica in [office, secretary] { _ = try await replica.settle() }
      let synced = try taizhang(office, "sync")
      #expect(synced.contains("新的事：我填的没有采用 1") && synced.contains("taizhang news"), "\(synced)")
      let glance = try taizhang(office, "news", "--peek")
      #expect(glance.contains("【我填的没有采用】1") && glance.contains("书记写的"), "\(glance)")
      #expect(try taizhang(secretary, "news").contains("【还没有定夺的冲突】1"))
      #expect(try taizhang(office, "news") == glance)
      #expect(try taizhang(office, "news").contains("没有新的事"))
      // A clash that was shown is no news again when its winning side goes on.
      try secretary.set("effect", "书记又写")
      _ = try await secretary.settle()
      #expect(try !taizhang(office, "sync").contains("新的事"))
      let json = try taizhang(office, "news", "--json")
      #expect(json.contains(#""beaten":[]"#) && json.contains(#""last_look":"20"#), "\(json)")
    }
  }

  @Test func aRefusedActIsToldOnceAndThenCounted() async throws {
    try await town.serving {
      let (office, clerk) = (try town.enrolled("bangongshi"), try town.enrolled("zhenban"))
      try office.set("problem", "15")
      for replica in [office, clerk] { _ = try await replica.settle() }
      // Two round owners withdraw it at once: the second cannot know, and is refused.
      try office.move("withdrawn", because: "与 3 合并")
      _ = try await office.settle()
      try clerk.move("withdrawn", because: "重复")
      _ = await clerk.sync(upTo: ClientTown.patience)
      let told = try taizhang(clerk, "news")
      #expect(told.contains("【被退件的】1"), "\(told)")
      let again = try taizhang(clerk, "news")
      #expect(again.contains("没有新的事") && again.contains("退件架上另有 1 件"), "\(again)")
    }
  }

  @Test func decisionsAndWithdrawalsAreToldToThoseTheyConcern() async throws {
    try await town.serving {
      let (office, clerk) = (try town.enrolled("bangongshi"), try town.enrolled("zhenban"))
      try office.set("problem", "15")
      try office.set("part", "张百万村", of: .derived("p15.张百万村"))
      for replica in [office, clerk] { _ = try await replica.settle() }
      try clerk.set("effect", "镇办写的")
      try clerk.set("note", "已清理", of: .derived("p15.张百万村"))
      try office.set("effect", "办公室写的")
      for replica in [clerk, office, clerk] { _ = try await replica.settle() }
      _ = try taizhang(clerk, "news")
      _ = try office.take(try office.view().clashes)
      try office.set("withdrawn", "yes", of: .derived("p15.张百万村"))
      _ = try await office.settle()
      #expect(try taizhang(clerk, "sync").contains("新的事：冲突已经定夺 1、随撤回看不见的 1"))
      let told = try taizhang(clerk, "news")
      #expect(told.contains("bangongshi  15 的“整改成效”：定为“镇办写的”（zhenban 所填），不用“办公室写的”"), "\(told)")
      #expect(told.contains("taizhang set 15/张百万村 withdrawn --clear") && told.contains("已清理"), "\(told)")
      #expect(try taizhang(clerk, "news").contains("没有新的事"))
    }
  }

  /// Runs the program on a replica's folder, in Chinese.
  private func taizhang(_ replica: Replica, _ arguments: String...) throws -> String {
    let ended = try ProgramTown.run("taizhang", arguments + ["--home", replica.home, "--lang", "zh"])
    #expect(ended.status == 0, "\(arguments): \(ended.text)")
    return ended.text
  }
}
