import Glibc

/// What a data folder keeps beside the live ledgers and how much of the disk that takes, for whoever must make room.
package struct KeptSpace: Hashable, Sendable {
  /// The folder in which things are kept.
  package let path: String
  /// How many things: the sets of snapshots, or what each restore put aside.
  package let count: Int
  /// The bytes that they take on the disk, the log of a replaced ledger included.
  package let bytes: UInt64

  /// What is in the folder `path`; nothing when it is not there. Names with a dot in front are the program's own.
  init(in path: String) {
    let names = Disk.names(in: path).filter { !$0.hasPrefix(".") }
    self.path = path
    self.count = names.count
    self.bytes = names.reduce(0) { $0 + Disk.size(of: "\(path)/\($1)") }
  }
}

extension DataFolder {
  /// The sets of snapshots.
  package var keptSnapshots: KeptSpace { KeptSpace(in: snapshots) }

  /// What restores took out of use.
  package var keptReplaced: KeptSpace { KeptSpace(in: replaced) }

  /// What a snapshot, a proof or a restore that did not come to its end has left, if anything. The next of its kind ends
  /// it; nothing of it is served.
  package var leftOvers: [String] {
    [restoring, restoringSeats, partialSnapshot, proving].filter { Disk.exists($0) }
  }
}
