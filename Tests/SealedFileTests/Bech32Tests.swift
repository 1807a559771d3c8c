import Testing

@testable import SealedFile

@Suite struct Bech32Tests {
  static let bytes = (0..<32).map { UInt8($0 * 7) }
  static let prefixes = ["age", "AGE-SECRET-KEY-"]

  @Test(arguments: prefixes) func whatIsSpelledIsReadBack(prefix: String) {
    for count in 0...64 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + count) }
      let text = Bech32.text(bytes, prefix: prefix)
      #expect(Bech32.bytes(text, prefix: prefix, count: count) == bytes)
    }
  }

  /// The check sum finds any one digit that is another, and any two that stand next to each other and changed places.
  @Test(arguments: prefixes) func everyMistypedDigitIsFound(prefix: String) {
    let text = Array(Bech32.text(Bech32Tests.bytes, prefix: prefix).utf8)
    for place in text.indices {
      for digit in UInt8(0x21)...0x7E where digit != text[place] {
        var mistyped = text
        mistyped[place] = digit
        #expect(read(mistyped, prefix) == nil)
      }
      guard place + 1 < text.count, text[place] != text[place + 1] else { continue }
      var swapped = text
      swapped.swapAt(place, place + 1)
      #expect(read(swapped, prefix) == nil)
    }
  }

  @Test(arguments: prefixes) func theOtherCaseIsRefused(prefix: String) {
    let text = Bech32.text(Bech32Tests.bytes, prefix: prefix)
    #expect(read(Array(text.lowercased().utf8), prefix) == (prefix == "age" ? Bech32Tests.bytes : nil))
    #expect(read(Array(text.uppercased().utf8), prefix) == (prefix == "age" ? nil : Bech32Tests.bytes))
  }

  @Test(arguments: prefixes) func anotherLengthIsRefused(prefix: String) {
    for count in [0, 31, 33, 64, 100_000] {
      let text = Bech32.text([UInt8](repeating: 5, count: count), prefix: prefix)
      #expect(Bech32.bytes(text, prefix: prefix, count: 32) == nil)
    }
    let text = Bech32.text(Bech32Tests.bytes, prefix: prefix)
    #expect(read(Array(text.dropLast().utf8), prefix) == nil)
    #expect(read(Array("\(text)q".utf8), prefix) == nil)
    #expect(read(Array(" \(text)".utf8), prefix) == nil)
  }

  @Test func anotherPrefixIsRefused() {
    let text = Bech32.text(Bech32Tests.bytes, prefix: "agf")
    #expect(Bech32.bytes(text, prefix: "agf", count: 32) == Bech32Tests.bytes)
    #expect(Bech32.bytes(text, prefix: "age", count: 32) == nil)
    // The sum is over the prefix too.
    #expect(Bech32.bytes("age" + text.dropFirst(3), prefix: "age", count: 32) == nil)
  }

  /// 32 bytes are 51 digits and one bit. The other four bits of the last digit mean nothing and are zero; here the check sum is
  /// right for what they are.
  @Test(arguments: [
    "age1hqddaasx75hcq0zdll8e60arkll565lhmn2fa0p55k6d68p0sfcptjxl3e",
    "age1hqddaasx75hcq0zdll8e60arkll565lhmn2fa0p55k6d68p0sfcggskxjk",
    "age1hqddaasx75hcq0zdll8e60arkll565lhmn2fa0p55k6d68p0sfc0ffpknn",
  ])
  func bitsThatMeanNothingAreZero(text: String) {
    #expect(Bech32.bytes(text, prefix: "age", count: 32) == nil)
  }

  private func read(_ text: [UInt8], _ prefix: String) -> [UInt8]? {
    Bech32.bytes(String(decoding: text, as: UTF8.self), prefix: prefix, count: 32)
  }
}
