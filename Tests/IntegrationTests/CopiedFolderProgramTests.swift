import EditModel
import Foundation
import LedgerClient
import LedgerTestKit
import ReplicaKeeping
import Testing

/// Somebody works in a copy of a folder, as the program tells it.
@Suite(.onOwnThreads, .timeLimit(.minutes(3))) struct CopiedFolderProgramTests {
  private let town: ClientTown

  init() throws { town = try ClientTown() }

  /// Each copy registers two problems of the same words, off line. What the second's are called is told of each of them, and
  /// none is called by a number of the first's.
  @Test func eachCopyIsToldTheNumbersOfItsOwn() async throws {
    try await town.serving {
      let first = try town.enrolled("bangongshi")
      _ = try await first.settle()
      let second = try town.copied(first, device: Device.system.ahead(milliseconds: 3_600_000))
      for replica in [first, second] {
        for _ in 1...2 { try replica.set("problem", "垃圾未清运", of: .root) }
      }
      #expect(try numbers(told: first) == ["自1", "自2"])
      #expect(try numbers(told: second) == ["自3", "自4"])
      #expect(try numbers(told: second).isEmpty)
    }
  }

  /// That nothing is on its way any more is not called that all is settled while an act waits on the shelf.
  @Test(arguments: [false, true]) func aNoticeSaysThatActsWaitOnTheShelf(isCleared: Bool) async throws {
    try await town.serving {
      let (office, clerk) = (try town.enrolled("bangongshi"), try town.enrolled("zhenban"))
      try office.set("problem", "15")
      for replica in [office, clerk] { _ = try await replica.settle() }
      for replica in [office, clerk] {
        try replica.move("withdrawn", because: "重复")
        _ = await replica.sync(upTo: ClientTown.patience)
      }
      let refused = try #require(clerk.view().shelf.first).act.id
      let copy = try town.copied(clerk)
      for replica in [clerk, copy] {
        try replica.set("note", "到\(replica.home.count)", of: .derived("p15"))
        _ = try await replica.settle()
      }
      if isCleared { _ = try taizhang(copy, "shelf", "discard", "\(refused.n)") }
      let told = try taizhang(copy, "status")
      #expect(told.contains("已全部办妥") == isCleared && told.contains("退件架上还有 1 件") != isCleared, "\(told)")
      #expect(try !taizhang(copy, "status").contains("不再提示"))
    }
  }

  /// The numbers that a sync tells.
  private func numbers(told replica: Replica) throws -> [String] {
    try taizhang(replica, "sync").split(separator: "\n").compactMap { line in
      line.contains("垃圾未清运") ? line.split(separator: " ").last.map(String.init) : nil
    }
  }

  private func taizhang(_ replica: Replica, _ arguments: String...) throws -> String {
    let ended = try ProgramTown.run("taizhang", arguments + ["--home", replica.home, "--lang", "zh"])
    #expect(ended.status == 0, "\(arguments): \(ended.text)")
    return ended.text
  }
}
