import EditModel
import LedgerReports
import LedgerRules

/// A ledger in memory that accepts acts as a server would, under the guard.
struct MappingLedger {
  private(set) var state = LedgerState()
  private(set) var refusals: [Refusal] = []
  private var seq: UInt64 = 0
  private var acts: UInt64 = 0
  private let replica = ReplicaID(random: 7)
  private let owner: SeatFacts?

  init() {
    owner = SeatID("dangzheng").map { SeatFacts(seat: $0, role: .roundOwner) }
  }

  /// Imports `report` and says how many acts that took.
  mutating func take(_ report: ParsedReport) throws -> Int {
    let plan = ReportImport(report, into: state)
    for changes in plan.acts { try accept(changes) }
    return plan.acts.count
  }

  /// Accepts one act of the round owner.
  mutating func accept(_ changes: [Change]) throws {
    guard let owner else { return }
    acts += 1
    let act = try Act(
      id: ActID(replica: replica, n: acts), changes: changes.map { ($0, nil) },
      stamp: Stamp(milliseconds: 1_700_000_000_000 + acts), shift: .none)
    if let refusal = ActGuard.refusal(of: act, by: owner, in: state) {
      refusals.append(refusal)
      return
    }
    for edit in act.edits {
      seq += 1
      state.apply(AcceptedEdit(seq: seq, receipt: edit.stamp, seat: owner.seat, edit: edit))
    }
  }
}
