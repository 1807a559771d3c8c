import EditModel
import LedgerTestKit
import LineProtocol
import Testing

/// `protocol/vectors/merge.tsv`: who wins a cell, in every order of arrival.
@Suite struct MergeVectorTests {
  private struct Case {
    var rule = MergeRule.lastWriter
    var edits: [AcceptedEdit] = []
    var winner: AcceptedEdit?
  }

  private static let rules: [String: MergeRule] = [
    "last-writer": .lastWriter, "server-order": .serverOrder, "first-creation": .firstCreation,
  ]

  private func cases() throws -> [String: Case] {
    var cases: [String: Case] = [:]
    for row in try VectorTable("merge", columns: 4).rows {
      let accepted = try #require(EditLine.accepted(row.text(2)), "\(row)")
      var entry = cases[row.text(0)] ?? Case()
      entry.rule = try #require(MergeVectorTests.rules[row.text(1)], "\(row)")
      entry.edits.append(accepted)
      if row.text(3) == "yes" { entry.winner = accepted }
      cases[row.text(0)] = entry
    }
    return cases
  }

  @Test func winnerIsTheSameInEveryOrder() throws {
    let cases = try cases()
    #expect(cases.count > 8)
    for (name, entry) in cases {
      let winner = try #require(entry.winner, "case \(name)")
      for order in orders(entry.edits) {
        var cell = Cell(order[0])
        for accepted in order { cell.merge(accepted, by: entry.rule) }
        #expect(cell.winner == winner, "case \(name)")
      }
    }
  }

  private func orders(_ edits: [AcceptedEdit]) -> [[AcceptedEdit]] {
    guard edits.count > 1 else { return [edits] }
    return edits.indices.flatMap { index in
      var rest = edits
      let first = rest.remove(at: index)
      return orders(rest).map { [first] + $0 }
    }
  }
}
