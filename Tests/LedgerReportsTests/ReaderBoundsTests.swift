import LedgerReports
import Testing

/// Any text gives a value: no crash, no endless work. Time itself is not asserted.
struct ReaderBoundsTests {
  /// SplitMix64: the same changes on every machine.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  private static let signs = Array(
    "（一）1.(1)①⑴㈠“”‘’《》\"、。；：:;\n\r 　\u{A0}等6个村问题方面针对关于一是二是2023年13月45日整改措施责任单位9999999")

  @Test(arguments: 0..<24) func readsDamagedText(_ seed: Int) {
    var generator = Generator(state: UInt64(seed))
    var signs = Array(ReportData.sample)
    for _ in 0..<(20 << (seed % 5)) {
      let position = Int.random(in: 0..<signs.count, using: &generator)
      let length = min(Int.random(in: 0...12, using: &generator), signs.count - position)
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: signs.removeSubrange(position..<position + length)
      case 1:
        signs.insert(
          contentsOf: signs[position..<position + length],
          at: Int.random(in: 0...signs.count, using: &generator))
      case 2: signs[position] = Self.signs[Int.random(in: 0..<Self.signs.count, using: &generator)]
      default: signs.swapAt(position, Int.random(in: 0..<signs.count, using: &generator))
      }
    }
    let report = ReportReader.read(String(signs))
    #expect(report.problems.map(\.position) == Array(1..<report.problems.count + 1))
    #expect(report.problems.allSatisfy { ($0.aspect ?? 1) <= max(report.aspects.count, 1) })
    #expect(report.warnings.map(\.line) == report.warnings.map(\.line).sorted())
  }

  @Test(arguments: [
    "", "\n", "（", "“", "1.", "(1)", "一、", "①", "《", "等6个村", "针对“", "问题1：", "整改措施：", "9月",
    "99999999日",
  ])
  func readsScraps(_ text: String) {
    let report = ReportReader.read(text)
    #expect(report.problems.allSatisfy { $0.measures.isEmpty })
    #expect(report.warnings.contains { $0.code == .noProblems } != !report.problems.isEmpty)
  }

  @Test(arguments: ["村", "“", "《", "（一）", "1.", "由", "办公室", "一是", "2023年", "等6个村", "李家沟村、"])
  func readsEndlessRepetition(_ piece: String) {
    let text = "（一）关于作风方面\n1.针对“某某”问题\n一是" + String(repeating: piece, count: 4000)
    let report = ReportReader.read(text + "\n" + String(repeating: piece + "\n", count: 1000))
    #expect(report.paragraphs.count > 1)
  }

  /// The work grows with the text and not with its square: each of these once took minutes.
  @Test(arguments: [
    ("1.“某", "问题"), ("", "2023年9月12日"), ("1.针对“某某”问题\n责任单位：", "。"), ("1.针对“某某”问题\n", "一是某某。\n"),
    ("反馈问题", "已完成1个问题，"), ("县委巡察组对", "9月1日至"),
  ])
  func readsLongTexts(_ start: String, _ piece: String) {
    let report = ReportReader.read(start + String(repeating: piece, count: 200_000 / piece.utf8.count))
    #expect(!report.paragraphs.isEmpty)
  }

  @Test func refusesTextOverTheLimit() {
    let limit = LedgerReports.reportLimitBytes
    let over = ReportReader.read(String(repeating: "\n", count: limit + 1))
    #expect(over.warnings.map(\.code) == [.tooLong])
    #expect(over.paragraphs.isEmpty)
  }
}
