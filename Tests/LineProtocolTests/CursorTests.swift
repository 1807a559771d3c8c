import EditModel
import LedgerTestKit
import LineProtocol
import Testing

@Suite struct CursorTests {
  @Test func epochVectorsAreReadAndWritten() throws {
    let table = try VectorTable("epochs", columns: 3)
    #expect(table.rows.count > 15)
    for row in table.rows {
      let epoch = Epoch(row.text(0))
      guard !row.isRefused(1) else {
        #expect(epoch == nil, "\(row)")
        continue
      }
      #expect(epoch.map { "\($0.generation)" } == row.text(1), "\(row)")
      #expect(epoch.map { String($0.id, radix: 16) } == row.text(2), "\(row)")
      #expect(epoch?.description == row.text(0), "\(row)")
    }
  }

  @Test func cursorVectorsAreReadAndWritten() throws {
    let table = try VectorTable("cursors", columns: 3)
    #expect(table.rows.count > 10)
    for row in table.rows {
      let cursor = Cursor(row.text(0))
      guard !row.isRefused(1) else {
        #expect(cursor == nil, "\(row)")
        continue
      }
      #expect(cursor?.epoch.description == row.text(1), "\(row)")
      #expect(cursor.map { "\($0.seq)" } == row.text(2), "\(row)")
      #expect(cursor?.description == row.text(0), "\(row)")
    }
  }

  @Test func longestCursorFits() {
    let mark = ViewMark(of: ["village_clerk", "张百万村"])
    let cursor = Cursor(epoch: Epoch(generation: 999_999_999, id: .max), seq: EditID.counterLimit, view: mark)
    #expect(cursor.description.utf8.count <= Limits.cursorBytes)
    #expect(Cursor(cursor.description) == cursor)
    let within = Cursor(
      epoch: cursor.epoch, seq: EditID.counterLimit - 1, view: mark,
      partWay: PartWay(kind: .moved, through: EditID.counterLimit, place: .others(EditID.counterLimit)))
    #expect(within.description.utf8.count <= Limits.cursorBytes)
    #expect(Cursor(within.description) == within)
  }
}
