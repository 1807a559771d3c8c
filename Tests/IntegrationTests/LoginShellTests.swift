import Foundation
import LedgerIdentity
import LedgerTestKit
import TerminalKit
import Testing

/// `taizhang` as a login shell on a terminal of its own, as sshd starts it.
@Suite(.onOwnThreads) struct LoginShellTests {
  private let town: ProgramTown

  init() throws {
    town = try ProgramTown()
  }

  /// A session in the account `name`, with what the other side might send in its environment.
  private func session(_ name: String, answering column: Int? = 5) throws -> PseudoTerminal {
    let home = town.home(name)
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    return try PseudoTerminal(
      ProgramTown.program("taizhang").path, name: "-taizhang-login",
      environment: ["HOME": home, "TERM": "xterm", "TAIZHANG_HOME": "/nowhere", "EDITOR": "touch"], answering: column)
  }

  @Test func somebodyComesInIsEnrolledWorksAndLeaves() throws {
    try town.serving { _ in
      let terminal = try session("clerk")
      try terminal.awaits("这个账户还没有登记")
      try terminal.awaits("台账> ")
      terminal.types("enrol '\(try town.line().text)'\r")
      try terminal.awaits("已登记")
      try terminal.awaits("台账> ")
      // A wrong character is taken back whole.
      terminal.types("add problem 水渠堵塞错\u{7F}了\r")
      try terminal.awaits("已到镇里")
      try terminal.awaits("台账> ")
      terminal.types("list\r")
      try terminal.awaits("水渠堵塞了")
      try terminal.awaits("台账> ")
      // What runs ends with Ctrl-C, and with Ctrl-\ without a debugger, the session does not; nor does a line that was
      // given up.
      for key in ["\u{3}", "\u{1C}"] {
        terminal.types("watch\r")
        try terminal.awaits("已连上镇里")
        terminal.types(key)
        try terminal.awaits("台账> ")
      }
      #expect(!terminal.all.contains("crashed"), "\(terminal.all)")
      terminal.types("half a line\u{3}")
      try terminal.awaits("^C")
      terminal.types("board\r")
      try terminal.awaits("\u{1B}[?1049h")
      try terminal.awaits("概况")
      // There is no shell behind it to come back to.
      terminal.types("\u{1A}")
      terminal.types("q")
      try terminal.awaits("\u{1B}[?1049l")
      try terminal.awaits("台账> ")
      terminal.types("exit\r")
      #expect(try terminal.ends() == 0)
      // The account's folder has it, and no other was looked at.
      #expect(try town.taizhang(town.home("clerk") + "/.local/share/taizhang", "list").text.contains("水渠堵塞了"))
    }
  }

  @Test func nothingButTheLedgersCommandsIsRun() throws {
    try town.serving { _ in
      let terminal = try session("clerk")
      try terminal.awaits("台账> ")
      terminal.types("enrol '\(try town.line().text)'\r")
      try terminal.awaits("已登记")
      try terminal.awaits("台账> ")
      terminal.types("add problem 水渠堵塞\r")
      try terminal.awaits("已到镇里")
      for (line, said) in [
        ("status --home /etc", "远程登录不能指定"), ("import /etc/passwd", "远程登录不能指定"), ("init /etc/passwd", "远程登录不能指定"),
        ("note 自1", "远程登录不能指定"), ("/bin/sh", "没有“/bin/sh”这个命令"), ("list | sh", "这里只能运行台账命令"),
        ("$(id)", "没有“$(id)”这个命令"), ("list 'x", "没有成对"),
      ] {
        try terminal.awaits("台账> ")
        terminal.types(line + "\r")
        try terminal.awaits(said)
      }
      try terminal.awaits("台账> ")
      terminal.types("\u{4}")
      #expect(try terminal.ends() == 0)
    }
  }

  /// A terminal that reads GBK says so by where its cursor stands; from then on everything that goes there and comes from
  /// there is GBK, and what is kept is what was typed.
  @Test func aTerminalOfGBKShowsAndTakesChinese() throws {
    func gbk(_ text: String) -> [UInt8] { TerminalEncoding.gbk.bytes(of: text) }
    try town.serving { _ in
      let terminal = try session("clerk", answering: 7)
      try terminal.awaits(gbk("这个账户还没有登记"))
      try terminal.awaits(gbk("台账> "))
      // The line is asked for, and answered at a prompt of the command's own.
      terminal.types(gbk("enrol\r"))
      try terminal.awaits(gbk("服务器地址"))
      terminal.types(gbk("“\(try town.line().text)”\r"))
      try terminal.awaits(gbk("已登记"))
      try terminal.awaits(gbk("台账> "))
      terminal.types(gbk("add problem 水渠堵塞错\u{7F}了\r"))
      try terminal.awaits(gbk("已到镇里"))
      try terminal.awaits(gbk("台账> "))
      terminal.types(gbk("board\r"))
      try terminal.awaits("\u{1B}[?1049h")
      try terminal.awaits(gbk("概况"))
      terminal.types("q")
      try terminal.awaits("\u{1B}[?1049l")
      try terminal.awaits(gbk("台账> "))
      terminal.types(gbk("退出\r"))
      #expect(try terminal.ends() == 0)
      for word in ["台账", "已登记", "概况", "水渠"] { #expect(!terminal.all.contains(word), "\(word) in UTF-8") }
      let listed = try town.taizhang(town.home("clerk") + "/.local/share/taizhang", "list").text
      #expect(listed.contains("水渠堵塞了"), "\(listed)")
    }
  }

  @Test func whoseLineIsCutLeavesNothingRunning() throws {
    let terminal = try session("clerk", answering: nil)
    // A terminal that does not say how it reads is waited for, and then taken for what its variables say.
    try terminal.awaits("台账> ")
    terminal.types("half")
    try terminal.awaits("half")
    terminal.hangsUp()
    #expect(try terminal.ends() == -SIGHUP)
  }

  @Test func theChoiceOfTheTerminalIsKept() throws {
    let first = try session("clerk")
    try first.awaits("台账> ")
    first.types("terminal gbk\r")
    try first.awaits("已记下：gbk")
    first.types("terminal sideways\r")
    try first.awaits("请写 terminal gbk")
    first.types("exit\r")
    #expect(try first.ends() == 0)
    let kept = try String(contentsOfFile: town.home("clerk") + "/.taizhang-terminal", encoding: .utf8)
    #expect(kept == "gbk\n")
  }
}
