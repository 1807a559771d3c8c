import ArgumentParser
import EditModel
import LedgerAdmin
import LedgerStore
import LineProtocol

/// `taizhangd verify`.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Prove that the ledgers' lines are those that were accepted, in that order (校验).",
    discussion: """
      Every line is held against its link, which is made of the line and of all before it; a line that was changed, removed, \
      put in or put elsewhere behind the server's back is named. Not seen without a head: lines taken from the end together \
      with their links, links that were all made anew, an older file put back. What is derived from the lines is not looked \
      at. It may run beside the server. Each ledger's head, EPOCH.SEQ:LINK, is printed: write it down elsewhere, on paper \
      too, and give it back with --head another time: that proves every line up to there against whoever can write the data \
      folder. Exit codes: 0 all whole; 1 something is not, or failed.
      """)

  @OptionGroup var options: DataOptions
  @Option(help: "Look at this ledger only; may be given several times.")
  var ledger: [String] = []
  @Option(help: "A head that was written down, EPOCH.SEQ:LINK; with one --ledger. May be given several times.")
  var head: [String] = []
  @Flag(help: "Print one JSON object for each ledger.")
  var json = false

  func run() throws {
    let wanted = try ledger.map(NameArgument.ledger)
    let heads = try heads(of: wanted)
    let (folder, seats) = try options.seats()
    let all = try seats.ledgers().map(\.name)
    try seats.close()
    let unknown = wanted.filter { !all.contains($0) }
    guard unknown.isEmpty else {
      throw CommandProblem(
        "There is no ledger \(unknown.map(\.string).joined(separator: ", ")) here. Nothing was looked at. Which there are: "
          + "taizhangd ledger list",
        chinese: "没有这个台账，什么也没有查。有哪些台账：taizhangd ledger list")
    }
    let isServed = DataOptions.runningServer(on: folder) != nil
    var problems: [any Error] = []
    // One that cannot be read does not keep the others from being looked at.
    for name in wanted.isEmpty ? all : wanted {
      do {
        let report = try AdminWords.telling {
          try LedgerProof.check(name, in: folder, against: heads, isServed: isServed)
        }
        for line in json ? [ChainText.json(report, of: name)] : ChainText.lines(report, of: name) { Output.line(line) }
        if let problem = VerifyCommand.problem(report, of: name, heads) { problems.append(problem) }
      } catch {
        Output.line(
          json
            ? #"{"ledger":\#(SetText.quoted(name.string)),"whole":false,"readable":false}"#
            : "ledger\t\(name)\tNOT READABLE (无法读取)")
        problems.append(error)
      }
    }
    for problem in problems.dropLast() { Output.error("\(problem)") }
    if let last = problems.last { throw last }
  }

  /// The heads that were given.
  private func heads(of wanted: [ExactString]) throws -> [LedgerHead] {
    let heads = try head.map { text in
      guard let head = LedgerHead(text) else {
        throw CommandProblem(
          "\"\(text)\" is no head. Nothing was looked at. A head is EPOCH.SEQ:LINK as verify prints it, LINK being 64 digits.",
          chinese: "这不是 verify 打印的校验头，什么也没有查。格式是 EPOCH.序号:链值，链值为 64 位十六进制。")
      }
      return head
    }
    guard heads.isEmpty || wanted.count == 1 else {
      throw CommandProblem(
        "A head belongs to one ledger. Nothing was looked at. Name it: taizhangd verify --ledger NAME --head \(head[0])",
        chinese: "校验头属于某一个台账，请用 --ledger 指明。什么也没有查。")
    }
    return heads
  }

  /// What is wrong with a ledger, and what to do; nil when nothing is.
  private static func problem(
    _ report: LedgerProof.Report, of ledger: ExactString, _ heads: [LedgerHead]
  ) -> CommandProblem? {
    if report.check.flaws.contains(where: \.isOfLines) {
      return CommandProblem(
        "Not whole: \(ledger). Its file was changed from outside, or its disk lost something. Nothing was changed now. Stop "
          + "the server, keep the data folder as it is, compare with the newest snapshot set, and find out who can write the "
          + "folder; then restore the ledger from the set (taizhangd restore SET --ledger \(ledger) --overwrite): the devices "
          + "bring back what they made since.",
        chinese: "不完整：\(ledger)。文件被外部改动过，或磁盘丢了内容；这次没有改动任何东西。请停止服务，原样保留数据目录，与最新快照比对，查清谁能写"
          + "这个目录，再从快照恢复该台账（taizhangd restore 快照 --ledger \(ledger) --overwrite），各设备会把此后写的送回来。")
    }
    if let other = heads.first(where: { !report.isCompared($0) }) {
      return CommandProblem(
        "\(other) is of another history of \(ledger) than the present one, \(report.epoch), or of lines that it shares no links "
          + "of: the ledger was restored since to before that, or the head is of another ledger. It proves nothing about this file. Nothing was changed now. Give a head of the "
          + "present history; a restore keeps the file of before in DATA/replaced.",
        chinese: "这个校验头属于 \(ledger) 的另一段历史（现为 \(report.epoch)）：此后恢复过，或是别的台账的，无法用它校验。没有改动任何东西。")
    }
    guard !report.check.isWhole else { return nil }
    return CommandProblem(
      "Not proved: \(ledger). Its lines are readable and spelled right, but the links, or the head that was given, are not "
        + "theirs: the head was written down wrongly, the links are damaged, or somebody made the links anew. Nothing was "
        + "changed now. Compare the head digit by digit; then compare the ledger with the newest snapshot set, and find out "
        + "who can write the data folder.",
      chinese: "无法证实：\(ledger)。各行可读、写法正确，但链值或所给的校验头对不上：可能是校验头抄错了、链损坏了，或有人重做了整条链。没有改动任何"
        + "东西。请先逐字核对校验头，再与最新快照比对，并查清谁能写数据目录。")
  }
}

/// What was found of a ledger, in words and for programs.
enum ChainText {
  /// A line for the whole, then one for each flaw that is named.
  static func lines(_ report: LedgerProof.Report, of ledger: ExactString) -> [String] {
    let check = report.check
    let newer = check.lineCount - check.head.seq
    let unlinked = newer == 0 ? "" : "\t\(newer) newer not linked yet (尚未上链)"
    let title = check.isWhole ? "whole (完整)" : "NOT WHOLE (不完整): \(check.flawCount)"
    return ["ledger\t\(ledger)\t\(title)\t\(check.lineCount) lines\thead \(report.head)\(unlinked)"]
      + check.flaws.map { "flaw\t\(ledger)\t\(words($0))" }
      + (check.flawCount > check.flaws.count
        ? ["flaw\t\(ledger)\tand \(check.flawCount - check.flaws.count) more"] : [])
  }

  private static func words(_ flaw: ChainFlaw) -> String {
    switch flaw {
    case .changed(let seq): "line \(seq) is another than was accepted (被改动)"
    case .missing(let range): "\(text(range)) not there, or cannot be read (缺失)"
    case .doubled(let seq): "line \(seq) is there twice (重复)"
    case .unreadable(let seq): "what is stored up to line \(seq) is not as lines are stored (无法读取)"
    case .misspelled(let seq): "line \(seq) is not spelled as the server writes (写法不对)"
    case .relinked(let range): "\(text(range)) linked otherwise than they were (链被改动)"
    case .otherHead(let head): "line \(head.seq) has another link than was given (与所给的校验头不符)"
    case .noSuchHead(let head): "line \(head.seq), of which a head was given, is not there or not linked (所给校验头的那一行不在)"
    }
  }

  private static func text(_ range: ClosedRange<UInt64>) -> String {
    range.count == 1 ? "line \(range.lowerBound) is" : "lines \(range.lowerBound) to \(range.upperBound) are"
  }

  /// The same as one JSON object.
  static func json(_ report: LedgerProof.Report, of ledger: ExactString) -> String {
    let check = report.check
    let flaws = check.flaws.map { flaw in
      let (code, range) = parts(flaw)
      return #"{"flaw":"\#(code)","first":\#(range.lowerBound),"last":\#(range.upperBound)}"#
    }
    return
      #"{"ledger":\#(SetText.quoted(ledger.string)),"whole":\#(check.isWhole),"lines":\#(check.lineCount),"#
      + #""head":"\#(report.head)","flaw_count":\#(check.flawCount),"flaws":[\#(flaws.joined(separator: ","))]}"#
  }

  private static func parts(_ flaw: ChainFlaw) -> (String, ClosedRange<UInt64>) {
    switch flaw {
    case .changed(let seq): ("changed", seq...seq)
    case .missing(let range): ("missing", range)
    case .doubled(let seq): ("doubled", seq...seq)
    case .unreadable(let seq): ("unreadable", seq...seq)
    case .misspelled(let seq): ("misspelled", seq...seq)
    case .relinked(let range): ("relinked", range)
    case .otherHead(let head): ("other_head", head.seq...head.seq)
    case .noSuchHead(let head): ("no_such_head", head.seq...head.seq)
    }
  }
}
