package import EditModel
package import LedgerIdentity
package import LedgerStore
package import SealedFile
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
  /// A set is to be restored up to a moment that is behind its taking: nothing was touched.
  case momentBehindSet(path: String, takenAt: Stamp)
  /// A ledger is to be restored up to a seq that is behind the last that the set holds of it: nothing was touched.
  case seqBehindSet(path: String, seq: UInt64)
  /// One seq is to count for these ledgers: nothing was touched.
  case momentOfSeveral(ledgers: [String])
  /// A ledger had no line yet at the moment up to which it is to be restored: nothing was touched.
  case nothingThen(ledger: String, RestoreMoment?)
  /// A ledger alone is to be restored, and the data folder has no seats: nothing was touched.
  case noSeats(path: String)
  /// There is no set to restore.
  case noSet(path: String)
  /// The data folder has no identity yet.
  case noIdentity(path: String)
  /// A file of the identity is missing or not what was written.
  case damagedIdentity(file: String)
  /// The identity could not be made; the reason is the cryptography's.
  case identityNotMade(reason: String)
  /// Another identity stands here, and overwriting was not asked for: nothing was touched.
  case otherIdentity(here: String, found: String)
  /// The file is no organisation key that this version opens, or the passphrase is another: nothing was touched.
  case sealedKey(file: String, SealedKey.Flaw)
  /// A set, or a file of one, is sealed, and no secret was given: nothing was touched.
  case sealed(path: String)
  /// A sealed file cannot be opened, or not be sealed: nothing was touched.
  case cannotOpen(file: String, SealError)
  /// A line of the file of recovery keys is none: nothing is sealed, and nothing leaves the machine.
  case damagedRecoveryKeys(file: String, line: Int)
  /// There are, or would be, more recovery keys than a file is sealed to.
  case tooManyRecoveryKeys(file: String)
  /// There is no such recovery key.
  case noRecoveryKey(key: String, file: String)
  /// There is no folder to ship to.
  case noDestination(path: String)
  /// The folder has no marker, as where the disk is not mounted.
  case notDestination(path: String)
  /// A folder that is to become a destination lies on the disk of the data folder.
  case sameDisk(path: String)
  /// Another shipping goes on to the destination.
  case destinationInUse(path: String)
  /// The destination has less room than the set takes.
  case noRoom(path: String, neededBytes: UInt64, freeBytes: UInt64)
  /// Another set lies at the destination under the name.
  case otherSetThere(path: String)
  /// The copy at the destination is damaged, and so was one before it, which lies there still.
  case damagedTwice(path: String, aside: String)
}

/// A ledger that cannot be taken into a set, and why.
package struct NotTaken: Sendable {
  /// The name of its file without `.sqlite`.
  package let ledger: String
  /// What is the matter with it.
  package let reason: AdminError
}
