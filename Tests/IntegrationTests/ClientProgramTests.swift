import EditModel
import Foundation
import LedgerClient
import LedgerTestKit
import Testing

/// The program `taizhang` as people run it, on a device that has lost its network.
@Suite(.onOwnThreads) struct ClientProgramTests {
  @Test func whatIsNotAtTheTownYetIsShownAsSuch() async throws {
    let town = try ClientTown()
    let home = try await officeWithoutNetwork(of: town) { office in
      try office.set("measure", "1", of: .derived("p15.1"))
      for (field, value) in [
        ("lead_unit", "党政办"), ("leader", "马文英"), ("deadline", "2024-03-01"), ("closing_standard", "台账齐全"),
      ] { try office.set(field, value) }
    }
    #expect(try !taizhang(home, "show", "15").contains("流转"))
    _ = try taizhang(home, "stage", "15", "unclaimed")
    _ = try taizhang(home, "set", "15", "progress", "第一行\n第二行")
    let said = try taizhang(home, "show", "15")
    // Further lines of a value stand under its first one.
    #expect(said.contains("  进展情况：第一行\n            第二行 （未到镇里）\n"), "\(said)")
    let moved = said.split(separator: "\n").drop { $0 != "流转" }.dropFirst().first
    #expect(moved?.contains(" 本机  → 待认领 （未到镇里）") == true, "\(said)")
    // Whose move it is then, and the list, go by it too.
    #expect(said.contains("下一步：整改中（牵头科室或村级报送员）"), "\(said)")
    #expect(try taizhang(home, "list").contains("待分解 → 待认领*"))
  }

  /// A part is named by its place: made, taken back and made again it is one part, and what is written to it is seen.
  @Test func aPartThatWasTakenBackComesBack() async throws {
    let town = try ClientTown()
    let home = try await officeWithoutNetwork(of: town) { _ in }
    _ = try taizhang(home, "add", "part", "15", "柳树湾村")
    let undone = try taizhang(home, "undo")
    #expect(undone.contains("15/柳树湾村：作废"), "\(undone)")
    _ = try taizhang(home, "add", "part", "15", "柳树湾村")
    _ = try taizhang(home, "set", "15/柳树湾村", "progress", "第二次写")
    #expect(try taizhang(home, "show", "15").contains("第二次写"))
    let taken = try taizhang(home, "undo")
    #expect(taken.contains("15/柳树湾村 的“进展情况”恢复为：（空）"), "\(taken)")
  }

  /// The folder of a round owner's replica with problem 15 and what `prepare` adds, all at the town, whose server is gone.
  private func officeWithoutNetwork(of town: ClientTown, _ prepare: (Replica) throws -> Void) async throws -> String {
    var home: String?
    try await town.serving {
      let office = try town.enrolled("bangongshi")
      try office.set("problem", "15")
      try prepare(office)
      _ = try await office.settle()
      home = office.home
    }
    return try #require(home)
  }

  /// Runs the program that was built beside this test; answers what it printed.
  private func taizhang(_ home: String, _ arguments: String...) throws -> String {
    let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    let process = Process()
    process.executableURL = own.deletingLastPathComponent().appending(path: "taizhang")
    process.arguments = arguments + ["--home", home, "--lang", "zh"]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(arguments): \(text)")
    return text
  }
}
