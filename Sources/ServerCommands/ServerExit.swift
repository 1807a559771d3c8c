import ArgumentParser
import Glibc
import LedgerServer
import LedgerStore

/// The numbers that `taizhangd` ends with.
enum ServerExit {
  /// Refused or failed; the reason is on standard error.
  static let failed: Int32 = 1
  /// The data folder belongs to a running server (sysexits.h: EX_TEMPFAIL).
  static let inUse: Int32 = 75

  /// Says why a command ended and ends the process.
  static func end(_ error: any Error) -> Never {
    switch error {
    case let error as ServerError:
      Output.error(error.description)
      if case .folderInUse = error { exit(inUse) }
      exit(failed)
    case let error as StoreError:
      Output.error(error.description)
      exit(failed)
    case let error as CommandProblem:
      Output.error(error.description)
      exit(failed)
    default:
      // Help, version and what the command line got wrong: the parser words them and knows their codes.
      TaizhangdCommand.exit(withError: error)
    }
  }
}

/// Why a command could not do what it was asked: what happened, what it affects, what to do next.
struct CommandProblem: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// Lines for people, on the two streams of the process.
enum Output {
  /// Says what was done.
  static func line(_ text: String) {
    print(text)
  }

  /// Says what went wrong.
  static func error(_ text: String) {
    var line = "taizhangd: " + text + "\n"
    line.withUTF8 { bytes in _ = write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
  }
}
