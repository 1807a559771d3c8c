import TerminalKit
import Testing

@testable import ClientCommands

/// A value's further lines stand under its first one.
@Suite struct HangingTextTests {
  @Test func furtherLinesStandUnderTheFirst() {
    let text = HangingText(head: "  进展：", body: "第一行\n第二行", tail: " *")
    // The head is eight columns wide: two spaces and three wide characters.
    #expect(text.lines(within: nil) == ["  进展：第一行", "        第二行 *"])
  }

  @Test func coloursTakeNoColumns() {
    let text = HangingText(head: "\u{1B}[2mab\u{1B}[0m  ", body: "x\ny")
    #expect(text.lines(within: nil, style: { "<\($0)>" }) == ["\u{1B}[2mab\u{1B}[0m  <x>", "    <y>"])
  }

  @Test func aHeadAloneIsOneLine() {
    #expect(HangingText(head: "  15/柳树湾村 [未开始]", body: "").lines(within: 10) == ["  15/柳树湾村 [未开始]"])
  }

  @Test func aWideHeadStandsAbove() {
    let text = HangingText(head: "  一个很长很长很长的标签：", body: "值")
    #expect(text.lines(within: 40) == ["  一个很长很长很长的标签：", "      值"])
    #expect(text.lines(within: 80) == ["  一个很长很长很长的标签：值"])
  }

  @Test(arguments: [40, 60, 80]) func noLineIsWider(width: Int) {
    let text = HangingText(head: "  进展：", body: String(repeating: "督促村里尽快补齐验收资料，", count: 9))
    let lines = text.lines(within: width)
    #expect(lines.count > 1)
    #expect(lines.allSatisfy { DisplayWidth.standard.of($0) <= width })
    #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("        ") && !$0.hasPrefix("         ") })
  }
}
