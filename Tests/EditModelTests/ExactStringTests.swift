import EditModel
import Testing

@Suite struct ExactStringTests {
  @Test func equalMeansEqualBytes() {
    let composed = ExactString("é")
    let decomposed = ExactString("e\u{301}")
    #expect(composed.string == decomposed.string, "Swift's own comparison normalises")
    #expect(composed != decomposed)
    #expect(composed.byteCount == 2)
    #expect(decomposed.byteCount == 3)
    #expect(Set([composed, decomposed]).count == 2)
    #expect(decomposed < composed, "0x65 is below 0xC3")
  }

  @Test(
    arguments: [
      [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF], [0x80], [0xE6, 0x9D], [0xE0, 0x80, 0xAF],
    ] as [[UInt8]])
  func refusesBrokenUTF8(_ bytes: [UInt8]) {
    #expect(bytes.withUnsafeBytes { ExactString(bytes: $0) } == nil)
  }

  @Test func keepsEveryByte() {
    let text = "已完成\u{FEFF}\u{A0}\u{10FFFF}"
    let bytes = Array(text.utf8)
    #expect(bytes.withUnsafeBytes { ExactString(bytes: $0) }.map { Array($0.string.utf8) } == bytes)
  }
}
