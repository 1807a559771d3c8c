import EditModel
import LedgerClient
import ReplicaKeeping

/// What a command may not do that is run from the login shell: the account is there for its ledger, and whoever has it is
/// not somebody who may look about the server's disk. So it takes no folder, no file and no other program by name.
enum Confinement {
  /// The variable that says so; the login shell sets it.
  static let variable = "TAIZHANG_CONFINED"

  /// Whether this command runs from the login shell.
  static var isOn: Bool { Surroundings.environment[variable] != nil }

  /// This machine, as a command sees it: a confined one is led to no other by an address that a server names.
  static var device: Device { isOn ? .system.stayingOnMachine() : .system }

  /// Refuses `what`, an option or a file, when this command is confined.
  static func forbid(_ what: String, _ words: Words) throws {
    if isOn { throw CommandFailure(.usage, "confined", words.confined(what)) }
  }

  /// Refuses `address` when this command is confined and it is another machine's: the account must not reach through the
  /// server what a firewall keeps from it.
  static func forbidElsewhere(_ address: HostPort, _ words: Words) throws {
    guard isOn, !address.isThisMachine else { return }
    throw CommandFailure(.usage, "confined", words.confinedTo(thisMachineNot: address))
  }
}
