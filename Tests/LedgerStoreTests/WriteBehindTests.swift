import EditModel
import LedgerRules
import LedgerTestKit
import LineProtocol
import NIOCore
import Testing

@testable import LedgerStore

/// Whatever was written behind and when, the cells are those of the whole history.
@Suite struct WriteBehindTests {
  @Test(arguments: 1...12) func loadingEqualsFoldingTheHistory(seed: UInt64) throws {
    let sample = try LedgerSample(seed: seed, acts: 40)
    var generator = Generator(seed: seed)
    var store = try ServerStore(path: sample.path)
    var (state, stored) = (LedgerState(), 0)
    while stored < sample.edits.count {
      let next = min(sample.edits.count, stored + 1 + generator.number(below: 20))
      try store.append(HistoryBatch(sample.edits[stored..<next]))
      stored = next
      let behind = Int(store.applied) + generator.number(below: stored - Int(store.applied) + 1)
      try store.writeBehind(sample.edits[Int(store.applied)..<behind], onto: &state)
      if generator.isOnce(in: 3) {
        try store.close()
        store = try ServerStore(path: sample.path)
      }
      let loaded = try store.loaded()
      #expect(loaded.facts.applied == UInt64(behind))
      #expect(loaded.state == sample.state(UInt64(stored)))
    }
  }

  /// What makes it cheap to write many lines behind at once.
  @Test func linesOfOneEntityShareTheirRows() throws {
    let sample = try LedgerSample()
    let (state, entities) = (sample.state(UInt64(sample.edits.count)), Set(sample.edits.map(\.edit.entity)))
    var (folded, rows) = (LedgerState(), DerivedRows(applied: 0))
    for accepted in sample.edits { rows.note(accepted, changed: folded.apply(accepted)) }
    let tables = DerivedTables(rows)
    #expect(tables.lineCount == sample.edits.count && tables.applied == UInt64(sample.edits.count))
    #expect(tables.cells.count == state.canonicalLines().count)
    #expect(tables.touched.count == entities.count)
    #expect(tables.acts.count == Set(sample.edits.map(\.edit.id.replica)).count)
    #expect(tables.rowCount == tables.cells.count + tables.touched.count + tables.acts.count)
  }

  @Test(arguments: 1...3) func aReaderFoldsTheStateOfEverySeq(seed: UInt64) throws {
    let sample = try LedgerSample(seed: seed, acts: 12)
    let reader = try partlyWritten(sample)
    for seq in 0...UInt64(sample.edits.count) {
      #expect(try reader.state(through: seq) == sample.state(seq))
    }
  }

  @Test(arguments: 1...6) func theHistoryOfAnEntityIsWhole(seed: UInt64) throws {
    let sample = try LedgerSample(seed: seed)
    let reader = try partlyWritten(sample)
    let last = UInt64(sample.edits.count)
    for entity in Set(sample.edits.map(\.edit.entity)) {
      let expected = sample.edits.filter { $0.edit.entity == entity || .created($0.edit.id) == entity }
      #expect(try reader.wholeHistory(of: entity, through: last) == expected)
      #expect(try reader.wholeHistory(of: entity, through: last / 3) == expected.filter { $0.seq <= last / 3 })
      let field = try #require(expected.first).edit.field
      #expect(
        try reader.wholeHistory(of: entity, field: field, through: last) == expected.filter { $0.edit.field == field })
    }
  }

  @Test(arguments: 1...6) func aPageOfHistoryIsBounded(seed: UInt64) throws {
    let sample = try LedgerSample(seed: seed)
    let reader = try partlyWritten(sample)
    let last = UInt64(sample.edits.count)
    for entity in Set(sample.edits.map(\.edit.entity)) {
      let whole = try reader.history(of: entity, through: last)
      #expect(whole.next == nil)
      // Of one byte: a line a page.
      var seqs: [UInt64] = []
      var page = try reader.history(of: entity, through: last, limitBytes: 1)
      while let next = page.next {
        #expect(page.rows.count <= 1)
        seqs += page.rows.map(\.seq)
        page = try reader.history(of: entity, after: next, through: last, limitBytes: 1)
      }
      #expect(seqs + page.rows.map(\.seq) == whole.rows.map(\.seq))
    }
  }

  /// What an edit created is asked for by the edit's identity, and its history begins with that edit.
  @Test func theHistoryOfACreatedEntityBeginsWithItsCreation() throws {
    let sample = try LedgerSample()
    let reader = try partlyWritten(sample)
    for accepted in sample.edits {
      let history = try reader.wholeHistory(of: .created(accepted.edit.id), through: UInt64(sample.edits.count))
      #expect(history == [accepted] + sample.edits.filter { $0.edit.entity == .created(accepted.edit.id) })
    }
  }

  @Test(arguments: 1...6) func winnersOfEverySeqComeFirst(seed: UInt64) throws {
    let sample = try LedgerSample(seed: seed)
    let reader = try partlyWritten(sample)
    for seq in UInt64(sample.edits.count / 2)...UInt64(sample.edits.count) {
      let first = try reader.winningSeqs(through: seq)
      #expect(first == first.sorted() && Set(first).count == first.count)
      #expect(first.allSatisfy { $0 <= seq })
      #expect(Set(sample.state(seq).winners().map(\.seq)).isSubset(of: first))
    }
    // Long superseded lines are not among them, or a first sync would have no order.
    let all = try reader.winningSeqs(through: UInt64(sample.edits.count))
    #expect(all.count < sample.edits.count)
  }

  /// The whole history, half of it written behind.
  private func partlyWritten(_ sample: LedgerSample) throws -> HistoryReader {
    let store = try ServerStore(path: sample.path)
    try store.append(HistoryBatch(sample.edits))
    var state = LedgerState()
    try store.writeBehind(sample.edits.prefix(sample.edits.count / 2), onto: &state)
    return try store.reader()
  }
}

extension HistoryReader {
  /// The edits of all pages, each of a line or two.
  fileprivate func wholeHistory(
    of entity: EntityID, field: FieldName? = nil, through: UInt64
  ) throws -> [AcceptedEdit] {
    var edits: [AcceptedEdit] = []
    var after: UInt64? = 0
    while let place = after {
      let page = try history(of: entity, field: field, after: place, through: through, limitBytes: 200)
      edits += page.rows.compactMap { row in row.line.withUnsafeReadableBytes { EditLine.accepted($0) } }
      after = page.next
    }
    return edits
  }
}
