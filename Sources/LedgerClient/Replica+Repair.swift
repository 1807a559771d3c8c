import Glibc
package import LedgerStore

/// What came of a repair.
package enum RepairOutcome: Sendable {
  /// Nothing is damaged that a new file would mend; nothing was changed.
  case whole
  /// A new file stands in the place of the old one, which is kept in the folder `kept`.
  case repaired(ReplicaRepair, kept: String)
  /// Who the device is cannot be read any more; these acts can. Nothing was changed.
  case noIdentity(acts: [OwnAct])
  /// Another program of this device is at the replica; nothing was changed.
  case busy
}

extension Replica {
  /// Makes a new file of all that can be read of a damaged replica in `home`, and keeps the old one. What the server has is
  /// fetched anew by the next sync.
  package static func repair(home: String) throws(ClientError) -> RepairOutcome {
    guard access(path(home), F_OK) == 0 else { throw .noReplica(home: home) }
    guard let lock = SyncLock(home: home) else { return .busy }
    try RepairedFile.settle(home)
    let outcome = try repairAlone(home)
    withExtendedLifetime(lock) {}
    return outcome
  }

  private static func repairAlone(_ home: String) throws(ClientError) -> RepairOutcome {
    let stamp = RepairedFile.Stamp(home: home)
    let finding: RepairFinding
    do throws(StoreError) { finding = try ReplicaRepair.look(at: path(home)) } catch { throw .store(error) }
    switch finding {
    case .whole: return .whole
    case .noIdentity(let acts): return .noIdentity(acts: acts)
    case .mendable(let repair):
      // A command that saved something meanwhile would have saved it into the old file only.
      let isStill = { RepairedFile.Stamp(home: home) == stamp }
      let write: (String) throws(StoreError) -> Void = { path throws(StoreError) in try repair.write(to: path) }
      let kept = try RepairedFile.replace(home: home, isStill: isStill, write: write)
      return kept.map { .repaired(repair, kept: $0) } ?? .busy
    }
  }
}
