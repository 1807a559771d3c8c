import Glibc
import Testing

@testable import TerminalKit

struct DisplayWidthTests {
  @Test(arguments: [
    ("a", 1), ("台", 2), ("，", 2), ("Ａ", 2), ("ｱ", 1), ("한", 2), ("e\u{301}", 1), ("\u{301}", 0), ("\u{200D}", 0),
    ("\u{FE0F}", 0), ("😀", 2), ("👨‍👩‍👧", 2), ("👍🏽", 2), ("🇨🇳", 2), ("❤\u{FE0F}", 2), ("1\u{FE0F}\u{20E3}", 2),
    ("\n", 0), ("\r\n", 0), ("\u{1B}", 0), ("\u{85}", 0), ("─", 1), ("…", 1), ("①", 1), ("\u{1100}\u{1161}\u{11A8}", 2),
    ("𠮷", 2), ("〇", 2), ("\u{AD}", 1),
  ])
  func measuresCharacters(_ text: String, _ width: Int) {
    #expect(DisplayWidth.standard.of(text) == width)
    #expect(text.map { DisplayWidth.standard.of($0) } == [width])
  }

  @Test func measuresTextAsTheSumOfItsCharacters() {
    #expect(DisplayWidth.standard.of("整改台账 v1，第3批") == 18)
    #expect(DisplayWidth.standard.of("") == 0)
  }

  @Test(arguments: [
    "", "plain ~", "村级账目、不清。", "ＡＢ！～", "中e\u{301}文", "a\u{301}", "中\u{FE0F}", "1\u{FE0F}\u{20E3}", "中\u{200D}文",
    "a\r\nb", "\u{7F}a", "…①", "👨‍👩‍👧", "\u{3000}全", "か\u{3099}",
  ])
  func aPlainTextIsMeasuredAsItsCharactersAre(text: String) {
    for measure in [DisplayWidth.standard, DisplayWidth(ambiguousIsWide: true)] {
      #expect(measure.of(text) == text.reduce(0) { $0 + measure.of($1) })
    }
  }

  @Test func ambiguousIsWideOnlyWhenAsked() {
    let wide = DisplayWidth(ambiguousIsWide: true)
    #expect("…①─α“".map { wide.of($0) } == [2, 2, 2, 2, 2])
    #expect("…①─α“".map { DisplayWidth.standard.of($0) } == [1, 1, 1, 1, 1])
    #expect(wide.of("abc台账") == 7)
  }

  @Test func namesTheVersionThatItIsComparedBy() {
    #expect(WidthTable.unicodeVersion == "15.0.0")
  }

  @Test(arguments: [WidthTable.zero, WidthTable.wide, WidthTable.ambiguous])
  func tablesAscend(_ pairs: [UInt32]) {
    #expect(pairs.count.isMultiple(of: 2))
    #expect(zip(pairs, pairs.dropFirst()).enumerated().allSatisfy { $0 % 2 == 0 ? $1.0 <= $1.1 : $1.0 < $1.1 })
  }

  /// Where some releases of the C library say otherwise, and why; their table is their own, made elsewhere.
  private static let knownDifferences: [(range: ClosedRange<UInt32>, reason: String)] = [
    (0x3248...0x324F, "circled numbers on black squares: ambiguous in Unicode, wide in the library"),
    (0x4DC0...0x4DFF, "hexagrams: narrow in Unicode 15, wide in the library and in Unicode 16"),
    (0x2630...0x2637, "trigrams: wide since Unicode 16"),
    (0x268A...0x268F, "monograms and digrams: wide since Unicode 16"),
    (0x1D300...0x1D376, "Tai Xuan Jing symbols and counting rods: wide since Unicode 16"),
    (0x00AD...0x00AD, "soft hyphen: shown by terminals, 0 or 1 by release"),
  ]

  /// Whether the scalar is in the version of Unicode that our table was made from.
  private func isKnown(_ scalar: Unicode.Scalar) -> Bool {
    guard let age = scalar.properties.age else { return false }
    return (age.major, age.minor) <= (15, 0)
  }

  @Test func agreesWithTheCLibrary() throws {
    let entry = try #require(dlsym(dlopen(nil, RTLD_NOW), "wcwidth"))
    let libraryWidth = unsafeBitCast(entry, to: (@convention(c) (wchar_t) -> Int32).self)
    // LC_CTYPE of this thread only; other tests keep theirs.
    let locale = try #require(newlocale(1 << LC_CTYPE, "C.UTF-8", nil), "the system has no C.UTF-8 locale")
    let before = uselocale(locale)
    defer {
      uselocale(before)
      freelocale(locale)
    }
    var compared = 0
    var differing: [String] = []
    for scalar in (UInt32(0x20)...0x20FFF).lazy.compactMap(Unicode.Scalar.init) {
      let theirs = libraryWidth(wchar_t(bitPattern: scalar.value))
      // A library that is older knows fewer scalars, one that is newer more; both refuse controls.
      let ours = DisplayWidth.standard.of(scalar)
      if theirs < 0 || !isKnown(scalar) { continue }
      compared += 1
      if ours == Int(theirs) || Self.knownDifferences.contains(where: { $0.range.contains(scalar.value) }) { continue }
      differing.append("\(String(scalar.value, radix: 16)): \(ours), not \(theirs)")
    }
    #expect(differing == [])
    #expect(compared > 80_000)
  }
}
