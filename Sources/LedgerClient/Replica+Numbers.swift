package import EditModel
import LedgerRules
import LedgerStore

/// A self-found problem that is called by another number than before: what the seat sees now lies before it, or no longer does.
package struct RenumberedProblem: Hashable, Sendable {
  /// Which problem.
  package let problem: EntityID
  /// Its number before, from 1.
  package let before: Int
  /// Its number now.
  package let present: Int
}

/// The self-found problems of a replica with the numbers that they are called by, from 1.
package struct SelfFoundNumbers: Hashable, Sendable {
  private let numbers: [EntityID: Int]

  fileprivate init(_ creations: [EditID]) {
    numbers = Dictionary(zip(creations.map { .created($0) }, 1...), uniquingKeysWith: { first, _ in first })
  }

  /// Those that `later` calls otherwise, in the order of their numbers there.
  package func changed(in later: SelfFoundNumbers) -> [RenumberedProblem] {
    later.numbers.compactMap { problem, present in
      guard let before = numbers[problem], before != present else { return nil }
      return RenumberedProblem(problem: problem, before: before, present: present)
    }.sorted { $0.present < $1.present }
  }
}

extension Replica {
  /// How the self-found problems are numbered now, without reading the ledger.
  package func selfFoundNumbers() throws(ClientError) -> SelfFoundNumbers {
    SelfFoundNumbers(try withStore { store throws(StoreError) in try store.selfFoundCreations() })
  }

  /// Those that are called otherwise than by `before`, after a sync that did what `summary` says.
  package func renumbered(
    since before: SelfFoundNumbers, _ summary: SyncSummary
  ) throws(ClientError) -> [RenumberedProblem] {
    guard summary.received > 0 || !summary.notices.isEmpty else { return [] }
    return before.changed(in: try selfFoundNumbers())
  }
}
