import Foundation
import Testing

@testable import SealedFile

@Suite struct RawBase64Tests {
  @Test func itIsBase64WithoutPadding() {
    for count in 0...100 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 91 + count * 13) }
      let text = Data(bytes).base64EncodedString().filter { $0 != "=" }
      #expect(RawBase64.text(bytes) == text)
      #expect(RawBase64.bytes(text.utf8) == bytes)
    }
  }

  @Test(arguments: ["A", "AA==", "AAA=", "AAAAA", "A A", "AA\n", "AA-_", "AÄ", "AB", "AAB", "AP", "AA/"])
  func whatIsNotTheOneSpellingIsRefused(text: String) {
    #expect(RawBase64.bytes(text.utf8) == nil)
  }
}
