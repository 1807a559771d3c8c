import EditModel
import LedgerStore
import LineProtocol
import Testing

@testable import ClientCommands

/// A copy that a first fetch has not filled yet, because its line was cut or its file repaired, is not told as the ledger.
@Suite struct PartlyFetchedTests {
  private let folder: ClientFolder
  private let store: ReplicaStore

  init() throws {
    folder = try ClientFolder()
    store = try folder.replica()
  }

  private func saysSo(_ arguments: String...) throws -> Bool {
    try ClientFolder.taizhang(arguments, home: folder.path, language: "zh").errors.contains("还没有取全台账")
  }

  @Test func whatIsMissingIsNotSaidToBeNowhere() throws {
    let list = try folder.taizhang("list")
    #expect(list.errors.contains("还没有取全台账") && !list.output.contains("还没有问题"))
    let absent = try folder.taizhang("show", "15")
    #expect(absent.status == 3 && absent.errors.contains("taizhang sync"), "\(absent)")
  }

  @Test func aPartIsToldAsOne() throws {
    // The first lines of a fetch, before the server has said where the stream stands.
    let lines = try ["p15 problem 15", "p15 effect 公厕已修好"].enumerated().map { offset, text in
      let edit = "h4m7xk2v.\(offset + 1)/1 1 01hcd4g9s0000 0 - \(text)"
      return try #require(EditLine.accepted("\(offset + 1) 01hcd4g9s0000 dangzheng \(edit)"))
    }
    _ = try store.apply(lines, reached: nil)
    for command in ["list", "export --csv", "show 15", "history 15", "board --text", "list --json"] {
      let arguments = command.split(separator: " ").map(String.init)
      let answer = try ClientFolder.taizhang(arguments, home: folder.path, language: "zh")
      #expect(answer.errors.contains("还没有取全台账"), "\(command): \(answer)")
    }
    // Behind the winners come the beaten ones, and the stream stands somewhere among them.
    _ = try store.apply([], reached: (1, "g1.e5f2a90c41d7b366.0~o1"))
    #expect(try saysSo("history", "15") && saysSo("clashes"))
    _ = try store.apply([], reached: (2, "g1.e5f2a90c41d7b366.2"))
    for command in [["list"], ["show", "15"], ["export", "--csv"]] {
      #expect(try !ClientFolder.taizhang(command, home: folder.path, language: "zh").errors.contains("取全"))
    }
  }

  @Test func anEmptyLedgerIsWhole() throws {
    _ = try store.apply([], reached: (0, "g1.e5f2a90c41d7b366.0"))
    #expect(try !saysSo("list"))
    #expect(try folder.taizhang("list").output.contains("还没有"))
  }
}
