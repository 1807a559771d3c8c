import EditModel
import LedgerTestKit
import LineProtocol
import Testing

@Suite struct ValueTextTests {
  @Test func vectorsAreReadAndWritten() throws {
    let table = try VectorTable("values", columns: 3)
    #expect(table.rows.count > 40)
    for row in table.rows {
      let value = row[0].withUnsafeBytes { ValueText.value($0) }
      guard !row.isRefused(1) else {
        #expect(value == nil, "\(row)")
        continue
      }
      let expected: EditValue = row.text(1) == "cleared" ? .cleared : .text(ExactString(row.text(2)))
      #expect(value == expected, "\(row)")
      #expect(Array(ValueText.text(expected).utf8) == row[0], "\(row)")
    }
  }

  @Test func everyControlIsRefused() throws {
    for number in Array(0..<0x20) + Array(0x7F...0x9F) {
      let scalar = try #require(Unicode.Scalar(UInt32(number)))
      let text = "a\(Character(scalar))b"
      let bytes = Array("a".utf8) + Array(String(scalar).utf8) + Array("b".utf8)
      #expect(bytes.withUnsafeBytes { ValueText.value($0) } == nil, "U+\(number)")
      #expect(ValueText.isAllowed(text) == (number == 0x09 || number == 0x0A), "U+\(number)")
    }
    #expect(!ValueText.isAllowed(""))
  }

  @Test func drawnValuesComeBack() {
    var generator = Generator(seed: 30)
    for _ in 0..<500 {
      let value = generator.value()
      let wire = Array(ValueText.text(value).utf8)
      #expect(wire.withUnsafeBytes { ValueText.value($0) } == value)
    }
  }

  @Test func whatIsReadIsWrittenTheSame() {
    // Every string of up to four of these bytes: what is accepted at all has one spelling.
    let alphabet = Array("\\nt-a ".utf8)
    var words: [[UInt8]] = [[]]
    for _ in 0..<4 {
      words += words.flatMap { word in alphabet.map { word + [$0] } }
    }
    var accepted = 0
    for word in Set(words) {
      guard let value = word.withUnsafeBytes({ ValueText.value($0) }) else { continue }
      accepted += 1
      #expect(Array(ValueText.text(value).utf8) == word)
    }
    #expect(accepted > 100)
  }
}
