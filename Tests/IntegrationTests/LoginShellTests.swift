import Foundation
import LedgerIdentity
import Testing

/// `taizhang` as a login shell on a terminal of its own, as sshd starts it.
@Suite struct LoginShellTests {
  private let town: ProgramTown

  init() throws {
    town = try ProgramTown()
  }

  /// A session in the account `name`, with what the other side might send in its environment.
  private func session(_ name: String, answering column: Int? = 5) throws -> PseudoTerminal {
    let home = town.home(name)
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    return try PseudoTerminal(
      [ProgramTown.program("taizhang").path], name: "-taizhang-login",
      environment: ["HOME": home, "TERM": "xterm", "TAIZHANG_HOME": "/nowhere", "EDITOR": "touch"], answering: column)
  }

  @Test func somebodyComesInIsEnrolledWorksAndLeaves() throws {
    try town.serving { _ in
      let terminal = try session("clerk")
      var at = try terminal.wait(for: "这个账户还没有登记")
      at = try terminal.wait(for: "台账> ", after: at)
      terminal.type("enrol '\(try town.line().text)'\r")
      at = try terminal.wait(for: "已登记", after: at)
      at = try terminal.wait(for: "台账> ", after: at)
      // A wrong character is taken back whole.
      terminal.type("add problem 水渠堵塞错\u{7F}了\r")
      at = try terminal.wait(for: "已到镇里", after: at)
      at = try terminal.wait(for: "台账> ", after: at)
      terminal.type("list\r")
      at = try terminal.wait(for: "水渠堵塞了", after: at)
      at = try terminal.wait(for: "台账> ", after: at)
      // What runs ends with Ctrl-C, the session does not; nor does a line that was given up.
      terminal.type("watch\r")
      at = try terminal.wait(for: "已连上镇里", after: at)
      terminal.type("\u{3}")
      at = try terminal.wait(for: "台账> ", after: at)
      terminal.type("half a line\u{3}")
      at = try terminal.wait(for: "^C", after: at)
      terminal.type("board\r")
      at = try terminal.wait(for: "\u{1B}[?1049h", after: at)
      at = try terminal.wait(for: "概况", after: at)
      // There is no shell behind it to come back to.
      terminal.type("\u{1A}")
      terminal.type("q")
      at = try terminal.wait(for: "\u{1B}[?1049l", after: at)
      at = try terminal.wait(for: "台账> ", after: at)
      terminal.type("exit\r")
      #expect(terminal.status() == 0)
      // The account's folder has it, and no other was looked at.
      #expect(try town.taizhang(town.home("clerk") + "/.local/share/taizhang", "list").text.contains("水渠堵塞了"))
    }
  }

  @Test func nothingButTheLedgersCommandsIsRun() throws {
    try town.serving { _ in
      let terminal = try session("clerk")
      var at = try terminal.wait(for: "台账> ")
      terminal.type("enrol '\(try town.line().text)'\r")
      at = try terminal.wait(for: "已登记", after: at)
      at = try terminal.wait(for: "台账> ", after: at)
      terminal.type("add problem 水渠堵塞\r")
      at = try terminal.wait(for: "已到镇里", after: at)
      for (line, said) in [
        ("status --home /etc", "远程登录不能指定"), ("import /etc/passwd", "远程登录不能指定"), ("init /etc/passwd", "远程登录不能指定"),
        ("note 自1", "远程登录不能指定"), ("/bin/sh", "没有“/bin/sh”这个命令"), ("list | sh", "这里只能运行台账命令"),
        ("$(id)", "没有“$(id)”这个命令"), ("list 'x", "没有成对"),
      ] {
        at = try terminal.wait(for: "台账> ", after: at)
        terminal.type(line + "\r")
        at = try terminal.wait(for: said, after: at)
      }
      at = try terminal.wait(for: "台账> ", after: at)
      terminal.type("\u{4}")
      #expect(terminal.status() == 0)
    }
  }

  @Test func whoseLineIsCutLeavesNothingRunning() throws {
    let terminal = try session("clerk", answering: nil)
    // A terminal that does not say how it reads is waited for, and then taken for what its variables say.
    let at = try terminal.wait(for: "台账> ")
    terminal.type("half")
    try terminal.wait(for: "half", after: at)
    terminal.hangUp()
    #expect(terminal.status() == -SIGHUP)
  }

  @Test func theChoiceOfTheTerminalIsKept() throws {
    let first = try session("clerk")
    try first.wait(for: "台账> ")
    first.type("terminal gbk\r")
    try first.wait(for: "已记下：gbk")
    first.type("terminal sideways\r")
    try first.wait(for: "请写 terminal gbk")
    first.type("exit\r")
    #expect(first.status() == 0)
    let kept = try String(contentsOfFile: town.home("clerk") + "/.taizhang-terminal", encoding: .utf8)
    #expect(kept == "gbk\n")
  }
}
