import ArgumentParser
import LedgerAdmin

extension SnapshotCommand {
  /// `taizhangd snapshot cat FILE`.
  struct Cat: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the plain lines of one file of a set, sealed or not, as they are proved.",
      discussion: """
        FILE is a ledger's file or seats.gz of any set, with or without .age; no data folder is needed. What the lines say is in \
        protocol/09-snapshots.md. Of a broken file everything before the break is printed, then what is wrong. Exit codes: 0 all of \
        it was printed and proved; 1 it was not.
        """)

    @Argument(help: "The file.")
    var file: String
    @OptionGroup var key: RecoverySecretOptions

    func run() throws {
      let secrets = try key.secrets()
      try AdminWords.telling { try SnapshotText.read(file, with: secrets) { Output.bytes($0) } }
    }
  }
}
