/// # LedgerAdmin
///
/// What an administrator does to a server's files: take snapshots, prove, ship and restore them. Plain functions over a data
/// folder, for the server's own service and for `taizhangd`'s commands alike. It may not open a socket, read a clock or
/// draw a random number; the caller passes the time and the bits in.

package import EditModel

/// Where a server keeps everything: the one place that knows the names of its files.
package struct DataFolder: Hashable, Sendable {
  /// The folder's path.
  package let path: String

  /// The data folder at `path`; it need not be there yet.
  package init(path: String) {
    self.path = path
  }

  /// Held locked by the one server that runs on this folder, and by a restore.
  package var lock: String { "\(path)/taizhangd.lock" }
  /// Seats, devices and the list of ledgers.
  package var seats: String { "\(path)/seats.sqlite" }
  /// Acts of devices that are shut out or unknown, which wait for a decision. No snapshot holds them.
  package var quarantine: String { "\(path)/quarantine.sqlite" }
  /// One file for each ledger.
  package var ledgers: String { "\(path)/ledgers" }
  /// The file of one ledger.
  package func ledger(_ name: ExactString) -> String { "\(ledgers)/\(name).sqlite" }
  /// The snapshot sets, a folder each.
  package var snapshots: String { "\(path)/snapshots" }
  /// What a restore builds before it takes the place of `ledgers`.
  package var restoring: String { "\(path)/restoring" }
  /// What restores took out of use, a folder each; never removed by the program.
  package var replaced: String { "\(path)/replaced" }
  /// Where a restore makes the seats before they take their place.
  var restoringSeats: String { "\(path)/seats.restoring" }
  /// What is a set once it is whole and proved.
  var partialSnapshot: String { "\(snapshots)/.taking" }
  /// Where a set is rebuilt to prove it.
  var proving: String { "\(snapshots)/.proving" }
  /// Held locked while a set is proved.
  var provingLock: String { "\(snapshots)/.proving.lock" }
  /// Which set lies at each destination.
  var shipped: String { "\(snapshots)/.shipped" }
  /// What came of proving each set.
  var proofs: String { "\(snapshots)/.proofs" }
  /// Held locked while a snapshot is taken.
  var snapshotLock: String { "\(snapshots)/.lock" }
  /// The organisation's key, the server's own key, their certificates. No snapshot holds them.
  package var identity: String { "\(path)/identity" }
  /// Where an identity is made before it takes its place.
  var makingIdentity: String { "\(path)/identity.making" }
  /// Held locked while the identity is made, changed or put aside.
  var identityLock: String { "\(path)/identity.lock" }
  /// What snapshot sets are sealed to before they leave the machine. No snapshot holds it.
  package var recoveryKeys: String { "\(path)/recovery.keys" }
  /// Held locked while the recovery keys are changed.
  var recoveryLock: String { "\(path)/recovery.lock" }
  /// Where the running server listens, `host:port`, for scripts on the same machine.
  package var port: String { "\(path)/port" }
}
