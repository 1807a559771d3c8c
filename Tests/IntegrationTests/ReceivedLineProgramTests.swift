import Foundation
import LedgerIdentity
import LedgerTestKit
import TerminalKit
import Testing

/// What comes to the login shell without a terminal, as old Windows machines send it.
@Suite(.onOwnThreads) struct ReceivedLineProgramTests {
  private let town: ProgramTown
  private let home: String

  init() throws {
    town = try ProgramTown()
    home = town.home("clerk")
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
  }

  /// Bytes as `printf` reads them: three octal digits each.
  private static func octal(_ text: String) -> String {
    TerminalEncoding.gbk.bytes(of: text).map { "\\\($0 >> 6)\($0 >> 3 & 7)\($0 & 7)" }.joined()
  }

  /// Runs a script in which `shell` is the login shell; it has no environment but the account's.
  private func run(_ script: String) throws -> ProgramTown.Ended {
    let shell = #"shell() { (exec -a taizhang-login "$0" "$@"); }; "#
    let program = ProgramTown.program("taizhang").path
    return try ProgramTown.run(
      URL(filePath: "/usr/bin/env"), ["-i", "HOME=\(home)", "/bin/bash", "-c", shell + script, program])
  }

  @Test func linesInGBKAreStoredAsTheyWereTyped() throws {
    try town.serving { _ in
      #expect(try run("shell -c \"enrol '\(try town.line().text)'\"").status == 0)
      let byCommand = try run("shell -c \"$(printf '\(Self.octal("add problem 水渠堵塞"))')\"")
      #expect(byCommand.status == 0, "\(byCommand.text)")
      let forced = try run(
        "export SSH_ORIGINAL_COMMAND=\"$(printf '\(Self.octal("add problem 路灯不亮"))')\"; shell -c /x/taizhang-login")
      #expect(forced.status == 0, "\(forced.text)")
      let piped = try run("printf '\(Self.octal("add problem 桥面破损\n"))list\\n' | shell")
      #expect(piped.status == 0, "\(piped.text)")
      let listed = try run("shell -c 'list --json'").text
      for text in ["水渠堵塞", "路灯不亮", "桥面破损"] { #expect(listed.contains("\"\(text)\""), "\(listed)") }
      #expect(!listed.contains("\u{FFFD}"))
    }
  }

  @Test func whatCouldBeBothIsRefusedUntilItWasSaid() throws {
    let either = try run("shell -c $'note 15 \\303\\241'")
    #expect(either.status == 2 && either.text.contains("看不出是 UTF-8 还是 GBK"), "\(either.text)")
    #expect(try run("shell -c 'terminal gbk'").status == 0)
    // Understood now; the account has no ledger.
    #expect(try run("shell -c $'note 15 \\303\\241'").status == 6)
  }

  /// What the client sends does not make this process take its terminal for another.
  @Test func theClientsVariablesDoNotCount() throws {
    let said = try run("export TAIZHANG_TERMINAL=gbk; shell -c $'note 15 \\303\\241'")
    #expect(said.status == 2, "\(said.text)")
  }
}
