import ArgumentParser
import EditModel
import LedgerAdmin
import LedgerRules

/// `taizhangd prove [SET]`.
struct ProveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prove", abstract: "Prove a snapshot set by restoring it aside (核验快照).",
    discussion: """
      Every ledger of the set is rebuilt in a place of its own and looked at: SQLite's check of the file, the counts, every line \
      against its link, the cells against the history, the seats and their log. A running server does this with every set \
      that it takes. What came of it is kept and shown by snapshots and status. Without SET the newest is proved. Exit codes: 0 \
      proved; 1 not right, or failed; 75 another process proves.
      """)

  @OptionGroup var options: DataOptions
  @Argument(help: "A set's name in DATA/snapshots.")
  var set: String?

  func run() throws {
    let folder = try options.folder()
    let sets = SnapshotSet.all(in: folder)
    guard let wanted = set.map({ name in sets.first { $0.name == name } }) ?? sets.first else {
      throw CommandProblem(
        "There is no set \(set ?? "yet") in \(folder.snapshots). Nothing was proved. Which there are: taizhangd snapshots",
        chinese: "没有这个快照，什么也没有核验。用 taizhangd snapshots 可看现有快照。")
    }
    let proof = try AdminWords.telling {
      try SnapshotUpkeep.prove(wanted, in: folder, at: DataOptions.now())
    }
    if let failure = proof.record.failure {
      throw CommandProblem(
        "\(wanted.name) is not right: \(failure) Keep the older sets and take a new one: taizhangd snapshot",
        chinese: "快照 \(wanted.name) 核验不通过。请保留较早的快照，并重新做一次：taizhangd snapshot")
    }
    for ledger in proof.found { for line in ProofText.lines(ledger) { Output.line(line) } }
    Output.line("proved\t\(wanted.name)\trestored aside, and everything is right (核验通过)")
  }
}

/// Proofs in words.
enum ProofText {
  /// What was found of a ledger.
  static func lines(_ found: SnapshotProving.Found) -> [String] {
    var lines = ["ledger\t\(found.ledger)\t\(found.lines) lines, whole (完整)"]
    if found.strangeCount > 0 {
      lines.append(
        "note\t\(found.ledger)\t\(found.strangeCount) acts would not be taken by the rules and seats of today, the first at line "
          + "\(found.strange.map(String.init).joined(separator: ", ")) (按现在的规则和岗位不会被收下；岗位变过的不算问题)")
    }
    return lines
  }

  /// What is known of a set, for lists.
  static func word(_ record: ProofRecord?) -> String {
    guard let record else { return "not proved yet (未核验)" }
    guard let failure = record.failure else { return "proved \(ChinaClock.full(record.at)) (已核验)" }
    return "NOT RIGHT (核验不通过): \(failure)"
  }

  /// How it stands with the snapshots of a data folder.
  static func health(_ health: SnapshotHealth, now: Stamp) -> [String] {
    let proved =
      health.proved.map { "\($0.name)\ttaken \(ChinaTime.contact($0.takenAt, now: now))" } ?? "none (没有核验过的快照)"
    let days = health.daysLeft.map { ", \($0) days at the present growth (按现在的增长可用 \($0) 天)" } ?? ""
    return ["proved\t\(proved)", "room\t\(health.freeBytes >> 20) MiB free\(days)"]
  }

  /// Why somebody should look; nil while all is well.
  static func alarm(_ health: SnapshotHealth, now: Stamp, limitHours: Int) -> CommandProblem? {
    guard health.isAlarming(at: now, limitHours: limitHours) else { return nil }
    if let broken = health.broken {
      return CommandProblem(
        "ALARM: the newest snapshot set, \(broken.name), is not right: \(broken.reason) Keep the older ones; take and prove a new "
          + "one: taizhangd snapshot, taizhangd prove",
        chinese: "报警：最新的快照 \(broken.name) 核验不通过。请保留较早的，重新做并核验：taizhangd snapshot、taizhangd prove")
    }
    return CommandProblem(
      "ALARM: no snapshot set was proved for more than \(limitHours) hours. If the disk is lost now, so is what was written since. "
        + "Take and prove one: taizhangd snapshot, taizhangd prove",
      chinese: "报警：超过 \(limitHours) 小时没有核验过的快照，磁盘一坏，此后写的都会丢。请做一次并核验：taizhangd snapshot、taizhangd prove")
  }
}
