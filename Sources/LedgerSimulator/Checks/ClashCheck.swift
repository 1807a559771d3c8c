import EditModel
import LedgerRules
import LedgerStore

extension SimWorld {
  /// That `store` shows the clashes of the lines that its seat sees, as the definition has them.
  func compareClashes(
    _ client: SimClient, _ store: ReplicaStore, _ visible: [HistoryLine]
  ) throws(StoreError) {
    let wanted = ClashLaw.clashes(among: visible)
    figures.clashes = max(figures.clashes, wanted.count)
    let found = try store.clashes().map { "\($0.beaten.seq) \($0.winner.seq)" }
    if found != wanted { fail("client \(client.index) shows the clashes \(found), which are \(wanted)") }
  }
}

/// What a clash is by `protocol/05-merge.md`, written down again on purpose.
enum ClashLaw {
  /// `BEATEN WINNER` of each clash, as seqs, in the order of the server.
  static func clashes(among lines: [HistoryLine]) -> [String] {
    let fields = lines.filter { $0.creation == nil }
    let cells = Dictionary(grouping: fields) { "\($0.entity) \($0.field)" }
    var found: [(beaten: UInt64, winner: UInt64)] = []
    for edits in cells.values where !edits[0].field.hasPrefix("settled/") {
      guard let winner = winner(of: edits) else { continue }
      for leaf in edits where leaf.seq != winner.seq && leaf.value != winner.value {
        let isBuiltOn = edits.contains { $0.base == leaf.id && $0.id != leaf.id }
        let parts = leaf.act.split(separator: ".")
        let mark = cells["\(leaf.entity) settled/\(leaf.field)/\(parts[0])/\(parts[1])/\(leaf.index)"] ?? []
        if !isBuiltOn, self.winner(of: mark)?.value != "yes" { found.append((leaf.seq, winner.seq)) }
      }
    }
    return found.sorted { $0.beaten < $1.beaten }.map { "\($0.beaten) \($0.winner)" }
  }

  private static func winner(of edits: [HistoryLine]) -> HistoryLine? {
    edits.reduce(nil) { best, edit in best.map { edit.outdoes($0) ? edit : $0 } ?? edit }
  }
}
