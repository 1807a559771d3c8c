import ArgumentParser
import LedgerAdmin
import LedgerServer
import LedgerStore

/// `taizhangd snapshots …`.
struct SnapshotsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshots",
    abstract: "List the snapshot sets of the data folder, and remove those that need not be kept (快照列表).",
    subcommands: [List.self, Prune.self, Keep.self], defaultSubcommand: List.self)

  /// `taizhangd snapshots list`.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the sets, the newest first, and which are proved.")

    @OptionGroup var options: DataOptions
    @Flag(help: "Print a JSON array.")
    var json = false

    func run() throws {
      let folder = try options.folder()
      let sets = SnapshotSet.all(in: folder)
      if json { return Output.line("[" + sets.map(SetText.json).joined(separator: ",") + "]") }
      for set in sets {
        for line in SetText.lines(set) { Output.line(line) }
        let pinned = set.isPinned ? "; kept until somebody says otherwise (长期保留)" : ""
        Output.line("proof\t\(set.name)\t\(ProofText.word(ProofRecord.read(set.name, in: folder)))\(pinned)")
      }
      if sets.isEmpty { Output.line("No snapshot set yet (尚无快照). Next: taizhangd snapshot") }
    }
  }

  /// `taizhangd snapshots prune`.
  struct Prune: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Remove the sets that need not be kept, by keep_hours, keep_days, keep_weeks and keep_months.",
      discussion: """
        A running server does it after each set that it takes. Never removed are the newest set of a ledger, the newest that was \
        proved, and one that is to be kept (snapshots keep).
        """)

    @OptionGroup var options: DataOptions
    @Flag(help: "Say which they are, and remove nothing.")
    var dryRun = false

    func run() throws {
      let folder = try options.folder()
      let retention = try options.configuration().retention
      let sets = SnapshotUpkeep.removable(retention, in: folder, now: DataOptions.now())
      for set in sets {
        if !dryRun {
          try AdminWords.telling {
            try SnapshotUpkeep.remove(set, from: folder)
            try CommandAuthor.note(.snapshotRemove, [set.name], in: folder)
          }
        }
        Output.line("\(dryRun ? "would go" : "removed")\t\(set.name)\t\(set.bytes) bytes")
      }
      if sets.isEmpty { Output.line("Every set is to be kept (都要保留).") }
    }
  }

  /// `taizhangd snapshots keep SET`.
  struct Keep: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Keep a set until somebody says otherwise. `--undo` takes that back.")

    @OptionGroup var options: DataOptions
    @Argument(help: "The set's name.")
    var set: String
    @Flag(help: "It need not be kept any more.")
    var undo = false

    func run() throws {
      let folder = try options.folder()
      guard let found = SnapshotSet.all(in: folder).first(where: { $0.name == set }) else {
        throw CommandProblem(
          "There is no set \(set). Nothing was changed. Which there are: taizhangd snapshots",
          chinese: "没有快照 \(set)，什么也没有改动。用 taizhangd snapshots 可看现有快照。")
      }
      try AdminWords.telling { try found.setPinned(!undo) }
      Output.line(
        undo ? "\(set) is kept as others are (按规则保留)." : "\(set) is kept until somebody says otherwise (长期保留).")
    }
  }
}
