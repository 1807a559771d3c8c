import ArgumentParser
import LedgerAdmin
import LedgerServer

/// `taizhangd ship …`.
struct ShipCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ship",
    abstract: "Copy a snapshot set to other disks and machines, sealed to the recovery keys (送出快照).",
    discussion: """
      taizhangd ship [DIR…] [--set SET] copies the newest set, or SET, into each of the folders, or into those of the \
      configuration's ship_to; each copy is read back. A set that lies there whole is left. A folder that is full, damaged or \
      not there keeps nothing from the others. Prepare each folder once, with its disk mounted: taizhangd ship init DIR. \
      Exit codes: 0 it lies in every folder; 1 it does not, which is said for each, or nothing was shipped.
      """,
    subcommands: [Send.self, Init.self], defaultSubcommand: Send.self)

  /// `taizhangd ship [DIR…]`.
  struct Send: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Copy the newest set, or the one that is named, into every folder; meant where no other is said.")

    @OptionGroup var options: DataOptions
    @Argument(help: "The folders; those of the configuration's ship_to where none is named.")
    var folders: [String] = []
    @Option(help: "The set: its name in DATA/snapshots, or its folder. The newest where none is named.")
    var set: String?

    func run() throws {
      let folder = try options.folder()
      let destinations = try destinations()
      let shipments = try AdminWords.telling {
        let set = try chosen(in: folder)
        let keys = try RecoveryKeys(of: folder).keys
        var generator = SystemRandomNumberGenerator()
        Output.line("set\t\(set.name)\t\(set.path)")
        let shipments = SetShipping.ship(set, to: destinations, keys: keys, using: &generator)
        try ShippingRecord.note(shipments, of: set, in: folder, at: DataOptions.now())
        return shipments
      }
      for shipment in shipments { tell(shipment) }
      if let nag = SealingText.warning(of: folder) { Output.line(nag) }
      if shipments.contains(where: \.isFailed) { throw ExitCode(ServerExit.failed) }
    }

    private func destinations() throws -> [String] {
      let configured = try options.configuration().shipTo
      let destinations = folders.isEmpty ? configured : folders
      guard destinations.isEmpty else { return destinations }
      throw CommandProblem(
        "No folder to ship to was named. Nothing was shipped. Name it: taizhangd ship DIR, or set ship_to in the configuration "
          + "file and give --config.",
        chinese: "没有指明送往哪个目录，什么也没有送。请写 taizhangd ship 目录，或在配置文件里设 ship_to 并加 --config。")
    }

    private func chosen(in folder: DataFolder) throws -> SnapshotSet {
      if let set { return try SnapshotSet(reading: SetArgument.path(set, in: folder)) }
      if let newest = SnapshotSet.all(in: folder).first { return newest }
      throw CommandProblem(
        "There is no snapshot set in \(folder.snapshots) yet. Nothing was shipped. Next: taizhangd snapshot",
        chinese: "还没有快照，什么也没有送。请先运行 taizhangd snapshot。")
    }

    private func tell(_ shipment: Shipment) {
      let destination = shipment.destination
      switch shipment.outcome {
      case .shipped(let isSealed):
        Output.line("shipped\t\(destination)\tread back, whole\(Send.text(isSealed: isSealed)) (已送达并核对)")
      case .there(let isSealed):
        Output.line("there\t\(destination)\tit lay there before, whole\(Send.text(isSealed: isSealed)) (已在，完整)")
      case .failed(let error): Output.error("not shipped to \(destination) (未送达): \(error.description)")
      }
    }

    private static func text(isSealed: Bool) -> String { isSealed ? ", sealed" : ", not sealed" }
  }

  /// `taizhangd ship init DIR`.
  struct Init: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a folder one that sets are shipped to, with its disk mounted.",
      discussion:
        "Writes the file \(SetShipping.markerName) into it. Where that is not found later, the disk is not mounted, and nothing is "
        + "shipped: the copy would lie on this machine's own disk and fill it.")

    @OptionGroup var options: DataOptions
    @Argument(help: "The folder, which must be there.")
    var destination: String
    @Flag(help: "Take a folder on the disk of the data folder too.")
    var sameDisk = false

    func run() throws {
      let folder = try options.folder()
      let isNew = try AdminWords.telling {
        try SetShipping.prepare(destination, for: folder, isSameDiskMeant: sameDisk)
      }
      Output.line(
        isNew
          ? "\(destination) takes sets from now on (已设为送达目录). Next: taizhangd ship \(destination)"
          : "\(destination) takes sets already. Nothing was changed (早已是送达目录).")
    }
  }
}

/// How a set is named on the command line.
enum SetArgument {
  /// Where the set is that `text` names: a bare name is one of the data folder's, or else a folder that stands here.
  static func path(_ text: String, in folder: DataFolder) -> String {
    let named = "\(folder.snapshots)/\(text)"
    return text.contains("/") || !PlainFile.exists(named) && PlainFile.exists(text) ? text : named
  }
}
