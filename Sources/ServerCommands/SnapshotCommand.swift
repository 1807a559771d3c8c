import ArgumentParser
import EditModel
import Glibc
import LedgerAdmin
import LedgerStore
import LineProtocol

/// `taizhangd snapshot`.
struct SnapshotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshot", abstract: "Take a snapshot of every ledger and the seats (快照).",
    discussion: """
      Works beside a running server, which takes edits all the while. The set is a folder in DATA/snapshots; it is read \
      back and proved before it gets its name. It holds every ledger: when one cannot be taken nothing is, unless that one \
      is named with --leave-out; the set then says what is not in it. Exit codes: 0 taken; 1 failed, and there is no new \
      set, or taken and not printed; 75 another snapshot is being taken.
      """,
    subcommands: [Cat.self])

  @OptionGroup var options: DataOptions
  @Option(help: "Take the set without this ledger, which cannot be taken; may be given several times.")
  var leaveOut: [String] = []
  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let leftOut = try leaveOut.map(NameArgument.ledger)
    let taken = try AdminWords.telling {
      let folder = try options.folder()
      let isServed = DataOptions.runningServer(on: folder) != nil
      // Whoever edits comes first.
      if isServed { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19) }
      let taken = try SnapshotTaking.take(of: folder, leavingOut: leftOut, isServed: isServed, at: DataOptions.now())
      try CommandAuthor.note(.snapshot, [taken.set.name], in: folder)
      return taken
    }
    let set = taken.set
    defer { for broken in taken.brokenLinks { Output.error(SetText.brokenLinks(broken)) } }
    if json { return Output.line(SetText.json(set)) }
    for line in SetText.lines(set) { Output.line(line) }
    Output.line(
      "Read back and proved (已核验). Here it is lost with this disk: copy it to another disk or machine with taizhangd ship."
    )
    if let nag = SealingText.warning(of: try options.folder()) { Output.line(nag) }
  }
}

/// A set in words.
enum SetText {
  /// A line for the set, one for each ledger, one for the seats, one for each ledger that is not in it.
  static func lines(_ set: SnapshotSet) -> [String] {
    ["set\t\(set.name)\t\(set.bytes) bytes\t\(set.path)\(set.isSealed ? "\tsealed (密封)" : "")"]
      + set.files.map { file in
        guard let ledger = file.ledger else { return "seats\t-\t\(file.bytes) bytes" }
        return "ledger\t\(ledger.name)\tseq \(ledger.seq)\t\(file.bytes) bytes"
      } + set.leftOut.map { "left out\t\($0)\tnot in this set (未包含)" }
  }

  /// That a ledger's lines are not those that were linked.
  static func brokenLinks(_ broken: TakenSet.BrokenLinks) -> String {
    "Behind line \(broken.behind.seq) the lines of \(broken.ledger) are not those that were linked (记录与链接不符). The set has "
      + "them as they stand. Keep the older sets, and see which they are: taizhangd verify --ledger \(broken.ledger)"
  }

  /// The same as one JSON object.
  static func json(_ set: SnapshotSet) -> String {
    let ledgers = set.files.compactMap { file in
      file.ledger.map {
        #"{"name":\#(quoted($0.name.string)),"seq":\#($0.seq),"bytes":\#(file.bytes)}"#
      }
    }
    return
      #"{"set":\#(quoted(set.name)),"path":\#(quoted(set.path)),"taken":"\#(set.takenAt)","bytes":\#(set.bytes),"sealed":\#(set.isSealed),"#
      + #""ledgers":[\#(ledgers.joined(separator: ","))],"#
      + #""left_out":[\#(set.leftOut.map { quoted($0.string) }.joined(separator: ","))]}"#
  }

  /// `text` as a JSON string.
  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\u{0}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
