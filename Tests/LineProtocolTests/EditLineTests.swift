import EditModel
import LedgerTestKit
import LineProtocol
import NIOCore
import Testing

@Suite struct EditLineTests {
  @Test func authorVectorsAreReadAndWritten() throws {
    let table = try VectorTable("authors", columns: 2)
    #expect(table.rows.count > 40)
    for row in table.rows {
      let edit = row[0].withUnsafeBytes { EditLine.edit($0) }
      #expect((edit == nil) == row.isRefused(1), "\(row)")
      if let edit { #expect(Array(EditLine.text(edit).utf8) == row[0], "\(row)") }
    }
  }

  @Test func drawnEditsComeBack() {
    var generator = Generator(seed: 40)
    for n in 1...300 {
      let act = generator.act(ActID(replica: generator.replica(), n: UInt64(n)))
      for edit in act.edits {
        #expect(EditLine.edit(EditLine.text(edit)) == edit)
        #expect(AuthorLine(AuthorLine(edit).bytes)?.edit == edit)
      }
      for accepted in generator.accepted([act]) {
        #expect(EditLine.accepted(EditLine.text(accepted)) == accepted)
      }
    }
  }

  @Test(arguments: [(-1, true), (0, true), (1, false)])
  func authorsPartLimitCountsBytes(_ over: Int, _ isRead: Bool) {
    let head = "q2w8rt5n.7/1 1 01hfn7ysv0000 0 - p15 progress "
    let text = head + String(repeating: "x", count: Limits.authorBytes - head.utf8.count + over)
    #expect((EditLine.edit(text) != nil) == isRead)
    let line = "1831 01hfn7ysv0000 dangzheng " + text
    #expect((EditLine.accepted(line) != nil) == isRead)
  }

  @Test func longestLineOfAServerFits() {
    let seat = String(repeating: "a", count: Name.byteLimit)
    let prefix = "+ 9007199254740991 01hfn7ysv0000 \(seat) "
    #expect(prefix.utf8.count + Limits.authorBytes <= Limits.lineBytes)
    let tagged = String(repeating: "t", count: Limits.tagBytes) + " row " + prefix.dropFirst(2)
    #expect(tagged.utf8.count + Limits.authorBytes <= Limits.lineBytes)
  }

  @Test func oneByteChangedIsNeverASecondSpelling() {
    var generator = Generator(seed: 41)
    let act = generator.act(ActID(replica: generator.replica(), n: 1), size: 1)
    let bytes = Array(EditLine.text(act.edits[0]).utf8)
    for position in bytes.indices {
      for byte in [0x00, 0x20, 0x30, 0x2F, 0x5C, 0x80, 0xFF] as [UInt8] where bytes[position] != byte {
        var changed = bytes
        changed[position] = byte
        guard let edit = changed.withUnsafeBytes({ EditLine.edit($0) }) else { continue }
        #expect(Array(EditLine.text(edit).utf8) == changed)
      }
    }
  }
}
