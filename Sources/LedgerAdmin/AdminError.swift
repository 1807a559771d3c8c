import EditModel
import Glibc
package import LedgerStore
package import SnapshotFile

/// Why an administrator's act was not done.
package enum AdminError: Error, Sendable {
  /// A file or folder could not be worked on: what was tried, and the system's error number.
  case disk(operation: String, path: String, errno: Int32)
  /// A store refused.
  case store(StoreError)
  /// A file of a set is not what it was when it was written: nothing was touched.
  case damaged(file: String, SnapshotError)
  /// The set's own list (`set`) is missing, damaged, or of a newer format: nothing was touched.
  case damagedSet(path: String, reason: String)
  /// Ledgers of these names stand in the data folder, and overwriting was not asked for: nothing was touched.
  case wouldOverwrite(ledgers: [String])
  /// A server runs on the data folder (or another restore): nothing was touched.
  case inUse(path: String)
  /// Another snapshot of the data folder is being taken.
  case snapshotGoesOn(path: String)
  /// These ledgers cannot be taken, so no set was made.
  case notTaken([NotTaken])
  /// There are no ledgers of these names to leave out of a set.
  case noLedgerToLeaveOut(ledgers: [String])
  /// Every ledger of the data folder was to be left out.
  case nothingLeft(path: String)
  /// The data folder has no ledger to take a snapshot of.
  case noLedger(path: String)
  /// The set does not hold these ledgers: nothing was touched.
  case notInSet(path: String, ledgers: [String])
  /// A ledger alone is to be restored, and the data folder has no seats: nothing was touched.
  case noSeats(path: String)
  /// There is no set to restore.
  case noSet(path: String)
}

/// A ledger that cannot be taken into a set, and why.
package struct NotTaken: Sendable {
  /// The name of its file without `.sqlite`.
  package let ledger: String
  /// What is the matter with it.
  package let reason: AdminError
}

extension AdminError: CustomStringConvertible {
  /// What happened, what it affects, what to do next.
  package var description: String {
    switch self {
    case .disk(let operation, let path, let errno):
      "The system refused to \(operation) \(path) (\(String(cString: strerror(errno)))). The live ledgers are as they were, or "
        + "whole in their new state. Check that there is room and that the folder belongs to this user, then do it again."
    case .store(let error): error.description
    case .damaged(let file, let error):
      "\(file) of the set is damaged (\(error.kind.rawValue) at \(error.position)). Nothing was touched. Use another copy of "
        + "the set, or an older set: taizhangd snapshots."
    case .damagedSet(let path, let reason):
      "\(path) cannot be trusted: \(reason). Nothing was touched. Use another copy of the set, or an older set: "
        + "taizhangd snapshots."
    case .wouldOverwrite(let ledgers):
      "The data folder holds \(ledgers.joined(separator: ", ")) already. Nothing was touched. With --overwrite they are put "
        + "aside into DATA/replaced and the set's take their place."
    case .inUse(let path):
      "\(path) is in use by a running taizhangd or by the same command. Nothing was touched. Stop the server or wait for the "
        + "command to end, then do it again."
    case .snapshotGoesOn(let path):
      "Another snapshot is being taken into \(path). This one was not. Wait until that one is done, then do it again."
    case .notTaken(let failures): NotTaken.text(failures)
    case .noLedgerToLeaveOut(let ledgers):
      "There is no ledger \(ledgers.joined(separator: ", ")) to leave out. No set was made. taizhangd ledger list shows those "
        + "there are."
    case .nothingLeft(let path):
      "Every ledger of \(path) was to be left out. No set was made. Leave out only those that cannot be taken."
    case .noLedger(let path):
      "\(path) holds no ledger, so there is nothing to take. No set was made. Check --data; taizhangd ledger add makes a "
        + "ledger."
    case .notInSet(let path, let ledgers):
      "\(path) does not hold \(ledgers.joined(separator: ", ")). Nothing was touched. taizhangd snapshots shows what each set "
        + "holds."
    case .noSeats(let path):
      "\(path) has no seats, without which nobody may open a ledger. Nothing was touched. Restore the whole set: without "
        + "--ledger."
    case .noSet(let path):
      "There is no snapshot set at \(path). Nothing was touched. taizhangd snapshots lists those of the data folder; a set "
        + "elsewhere is named by its path."
    }
  }
}

extension NotTaken {
  /// What is said when `failures` kept a set from being made.
  fileprivate static func text(_ failures: [NotTaken]) -> String {
    let reasons = failures.map { "Ledger \($0.ledger) cannot be taken: \($0.reasonText)" }.joined(separator: " ")
    let flags = failures.filter { Name.isValid($0.ledger) }.map { " --leave-out \($0.ledger)" }.joined()
    // A file that no ledger can be called after is nobody's to leave out.
    let strays = failures.filter { !Name.isValid($0.ledger) }.map { "\($0.ledger).sqlite" }
    let move = strays.isEmpty ? "" : "move \(strays.joined(separator: ", ")) out of the folder ledgers, then run "
    return "No set was made: nothing of the other ledgers was saved either. \(reasons) To save the others now: \(move)"
      + "taizhangd snapshot\(flags)"
  }

  private var reasonText: String {
    guard case .damaged(_, let error) = reason else { return reason.description }
    return "its history could not be read back whole (\(error.kind.rawValue) at \(error.position))."
  }
}
