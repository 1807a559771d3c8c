import EditModel
import LedgerTestKit
import Testing

/// The merge over generated histories: whatever the order, the copies and the grouping, the cells are the same.
@Suite struct CellTests {
  private typealias Entities = [EntityID: Cells]
  private static let rules: [MergeRule] = [.lastWriter, .serverOrder, .firstCreation]

  private func folded(_ edits: [AcceptedEdit], by rule: MergeRule) -> Entities {
    var entities: Entities = [:]
    for accepted in edits { entities[accepted.edit.entity, default: Cells()].merge(accepted, by: rule) }
    return entities
  }

  private func merged(_ left: Entities, _ right: Entities, by rule: MergeRule) -> Entities {
    var both = left
    for (entity, cells) in right { both[entity, default: Cells()].merge(cells) { _ in rule } }
    return both
  }

  private func histories(from seed: UInt64, _ body: (inout Generator, [AcceptedEdit], MergeRule) -> Void) {
    for seed in seed..<(seed + 20) {
      var generator = Generator(seed: seed)
      let acts = generator.history(replicas: 4, acts: 30)
      let accepted = generator.accepted(acts)
      for rule in CellTests.rules { body(&generator, accepted, rule) }
    }
  }

  @Test func mergeCommutes() {
    histories(from: 100) { generator, edits, rule in
      let inOrder = folded(edits, by: rule)
      #expect(folded(generator.shuffled(edits), by: rule) == inOrder)
      #expect(folded(edits.reversed(), by: rule) == inOrder)
    }
  }

  @Test func mergeAssociates() {
    histories(from: 200) { generator, edits, rule in
      let third = edits.count / 3
      let parts = [edits[..<third], edits[third..<(2 * third)], edits[(2 * third)...]].map { part in
        folded(Array(part), by: rule)
      }
      let leftFirst = merged(merged(parts[0], parts[1], by: rule), parts[2], by: rule)
      let rightFirst = merged(parts[0], merged(parts[1], parts[2], by: rule), by: rule)
      #expect(leftFirst == rightFirst)
      #expect(leftFirst == folded(edits, by: rule))
    }
  }

  @Test func mergeIsIdempotent() {
    histories(from: 300) { generator, edits, rule in
      let once = folded(edits, by: rule)
      #expect(folded(edits + generator.shuffled(edits), by: rule) == once)
      #expect(merged(once, once, by: rule) == once)
    }
  }

  @Test func winnerIsTheGreatestOfItsCell() {
    histories(from: 400) { _, edits, rule in
      for (entity, cells) in folded(edits, by: rule) {
        for (field, cell) in cells.all {
          let candidates = edits.filter { $0.edit.entity == entity && $0.edit.field == field }
          let seqs = candidates.map(\.seq)
          switch rule {
          case .lastWriter:
            #expect(candidates.allSatisfy { !(EditOrder(cell.winner.edit) < EditOrder($0.edit)) })
          case .serverOrder: #expect(cell.winner.seq == seqs.max())
          case .firstCreation: #expect(cell.winner.seq == seqs.min())
          }
        }
      }
    }
  }

  @Test func mergeSaysWhetherItWon() {
    histories(from: 500) { _, edits, rule in
      var cells: Entities = [:]
      for accepted in edits {
        let entity = accepted.edit.entity
        let before = cells[entity]?[accepted.edit.field]?.winner
        let won = cells[entity, default: Cells()].merge(accepted, by: rule)
        #expect(won == (cells[entity]?[accepted.edit.field]?.winner != before))
      }
    }
  }

  @Test func actsOfHistoriesAreWhole() {
    var generator = Generator(seed: 7)
    var last: [ReplicaID: UInt64] = [:]
    for act in generator.history(replicas: 3, acts: 200) {
      #expect((try? Act(edits: act.edits)) == act)  // a throw is nil, which is not the act
      #expect(act.id.n == last[act.id.replica, default: 0] + 1)
      last[act.id.replica] = act.id.n
    }
  }

  @Test func orderOfEditsIsTotal() {
    var generator = Generator(seed: 8)
    let edits = generator.history(replicas: 3, acts: 40).flatMap(\.edits)
    for left in edits {
      for right in edits {
        let (first, second) = (EditOrder(left), EditOrder(right))
        #expect([first < second, second < first, left.id == right.id].filter(\.self).count == 1)
      }
    }
  }
}
