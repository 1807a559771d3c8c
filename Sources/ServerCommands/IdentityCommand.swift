import ArgumentParser
import EditModel
import Glibc
import LedgerAdmin
import LedgerIdentity
import LedgerServer
import LedgerStore

/// `taizhangd identity …`.
struct IdentityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "identity",
    abstract: "Show, export and import the organisation's key, which every device trusts (身份密钥).",
    discussion: """
      The server makes the key at its first start. No snapshot holds it: export it once, keep the file and the passphrase \
      apart, both off this machine. After the loss of the disk, restore a snapshot and import the identity: devices come in as before.
      """,
    subcommands: [Show.self, Export.self, Import.self])

  /// `taizhangd identity show`.
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the fingerprint that devices trust, how long the certificates last, and whether it was exported."
    )

    @OptionGroup var options: DataOptions

    func run() throws {
      let folder = IdentityFolder(try options.folder())
      let identity = try AdminWords.telling { try folder.load() }
      Output.line("fingerprint\t\(identity.fingerprint)")
      Output.line(
        "server certificate\t\(IdentityCommand.day(identity.certificate.ends))\tthe server renews it by itself")
      let exported = folder.exportedAt.map(IdentityCommand.day)
      Output.line("exported\t\(exported ?? "never: taizhangd identity export FILE (尚未备份)")")
    }
  }

  /// `taizhangd identity export FILE`.
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the organisation's key into a file that a passphrase opens.",
      discussion:
        "The passphrase is asked for on the terminal, twice, or read from the first line of --passphrase-file; it "
        + "has \(SealedKey.passphraseCharacters) characters or more. Whoever has both can pretend to be this server.")

    @OptionGroup var options: DataOptions
    @Argument(help: "The file to write; nothing may be there yet.")
    var file: String
    @OptionGroup var passphrase: PassphraseOptions

    func run() throws {
      let folder = try options.folder()
      guard access(file, F_OK) != 0 else {
        throw CommandProblem(
          "\(file) is there already. Nothing was exported. Name another file.", chinese: "\(file) 已经存在，没有导出。请换个文件名。")
      }
      let words = try passphrase.chosen()
      let now = DataOptions.now()
      var generator = SystemRandomNumberGenerator()
      let identity = try AdminWords.telling {
        try IdentityFolder(folder).export(to: file, passphrase: words, at: now, using: &generator)
      }
      try IdentityCommand.note(.identityExport, identity.fingerprint, in: folder)
      Output.line(
        "Exported the identity \(identity.fingerprint) to \(file) (已导出). Keep the file off this machine, and the passphrase "
          + "apart from it: taizhangd identity import \(file) brings it back.")
    }
  }

  /// `taizhangd identity import FILE`.
  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take the organisation's key from a file that `identity export` wrote.",
      discussion:
        "Run it before the first start of the server on a new machine. Exit codes: 0 it is the identity now; 1 refused or "
        + "failed, nothing was changed; 75 a server runs on the data folder.")

    @OptionGroup var options: DataOptions
    @Argument(help: "The file that `identity export` wrote.")
    var file: String
    @OptionGroup var passphrase: PassphraseOptions
    @Flag(help: "Put another identity that is here aside into DATA/replaced.")
    var overwrite = false

    func run() throws {
      let folder = try options.configuration().data
      try folder.prepare()
      let lock = try folder.takeLock()
      defer { lock.release() }
      let words = try passphrase.known()
      let now = DataOptions.now()
      let (identity, outcome) = try AdminWords.telling {
        try IdentityFolder(folder).import(from: file, passphrase: words, overwrite: overwrite, at: now)
      }
      if outcome != .same { try IdentityCommand.note(.identityImport, identity.fingerprint, in: folder) }
      switch outcome {
      case .same: Output.line("The identity \(identity.fingerprint) is here already. Nothing was changed (已是同一身份).")
      case .new: Output.line("Imported the identity \(identity.fingerprint) (已导入). Next: taizhangd serve")
      case .replaced(let place):
        Output.line(
          "Imported the identity \(identity.fingerprint) (已导入); the former one is in \(place). Next: taizhangd serve")
      }
    }
  }

  /// Notes the act in the audit log, where there is one: an identity may be imported before anything else is there.
  private static func note(_ action: AuditAction, _ fingerprint: Fingerprint, in folder: DataFolder) throws {
    guard PlainFile.exists(folder.seats) else { return }
    try CommandAuthor.note(action, [fingerprint.digits], in: folder)
  }

  /// The day of `stamp` in UTC, `2026-11-25`.
  private static func day(_ stamp: Stamp) -> String {
    var seconds = time_t(stamp.milliseconds / 1_000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    return "\(parts.tm_year + 1_900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
  }

  private static func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
