import ArgumentParser
import LedgerAdmin

/// How a command ends when an administrator's act was not done.
enum AdminWords {
  /// Runs `body`; says why it was not done and ends with the number that belongs to it.
  static func telling<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as AdminError {
      Output.error(error.description)
      switch error {
      case .inUse, .snapshotGoesOn: throw ExitCode(ServerExit.inUse)
      default: throw ExitCode(ServerExit.failed)
      }
    }
  }
}
