import EditModel
import LedgerRules
import LedgerTestKit
import LineProtocol
import NIOCore
import Testing

@testable import LedgerStore

/// A ledger file in a folder of its own, and a generated history to put into it.
struct LedgerSample {
  let folder: FaultDiskFolder
  let edits: [AcceptedEdit]
  var path: String { folder.path + "/ledger.sqlite" }

  static let header = LedgerHeader(
    name: "tucheng-2023", epoch: Epoch(generation: 1, id: 0xE5F2_A90C_41D7_B366),
    created: Stamp(milliseconds: 1_697_000_000_000))

  /// A new file, and what three devices did to it in `acts` acts.
  init(seed: UInt64 = 1, acts: Int = 30) throws {
    folder = try FaultDiskFolder()
    var generator = Generator(seed: seed)
    var history: [Act] = []
    let creator = try #require(ReplicaID("cr3at0rz"))
    for act in generator.history(replicas: 3, acts: acts) {
      history.append(act)
      if generator.isOnce(in: 3) { history.append(try LedgerSample.creation(by: creator, after: history, &generator)) }
    }
    edits = generator.accepted(history)
    try ServerStore.create(path: path, header: LedgerSample.header)
  }

  /// An act that creates: a problem (some of them twice), a note under one and its withdrawal, a transition.
  private static func creation(
    by replica: ReplicaID, after history: [Act], _ generator: inout Generator
  ) throws -> Act {
    let id = ActID(replica: replica, n: 1 + (history.map(\.id).last { $0.replica == replica }?.n ?? 0))
    let problem = EntityID.derived(ExactString("p\(1 + generator.number(below: 3))"))
    func change(_ entity: EntityID, _ field: String, _ value: String) throws -> (change: Change, base: EditID?) {
      (
        change: Change(entity: entity, field: try #require(FieldName(field)), value: .text(ExactString(value))),
        base: nil
      )
    }
    let stage = ["unclaimed", "working", "first_review"][generator.number(below: 3)]
    let changes = [
      try change(problem, "problem", "15"), try change(problem, "note", "已联系施工方"),
      try change(.created(id.edit(2)), "withdrawn", "yes"), try change(problem, "stage", stage),
    ]
    return try Act(id: id, changes: changes, stamp: generator.stamp(), shift: .none)
  }

  /// The acts of the history, each with its lines.
  var acts: [[AcceptedEdit]] {
    edits.reduce(into: []) { acts, accepted in
      if accepted.edit.id.i == 1 { acts.append([]) }
      acts[acts.count - 1].append(accepted)
    }
  }

  /// The line of `accepted`.
  static func line(_ accepted: AcceptedEdit) -> String { EditLine.text(accepted) }

  /// The state after line `seq`, folded from the history.
  func state(_ seq: UInt64) -> LedgerState {
    edits.prefix(Int(seq)).reduce(into: LedgerState()) { state, accepted in _ = state.apply(accepted) }
  }

  /// A refused act of a replica that accepted nothing.
  static func shelved(_ n: UInt64) throws -> (act: Act, row: ShelvedRow) {
    var generator = Generator(seed: n)
    let replica = try #require(ReplicaID("sh7v3dact"))
    let act = generator.act(ActID(replica: replica, n: n))
    let row = ShelvedRow(id: act.id, digest: ContentDigest.of(act), answer: "shelve absent p15")
    return (act, row)
  }
}

extension HistoryBatch {
  /// The lines of `edits`.
  init(_ edits: some Sequence<AcceptedEdit>) {
    self.init(rows: edits.map { HistoryRow(seq: $0.seq, line: ByteBuffer(string: EditLine.text($0))) })
  }
}

extension HistoryRow {
  var text: String { String(buffer: line) }
}

extension ServerStore {
  /// The machine's part: folds `edits`, which follow `applied`, and writes behind what they imply.
  func writeBehind(_ edits: some Sequence<AcceptedEdit>, onto state: inout LedgerState) throws {
    var rows = DerivedRows(applied: applied)
    for accepted in edits { rows.note(accepted, changed: state.apply(accepted)) }
    try writeBehind(DerivedTables(rows))
  }

  /// What `load` visits, folded, with its facts.
  func loaded() throws -> (state: LedgerState, facts: LoadedFacts) {
    var state = LedgerState()
    let facts = try load { _ = state.apply($0) }
    return (state, facts)
  }
}
