import ArgumentParser
import EditModel
import LedgerAdmin
import LedgerRules
import LedgerStore

/// `taizhangd quarantine …`.
struct QuarantineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quarantine", abstract: "See and decide what waits for a decision (待定的修改).",
    discussion: """
      What devices hand over that are shut out or not known, and what was made before a restore to an earlier moment, is no \
      part of a ledger until the round owner decides. Nothing of it is ever removed.
      """,
    subcommands: [List.self, Diff.self, Accept.self, Refuse.self])

  /// `taizhangd quarantine list`.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List what waits: whose, about which problem, made when; no contents.")

    @OptionGroup var options: DataOptions
    @OptionGroup var choice: HeldChoice
    @Flag(help: "List what was decided too.")
    var decided = false

    func run() throws {
      let work = try AdminWords.telling { try HeldWork(reading: try options.seatsFolder()) }
      let items = work.chosen(try choice.choice()).filter { decided || $0.isWaiting }
      for item in items { Output.line(HeldText.line(item, in: work)) }
      if items.isEmpty { Output.line("Nothing waits for a decision (没有待定的修改).") }
    }
  }

  /// `taizhangd quarantine diff`.
  struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Open what waits: each value, beside what the ledger has now. Noted in the audit log.")

    @OptionGroup var options: DataOptions
    @OptionGroup var choice: HeldChoice
    @OptionGroup var decider: HeldDecider

    func run() throws {
      let folder = try options.seatsFolder()
      let work = try AdminWords.telling { try HeldWork(reading: folder) }
      let items = work.chosen(try choice.choice()).filter(\.isWaiting)
      guard !items.isEmpty else { return Output.line("Nothing waits for a decision (没有待定的修改).") }
      let seat = try decider.seat(for: items, in: folder)
      // Before anything is shown: who has opened it stands in the log, whatever becomes of the output.
      try CommandAuthor.note(.quarantineOpen, [seat.description] + HeldText.devices(items), in: folder)
      for item in items {
        Output.line(HeldText.line(item, in: work))
        for line in HeldText.contents(item, in: work) { Output.line(line) }
      }
    }
  }

  /// `taizhangd quarantine accept`.
  struct Accept: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take what waits into the ledger, as its author put it, where the rules allow it.")

    @OptionGroup var deciding: HeldDeciding

    func run() throws { try deciding.decide(accepts: true) }
  }

  /// `taizhangd quarantine refuse`.
  struct Refuse: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Decide against what waits: it goes to its author's shelf, with who decided.")

    @OptionGroup var deciding: HeldDeciding

    func run() throws { try deciding.decide(accepts: false) }
  }
}

/// Which held acts are meant.
struct HeldChoice: ParsableArguments {
  @Argument(help: "A device (REPLICA) or an act of one (REPLICA.N); none: all that the options let pass.")
  var held: [String] = []
  @Option(help: "What is for this ledger.")
  var ledger: String?
  @Option(help: "What is about this problem, such as 15 or 自1.")
  var problem: String?
  @Option(help: "What was made from then on, such as '昨天 17:00'.")
  var since: String?
  @Option(help: "What was made until then.")
  var until: String?

  var isEmpty: Bool { held.isEmpty && ledger == nil && problem == nil && since == nil && until == nil }

  func choice() throws -> HeldWork.Choice {
    var choice = HeldWork.Choice()
    for text in held {
      if let replica = ReplicaID(text) {
        choice.replicas.insert(replica)
      } else if let edit = EditID(text + "/1") {
        choice.acts.insert(edit.act)
      } else {
        throw CommandProblem(
          "\"\(text)\" is no device or act. Nothing was decided. taizhangd quarantine list shows them as REPLICA.N.",
          chinese: "“\(text)”不是设备或修改的编号，什么也没有决定。taizhangd quarantine list 会列出 设备.序号。")
      }
    }
    choice.ledger = try ledger.map(NameArgument.ledger)
    choice.problem = try problem.map { text in
      guard let reference = ReferenceText(text) else {
        throw CommandProblem(
          "\"\(text)\" is no problem. Nothing was decided. Write its number, such as 15 or 自1.",
          chinese: "“\(text)”不是问题的编号，什么也没有决定。请写编号，如 15 或 自1。")
      }
      return reference
    }
    choice.since = try since.map(MomentArgument.time)
    choice.until = try until.map(MomentArgument.time)
    return choice
  }
}

/// Who decides.
struct HeldDecider: ParsableArguments {
  @Option(help: "The round owner's seat in whose name it is done; it is noted in the audit log.")
  var seat: String

  /// The seat, which must be a round owner's in every ledger that `items` are for.
  func seat(for items: [HeldWork.Item], in folder: DataFolder) throws -> SeatID {
    let wanted = try NameArgument.seat(seat)
    let seats = try SeatStore(path: folder.seats)
    let owners = Set(try seats.seats().filter { $0.seat.seat == wanted && $0.seat.role == .roundOwner }.map(\.ledger))
    try seats.close()
    let strange = Set(items.compactMap(\.ledger)).subtracting(owners).sorted()
    guard strange.isEmpty, !owners.isEmpty else {
      throw CommandProblem(
        "Seat \(wanted) is no round owner's\(strange.first.map { " in \($0)" } ?? ""). Nothing was opened or decided. Who owns "
          + "the round: taizhangd seat list",
        chinese: "岗位 \(wanted) 不是\(strange.first.map { " \($0) 的" } ?? "")办公室岗位，什么也没有打开或决定。用 taizhangd seat list 查看。")
    }
    return wanted
  }
}
