import EditModel
import LedgerClient
import LedgerStore

/// What is said to somebody who came in by ssh.
extension Words {
  var loginPrompt: String { either("台账> ", "taizhang> ") }

  /// How things stand, in two lines.
  func loginGreeting(_ status: ReplicaStatus) -> String {
    let facts = self.status(status)
    let shown = [0, 1, 3, 4].filter { facts.indices.contains($0) }.map { labelled(facts[$0].0, facts[$0].1) }
    return shown.joined(separator: either("；", "; ")) + "\n" + loginHint
  }

  /// That the account has no ledger yet.
  var loginWithoutLedger: String {
    either(
      "这个账户还没有登记。请向管理员要登记行，输入 enrol 和登记行；电话里念的登记码，输入 enrol。\n",
      "This account is not enrolled yet. Ask the administrator for an enrolment line and type enrol and the line, or enrol "
        + "alone for a code from the telephone.\n") + loginHint
  }

  private var loginHint: String {
    either(
      "输入 list、show 15、set 15 进展情况 …… 等命令；help 看全部命令，exit 离开。",
      "Type commands such as list or show 15; help lists them, exit leaves.")
  }

  /// Why a typed line was not run.
  func sentence(_ flaw: TypedWords.Flaw) -> String {
    switch flaw {
    case .openQuote(let quote):
      either(
        "引号 \(quote) 没有成对，什么也没有做。请补上另一半再输入。",
        "The quote \(quote) is not closed; nothing was done. Close it and type the line again.")
    case .forShells(let word):
      either(
        "这里只能运行台账命令，“\(word)”不起作用，什么也没有做。要把它写进内容里，请加引号。",
        "Only the ledger's commands can be run here, and \"\(word)\" means nothing; nothing was done. Put it in quotes if it is "
          + "part of a text.")
    }
  }

  /// That a command may not be given a folder, a file or an editor when it is run over ssh.
  func confined(_ what: String) -> String {
    either(
      "远程登录不能指定文件夹、文件或编辑器（\(what)），什么也没有做。文字请直接写在命令里；报告从标准输入给，如 ssh 主机 import - < 文件。",
      "A remote login takes no folder, file or editor (\(what)); nothing was done. Write a text in the command itself, and "
        + "give a report on standard input: ssh HOST import - < FILE.")
  }

  /// That a command reaches no other machine when it is run over ssh.
  func confinedTo(thisMachineNot address: HostPort) -> String {
    either(
      "远程登录只能连本机上的服务器，不能连 \(address)，什么也没有做。请向管理员要地址是 127.0.0.1 的登记行。",
      "A remote login connects to the server on its own machine only, not to \(address); nothing was done. Ask the administrator "
        + "for a line whose address is 127.0.0.1.")
  }

  /// That a line's encoding cannot be told.
  var lineNotText: String {
    either(
      "这一行的编码看不出是 UTF-8 还是 GBK，什么也没有做。先执行一次 terminal gbk（或 terminal utf-8）再试。",
      "Whether this line is UTF-8 or GBK cannot be told; nothing was done. Say terminal gbk (or terminal utf-8) once and "
        + "try again.")
  }

  var terminalUsage: String {
    either(
      "请写 terminal gbk、terminal utf-8 或 terminal auto（自动判断）。",
      "Write terminal gbk, terminal utf-8, or terminal auto to have it found out.")
  }

  func terminalSet(_ name: String) -> String {
    either("已记下：\(name)，下次登录起生效。", "Kept: \(name), from the next login on.")
  }
}
