import EditModel
import Testing

/// Decimals and base-32 digits.
@Suite struct DigitsTests {
  @Test(
    arguments: [
      ("0", 0), ("1", 1), ("10", 10), ("9007199254740992", 9_007_199_254_740_992),
      ("999999999999999999", 999_999_999_999_999_999),
    ] as [(String, UInt64)])
  func readsCanonicalDecimals(_ text: String, _ number: UInt64) {
    #expect(Decimal.number(text) == number)
  }

  @Test(arguments: ["", "00", "01", "-1", "+1", "1 ", " 1", "1.0", "1e3", "１", "1000000000000000000", "0x1"])
  func refusesOtherDecimals(_ text: String) {
    #expect(Decimal.number(text) == nil)
  }

  @Test func crockfordKnowsOneSpelling() {
    for (value, digit) in Crockford.digits.enumerated() {
      #expect(Crockford.value(of: digit) == UInt64(value))
    }
    for letter in "ilouABCXYZ !".utf8 { #expect(Crockford.value(of: letter) == nil) }
    #expect(Crockford.text(31, digits: 3) == "00z")
    #expect(Crockford.text(32, digits: 3) == "010")
    #expect(Crockford.text(1 << 15, digits: 3) == "000", "only the lowest digits are written")
  }
}
