import EditModel
import Testing

/// Bytes are decoded by repairing and comparing, and compared eight at a time.
struct ExactBytesTests {
  /// Each is repaired to a text, some to one of the same length.
  @Test(
    arguments: [[0xF0, 0x9F, 0x98], [0xE8, 0xB4], [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xBF]] as [[UInt8]])
  func refusesWhatIsNotText(flaw: [UInt8]) {
    for length in 0...20 {
      for place in 0...length {
        var bytes = [UInt8](repeating: UInt8(ascii: "a"), count: length)
        bytes.insert(contentsOf: flaw, at: place)
        #expect(bytes.withUnsafeBytes { ExactString(bytes: $0) } == nil, "\(bytes)")
      }
    }
  }

  @Test func tellsTextsApartAtEveryPlace() {
    for length in 1...40 {
      let text = String(repeating: "a", count: length)
      #expect(ExactString(text) == ExactString(String(repeating: "a", count: length)))
      for place in 0..<length {
        let other = String(repeating: "a", count: place) + "b" + String(repeating: "a", count: length - place - 1)
        #expect(ExactString(text) != ExactString(other))
      }
    }
  }

  @Test func keepsTheReplacementCharacterThatWasWritten() {
    let text = "a\u{FFFD}b"
    #expect(Array(text.utf8).withUnsafeBytes { ExactString(bytes: $0) } == ExactString(text))
  }
}
