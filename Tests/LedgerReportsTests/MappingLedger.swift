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

  /// Accepts a transition without asking the guard, as a server's history has it.
  mutating func move(_ problem: EntityID, to stage: Stage, saying texts: [(FieldName, String)]) throws {
    guard let owner else { return }
    acts += 1
    let id = ActID(replica: replica, n: acts)
    let change = Change(entity: problem, field: .stage, value: .text(ExactString(stage.rawValue)))
    let more = texts.map { Change(entity: .created(id.edit(1)), field: $0.0, value: .text(ExactString($0.1))) }
    let act = try Act(
      id: id, changes: ([change] + more).map { ($0, $0.field == .stage ? state.stage(of: problem).edit : nil) },
      stamp: Stamp(milliseconds: 1_700_000_000_000 + acts), shift: .none)
    for edit in act.edits {
      seq += 1
      state.apply(AcceptedEdit(seq: seq, receipt: edit.stamp, seat: owner.seat, edit: edit))
    }
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
