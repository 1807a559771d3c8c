package import EditModel
package import LedgerStore
package import SealedFile

/// What to restore and how.
package struct RestoreOrder: Sendable {
  /// The set.
  package let set: SnapshotSet
  /// The ledgers of the set to restore, and nothing else; empty for the whole set.
  package var ledgers: [ExactString] = []
  /// Up to which moment of the set; nil for all that it holds.
  package var until: RestoreMoment?
  /// Whether what devices made before now waits for somebody to decide, and is not taken in again by itself. Where the restore
  /// goes to an earlier moment it always does.
  package var hold = false
  /// What opens the set where it is sealed.
  package var secrets: [RecoverySecret] = []
  /// Whether ledgers of the same names may be put aside.
  package var overwrite = false
  /// When, on the server's clock: names the folder of what was replaced.
  package let now: Stamp
  /// Who restores, for the audit log.
  package var author = AuditAuthor.server
  /// 64 random bits for each new epoch.
  package let random: @Sendable () -> UInt64
  /// Told how far it has come, often.
  package var progress: @Sendable (RestoreProgress) -> Void = { _ in }

  /// An order to restore `set` whole.
  package init(set: SnapshotSet, now: Stamp, random: @escaping @Sendable () -> UInt64) {
    self.set = set
    self.now = now
    self.random = random
  }

  /// Whether what devices offer again is held back.
  var holds: Bool { hold || until != nil }

  /// Whether seats and devices may come from the set too.
  var isWhole: Bool { ledgers.isEmpty }

  /// The files of the set that are restored; throws when the set lacks a ledger that is wanted.
  func files() throws(AdminError) -> [SnapshotSet.File] {
    if isWhole { return set.files }
    let missing = ledgers.filter { set.file(of: $0) == nil }
    guard missing.isEmpty else { throw .notInSet(path: set.path, ledgers: missing.map(\.string)) }
    return set.files.filter { $0.ledger.map { ledgers.contains($0.name) } ?? false }
  }

  /// Throws when the set does not reach the moment, or a seq is to count for several ledgers.
  func requireMoment(in files: [SnapshotSet.File]) throws(AdminError) {
    let held = files.compactMap(\.ledger)
    switch until {
    case nil: return
    case .time(let time):
      guard time <= set.takenAt else { throw .momentBehindSet(path: set.path, takenAt: set.takenAt) }
    case .seq(let seq):
      guard held.count == 1 else { throw .momentOfSeveral(ledgers: held.map(\.name.string)) }
      guard seq <= held[0].seq else { throw .seqBehindSet(path: set.path, seq: held[0].seq) }
    }
  }
}

/// How far a restore has come.
package struct RestoreProgress: Hashable, Sendable {
  /// What it is at.
  package enum Step: Hashable, Sendable {
    /// Everything is read and proved; nothing was touched.
    case checking
    /// The ledgers are built beside the live ones.
    case building
  }

  /// What it is at.
  package let step: Step
  /// The packed bytes of the set that were read in this step.
  package let doneBytes: UInt64
  /// The packed bytes that are to be read in this step.
  package let allBytes: UInt64
}

/// A moment of a ledger's history.
package enum RestoreMoment: Hashable, Sendable {
  /// Behind the line with this seq, or before the act that it is in the middle of.
  case seq(UInt64)
  /// When the server's clock showed this: what it had accepted by then.
  case time(Stamp)

  /// Whether the act that `edit` is of was accepted, whole, by then.
  func holds(_ edit: AcceptedEdit) -> Bool {
    switch self {
    case .seq(let seq): edit.seq + UInt64(edit.edit.actSize) <= seq + UInt64(edit.edit.id.i)
    case .time(let time): edit.receipt <= time
    }
  }
}

/// Which of a history's lines, taken in their order, are before a moment.
struct MomentCut {
  private let moment: RestoreMoment?
  private var isOver = false

  /// All lines where there is no moment.
  init(_ moment: RestoreMoment?) { self.moment = moment }

  /// Whether the next line is before the moment; behind the first that is not none is.
  mutating func holds(_ edit: AcceptedEdit) -> Bool {
    guard let moment else { return true }
    isOver = isOver || !moment.holds(edit)
    return !isOver
  }
}
