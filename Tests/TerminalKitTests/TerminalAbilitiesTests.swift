import Testing

@testable import TerminalKit

struct TerminalAbilitiesTests {
  @Test(arguments: [
    (["TERM": "xterm-256color"], ColorDepth.ansi256), (["TERM": "xterm"], .ansi16), (["TERM": "dumb"], .none),
    ([:], .none), (["TERM": "xterm", "COLORTERM": "truecolor"], .ansi256), (["TERM": "vt100", "NO_COLOR": "1"], .none),
    (["TERM": "vt100", "NO_COLOR": ""], .ansi16),
  ])
  func readsColors(_ environment: [String: String], _ colors: ColorDepth) {
    #expect(TerminalAbilities(environment: environment).colors == colors)
  }

  @Test(arguments: [
    (["LANG": "zh_CN.UTF-8"], Glyphs.unicode), (["LANG": "zh_CN.utf8"], .unicode), (["LANG": "zh_CN.GBK"], .ascii),
    (["LANG": "zh_CN.UTF-8", "LC_ALL": "zh_CN.GB18030"], .ascii),
    (["LANG": "zh_CN.GBK", "LC_CTYPE": "C.UTF-8"], .unicode),
    ([:], .unicode), (["LC_ALL": "", "LANG": "C"], .unicode),
  ])
  func readsTheEncoding(_ environment: [String: String], _ glyphs: Glyphs) {
    #expect(TerminalAbilities(environment: environment).glyphs == glyphs)
  }
}
