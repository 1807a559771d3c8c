package import EditModel
import LedgerRules
import LedgerStore
import SnapshotFile

/// What a restore will come to, said before anything is touched.
package struct RestoreForecast: Hashable, Sendable {
  /// The ledgers of the set that would be restored, in the order of their names.
  package let ledgers: [Ledger]

  /// What is to become of one ledger.
  package struct Ledger: Hashable, Sendable {
    /// Its name.
    package let name: ExactString
    /// What stands there now.
    package let before: SnapshotRestoring.Standing
    /// The last line that it will have; 0 when none was accepted by the moment that was asked for.
    package let seq: UInt64
    /// When that line was accepted; nil for an empty ledger.
    package let lastAccepted: Stamp?
    /// The last line that the set holds.
    package let setSeq: UInt64
    /// How many problems it will have, withdrawn ones counted.
    package let problems: Int
    /// How many lines it will have that what stands now has not.
    package let returning: UInt64
    /// What stands now and will not be there; nil when nothing stands, or what stands cannot be read.
    package let missing: Missing?
  }

  /// Work that stands now and that the restored ledger will not have. It is kept under `replaced/`, and whoever made it
  /// offers it again.
  package struct Missing: Hashable, Sendable {
    /// How many lines.
    package internal(set) var edits: UInt64 = 0
    /// How many problems, withdrawn ones counted.
    package internal(set) var problems = 0
    /// How many lines of each seat, the most first.
    package internal(set) var seats: [Share] = []
    /// When the first of them was accepted; nil when there are none.
    package internal(set) var first: Stamp?
    /// When the last of them was accepted; nil when there are none.
    package internal(set) var last: Stamp?
  }

  /// How much of it is one seat's.
  package struct Share: Hashable, Sendable {
    /// The seat.
    package let seat: SeatID
    /// How many lines.
    package let edits: UInt64
  }
}

/// Looks at one ledger of a set, and at the one that stands in its place, without touching either.
struct RestoreSurvey {
  private let live: LiveLedger?
  private let before: SnapshotRestoring.Standing
  private var cut: MomentCut
  private var shared: UInt64 = 0
  private var setSeq: UInt64 = 0
  private var last: (seq: UInt64, receipt: Stamp)?
  private var problems: Set<EntityID> = []
  /// What the restored ledger will have of lines that the two do not share.
  private var own: Set<EditID> = []

  /// Of the ledger `name`, cut at `moment`, against what stands in `folder`.
  init(of name: ExactString, until moment: RestoreMoment?, against folder: DataFolder) {
    (before, live) = LiveLedger.standing(name, in: folder)
    cut = MomentCut(moment)
  }

  /// Takes the next entry of the set's file.
  mutating func take(_ entry: SnapshotEntry) {
    switch entry {
    case .header(let header):
      setSeq = header.seq
      shared = live?.sharedSeq(with: header) ?? 0
    case .line(let line): if cut.holds(line.edit) { take(line.edit) }
    case .cell, .refusal, .end: break
    }
  }

  private mutating func take(_ accepted: AcceptedEdit) {
    last = (accepted.seq, accepted.receipt)
    if let problem = accepted.createdProblem { problems.insert(problem) }
    if live != nil, accepted.seq > shared { own.insert(accepted.edit.id) }
  }

  /// What was found, once the file was read to its end.
  mutating func finish(_ name: ExactString) throws(AdminError) -> RestoreForecast.Ledger {
    let end = last?.seq ?? 0
    var (before, missing): (SnapshotRestoring.Standing, RestoreForecast.Missing?) = (before, nil)
    var returning = end
    if let live {
      do throws(AdminError) {
        let behind = try live.work(behind: min(shared, end), without: own, problems)
        missing = behind.missing
        returning = end - min(shared, end) - behind.met
      } catch {
        // What is damaged is what a restore is for.
        before = .unreadable
      }
    }
    return RestoreForecast.Ledger(
      name: name, before: before, seq: end, lastAccepted: last?.receipt, setSeq: setSeq, problems: problems.count,
      returning: returning, missing: missing)
  }
}

/// The ledger that stands where one is to be restored.
struct LiveLedger {
  private let reader: HistoryReader
  private let header: LedgerHeader
  private let lastSeq: UInt64
  /// When its last line was accepted; nil where there is none, or it cannot be read.
  let lastReceipt: Stamp?

  /// What stands in the place of `name`, and the ledger when it can be read; a destroyed file must not keep its own restore
  /// from going on.
  static func standing(_ name: ExactString, in folder: DataFolder) -> (SnapshotRestoring.Standing, LiveLedger?) {
    guard Disk.exists(folder.ledger(name)) else { return (.nothing, nil) }
    do throws(StoreError) {
      let reader = try HistoryReader(path: folder.ledger(name))
      let last = try reader.lastSeq()
      var receipt: Stamp?
      // A line that cannot be read keeps nothing from going on here: the comparison tells of it.
      if last > 0 { try? reader.visit(after: last - 1, through: last) { receipt = $0.receipt } }
      let live = LiveLedger(reader: reader, header: try reader.header(), lastSeq: last, lastReceipt: receipt)
      return (.ledger(seq: live.lastSeq, epoch: live.header.epoch), live)
    } catch {
      return (.unreadable, nil)
    }
  }

  /// How far it and the ledger of `set` have the same lines.
  func sharedSeq(with set: SnapshotHeader) -> UInt64 {
    if header.epoch == set.epoch { return min(lastSeq, set.seq) }
    if let seq = header.sharedSeq(with: set.epoch) { return min(seq, lastSeq, set.seq) }
    // An older file stands here than the set is of.
    guard let index = set.parents.firstIndex(where: { $0.epoch == header.epoch }) else { return 0 }
    return set.parents[index...].map(\.forkSeq).reduce(min(lastSeq, set.seq), min)
  }

  /// What it has behind line `seq` that is neither among `edits` nor, of its problems, among `problems`; and how many of `edits`
  /// it has.
  func work(
    behind seq: UInt64, without edits: Set<EditID>, _ problems: Set<EntityID>
  ) throws(AdminError) -> (missing: RestoreForecast.Missing, met: UInt64) {
    var missing = RestoreForecast.Missing()
    var (met, bySeat): (UInt64, [SeatID: UInt64]) = (0, [:])
    try storing { () throws(StoreError) in
      try reader.visit(after: seq, through: lastSeq) { accepted in
        guard !edits.contains(accepted.edit.id) else {
          met += 1
          return
        }
        missing.edits += 1
        bySeat[accepted.seat, default: 0] += 1
        missing.first = missing.first ?? accepted.receipt
        missing.last = accepted.receipt
        if let problem = accepted.createdProblem, !problems.contains(problem) { missing.problems += 1 }
      }
      try reader.close()
    }
    missing.seats = bySeat.map { RestoreForecast.Share(seat: $0.key, edits: $0.value) }
      .sorted { ($1.edits, $0.seat) < ($0.edits, $1.seat) }
    return (missing, met)
  }
}

extension AcceptedEdit {
  /// The problem that it made; nil where it made none.
  fileprivate var createdProblem: EntityID? {
    guard let made = Vocabulary.creation(by: edit), made.kind == .problem else { return nil }
    return made.entity
  }
}
