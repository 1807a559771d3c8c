import EditModel
import LedgerRules
import LedgerStore
import LedgerTestKit
import LineProtocol
import Testing

/// `protocol/vectors/clashes.tsv`: which lines are clashes, in whatever order a replica gets them.
@Suite struct ClashVectorTests {
  private struct Case {
    var lines: [AcceptedEdit] = []
    var clashes: [EditID] = []
  }

  private func cases() throws -> [String: Case] {
    var cases: [String: Case] = [:]
    for row in try VectorTable("clashes", columns: 3).rows {
      let accepted = try #require(EditLine.accepted(row.text(1)), "\(row)")
      cases[row.text(0), default: Case()].lines.append(accepted)
      if row.text(2) == "yes" { cases[row.text(0), default: Case()].clashes.append(accepted.edit.id) }
    }
    return cases
  }

  @Test func clashesAreTheSameInEveryOrder() throws {
    let cases = try cases()
    #expect(cases.count > 12)
    for (name, vector) in cases {
      for order in orders(vector.lines) {
        for isFirst in [true, false] {
          let folder = ReplicaFolder()
          let store = try folder.created()
          try store.begin(#require(Epoch("g1.e5f2a90c41d7b366")))
          // Behind a first cursor each line is looked at as it comes, else all together.
          if !isFirst { _ = try store.apply([], reached: (0, "a")) }
          for line in order { _ = try store.apply([line], reached: nil) }
          _ = try store.apply([], reached: (9, "b"))
          #expect(try store.clashes().map(\.id) == vector.clashes, "case \(name)")
        }
      }
    }
  }

  private func orders(_ lines: [AcceptedEdit]) -> [[AcceptedEdit]] {
    guard lines.count > 1 else { return [lines] }
    return lines.indices.flatMap { index in
      var rest = lines
      let first = rest.remove(at: index)
      return orders(rest).map { [first] + $0 }
    }
  }
}
