// ServerCommands: `taizhangd`'s subcommands and their output. They work on the data folder's files, also while a server
// runs on it, or start the server. What the numbers that a command ends with mean is `ServerExit`.

package import ArgumentParser
import Glibc
import LedgerServer

/// `taizhangd`.
package struct TaizhangdCommand: AsyncParsableCommand {
  /// How the command is called and what belongs to it.
  package static let configuration = CommandConfiguration(
    commandName: "taizhangd",
    abstract: "The server of a ledger that a township keeps together (台账服务器).",
    discussion: """
      Everything is kept in one data folder. The commands beside `serve` work on its files and may be used while the \
      server runs.

      Exit codes: 0 done; 1 refused or failed, or done and not printed, the reason is on standard error; 64 the command line was not understood; \
      75 the data folder is in use by another server.
      """,
    version: "taizhangd 0.1.0",
    subcommands: [
      ServeCommand.self, CheckConfigCommand.self, LedgerCommand.self, SeatCommand.self, DeviceCommand.self,
      StatusCommand.self, SnapshotCommand.self, SnapshotsCommand.self, ProveCommand.self, ShipCommand.self,
      RestoreCommand.self, QuarantineCommand.self, RecoveryCommand.self, IdentityCommand.self, EnrolCommand.self,
      CodeCommand.self, MovedCommand.self, ClockCommand.self, AuditCommand.self, VerifyCommand.self,
    ])

  /// A command without anything chosen; the parser fills it.
  package init() {}

  /// Runs what `arguments` say and ends the process with its exit code.
  package static func start() async {
    // Files and folders are their owner's alone, also those that SQLite makes.
    umask(0o077)
    do {
      var command = try parseAsRoot()
      if var waiting = command as? any AsyncParsableCommand {
        try await waiting.run()
      } else {
        try command.run()
      }
      ServerExit.end()
    } catch {
      ServerExit.end(error)
    }
  }
}
