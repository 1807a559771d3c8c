import ArgumentParser
import EditModel
import LedgerAdmin
import LedgerStore

/// `taizhangd verify`.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Prove that the ledgers' lines are those that were accepted, in that order (校验).",
    discussion: """
      Every line is held against its link, which is made of the line and of all before it; a line that was changed, removed, \
      put in or put elsewhere behind the server's back is named. It may run beside the server. At the end stands each \
      ledger's head, SEQ:LINK: write it down elsewhere, on paper too, and give it back with --head another time: that proves \
      the lines up to there against whoever can write the data folder. Exit codes: 0 all whole; 1 something is not, or failed.
      """)

  @OptionGroup var options: DataOptions
  @Option(help: "Look at this ledger only; may be given several times.")
  var ledger: [String] = []
  @Option(help: "A head that was written down, SEQ:LINK; with one --ledger. May be given several times.")
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
    var broken: [ExactString] = []
    for name in wanted.isEmpty ? all : wanted {
      let check = try AdminWords.telling { try LedgerProof.check(name, in: folder, against: heads) }
      for line in json ? [ChainText.json(check, of: name)] : ChainText.lines(check, of: name) { Output.line(line) }
      if !check.isWhole { broken.append(name) }
    }
    guard broken.isEmpty else { throw VerifyCommand.problem(broken) }
  }

  /// The heads that were given.
  private func heads(of wanted: [ExactString]) throws -> [ChainHead] {
    let heads = try head.map { text in
      guard let head = ChainHead(text) else {
        throw CommandProblem(
          "\"\(text)\" is no head. Nothing was looked at. A head is SEQ:LINK as verify prints it, LINK being 64 digits.",
          chinese: "这不是 verify 打印的校验头，什么也没有查。格式是 序号:链值，链值为 64 位十六进制。")
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

  private static func problem(_ ledgers: [ExactString]) -> CommandProblem {
    let names = ledgers.map(\.string).joined(separator: ", ")
    return CommandProblem(
      "Not whole: \(names). The file was changed from outside, or its disk lost something. Nothing was changed now. Stop the "
        + "server, keep the data folder as it is, compare with the newest snapshot set, and find out who can write the "
        + "folder; then restore that ledger from the set (taizhangd restore SET --ledger NAME --overwrite): the devices "
        + "bring back what they made since.",
      chinese: "不完整：\(names)。文件被外部改动过，或磁盘丢了内容；这次没有改动任何东西。请停止服务，原样保留数据目录，与最新快照比对，查清谁能写"
        + "这个目录，再从快照恢复该台账（taizhangd restore 快照 --ledger 台账 --overwrite），各设备会把此后写的送回来。")
  }
}

/// What was found of a ledger, in words and for programs.
enum ChainText {
  /// A line for the whole, then one for each flaw that is named.
  static func lines(_ check: ChainCheck, of ledger: ExactString) -> [String] {
    let newer = check.lineCount - check.head.seq
    let unlinked = newer == 0 ? "" : "\t\(newer) newer not linked yet (尚未上链)"
    let title = check.isWhole ? "whole (完整)" : "NOT WHOLE (不完整): \(check.flawCount)"
    return ["ledger\t\(ledger)\t\(title)\t\(check.lineCount) lines\thead \(check.head)\(unlinked)"]
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
    case .otherHead(let head):
      "line \(head.seq) has another link than \(head): the lines up to it are not those of then (与所记的校验头不符)"
    }
  }

  private static func text(_ range: ClosedRange<UInt64>) -> String {
    range.count == 1 ? "line \(range.lowerBound) is" : "lines \(range.lowerBound) to \(range.upperBound) are"
  }

  /// The same as one JSON object.
  static func json(_ check: ChainCheck, of ledger: ExactString) -> String {
    let flaws = check.flaws.map { flaw in
      let (code, range) = parts(flaw)
      return #"{"flaw":"\#(code)","first":\#(range.lowerBound),"last":\#(range.upperBound)}"#
    }
    return
      #"{"ledger":\#(SetText.quoted(ledger.string)),"whole":\#(check.isWhole),"lines":\#(check.lineCount),"#
      + #""head":"\#(check.head)","flaw_count":\#(check.flawCount),"flaws":[\#(flaws.joined(separator: ","))]}"#
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
    }
  }
}
