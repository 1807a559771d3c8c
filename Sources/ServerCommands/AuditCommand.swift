import ArgumentParser
import EditModel
import LedgerRules
import LedgerStore

/// `taizhangd audit`.
struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Print the log of administrative acts, or prove that it is whole (审计).",
    discussion: """
      Columns: number, China time, who, what. With --check every line is proved to follow from the one above, and the last \
      number and link are printed: write them down elsewhere, then a log that was cut or made anew is seen. What the words \
      mean is in protocol/09-snapshots.md. Exit codes: 0 printed, or whole; 1 not whole, or failed.
      """)

  @OptionGroup var options: DataOptions
  @Flag(help: "Print one JSON object a line.")
  var json = false
  @Flag(help: "Prove the log instead of printing it.")
  var check = false
  @Option(help: "The number to begin with.")
  var from: UInt64 = 1

  func run() throws {
    let (_, seats) = try options.seats()
    if check {
      let found = try seats.checkAudit()
      try seats.close()
      return try tell(found)
    }
    let lines = try seats.audit(from: from)
    try seats.close()
    for line in lines { Output.line(json ? AuditCommand.json(line) : AuditCommand.text(line)) }
  }

  private func tell(_ found: AuditCheck) throws {
    switch found {
    case .whole(let last, let head):
      Output.line(
        json
          ? #"{"whole":true,"last":\#(last),"link":"\#(head)"}"#
          : "whole (完整)\t\(last) lines\tlink \(head)")
    case .emptied:
      if json { Output.line(#"{"whole":false,"at":1}"#) }
      throw CommandProblem(
        "The audit log has no line although there is a ledger, and adding one is a line: the log was emptied from outside, or "
          + "the file is of a program that kept none. Nothing was changed now. Compare with the seats of an earlier snapshot "
          + "set, and find out who can write the data folder.",
        chinese: "有台账，审计记录却是空的：记录被外部清空过，或是早期程序的文件。请与较早快照里的记录比对，并查清谁能写数据目录。")
    case .broken(let number):
      if json { Output.line(#"{"whole":false,"at":\#(number)}"#) }
      throw CommandProblem(
        "Line \(number) of the audit log does not follow from the one above: the file was changed from outside. Nothing was "
          + "changed now. Compare with the seats of an earlier snapshot set, and find out who can write the data folder.",
        chinese: "审计记录第 \(number) 行与上一行接不上：文件被外部改动过。请与较早快照里的记录比对，并查清谁能写数据目录。")
    }
  }

  private static func text(_ line: AuditLine) -> String {
    "\(line.number)\t\(ChinaClock.full(line.at))\t\(line.who)\t\(readable(line.what))"
  }

  /// What a line says, with the stamp in it as a clock shows it.
  private static func readable(_ what: String) -> String {
    var words = what.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    if words.first == AuditAction.codeMake.rawValue, words.count > 4, let expires = Stamp(words[4]) {
      words[4] = "until \(ChinaClock.full(expires))"
    }
    return words.joined(separator: " ")
  }

  private static func json(_ line: AuditLine) -> String {
    #"{"number":\#(line.number),"at":"\#(line.at)","time":"\#(ChinaClock.full(line.at))","who":\#(SetText.quoted(line.who)),"#
      + #""what":\#(SetText.quoted(line.what))}"#
  }
}
