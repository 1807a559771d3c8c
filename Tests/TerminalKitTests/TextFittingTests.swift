import Testing

@testable import TerminalKit

struct TextFittingTests {
  @Test(arguments: [
    ("整改台账", 8, "整改台账"), ("整改台账", 7, "整改台…"), ("整改台账", 6, "整改…"), ("整改台账", 1, "…"),
    ("整改台账", 0, ""), ("abc", 3, "abc"), ("abcd", 3, "ab…"), ("a台b", 3, "a…"), ("", 0, ""),
    ("e\u{301}x", 2, "e\u{301}x"),
  ])
  func truncatesWithoutSplittingWideCharacters(_ text: String, _ width: Int, _ expected: String) {
    #expect(text.truncated(toWidth: width) == expected)
  }

  @Test func truncatesWithoutEllipsisWhereItDoesNotFit() {
    #expect("台账".truncated(toWidth: 2, ellipsis: "...") == "台")
    #expect("台账".truncated(toWidth: 1, ellipsis: "...") == "")
  }

  @Test(arguments: [
    ("台账", TextAlignment.left, "台账  "), ("台账", .right, "  台账"), ("台账", .center, " 台账 "),
    ("台账表单", .left, "台账… "), ("a", .center, "  a   "),
  ])
  func padsToExactWidth(_ text: String, _ alignment: TextAlignment, _ expected: String) {
    let padded = text.padded(toWidth: 6, alignment: alignment)
    #expect(padded == expected)
    #expect(DisplayWidth.standard.of(padded) == 6)
  }

  @Test(arguments: [
    ("问题已整改，待复核。", 10, ["问题已整", "改，待复", "核。"]),
    ("见（附件一）", 8, ["见（附件", "一）"]),
    ("见到（附件）", 6, ["见到", "（附", "件）"]),
    ("the quick brown fox", 10, ["the quick", "brown fox"]),
    ("incomprehensible", 6, ["incomp", "rehens", "ible"]),
    ("第3批 v1.2 版", 6, ["第3批", "v1.2", "版"]),
    ("一\n\n二", 4, ["一", "", "二"]),
    ("", 4, [""]),
    ("台账", 1, ["台", "账"]),
  ])
  func wrapsTheChineseWay(_ text: String, _ width: Int, _ expected: [String]) {
    #expect(text.wrapped(toWidth: width) == expected)
  }

  @Test func wrappedLinesNeverPassTheWidth() {
    var generator = SeededGenerator(seed: 7)
    let alphabet = Array("台账，。（）a bc1“”😀\n")
    for _ in 0..<300 {
      let text = String((0..<40).map { _ in alphabet.randomElement(using: &generator) ?? "a" })
      let width = Int.random(in: 2...12, using: &generator)
      let lines = text.wrapped(toWidth: width)
      #expect(lines.allSatisfy { DisplayWidth.standard.of($0) <= width }, "\(text) in \(width)")
      #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " && $0 != "\n" })
    }
  }
}
