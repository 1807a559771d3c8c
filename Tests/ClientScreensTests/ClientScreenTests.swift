import EditModel
import LedgerRules
import TerminalKit
import Testing

@testable import ClientScreens

struct ClientScreenTests {
  private static func press(
    _ screen: inout ClientScreen, _ keys: [Key]
  ) -> [ScreenEffect<
    BoardEffect
  >] {
    keys.flatMap { screen.update(.input(.key($0))) }
  }

  private static func lines(_ screen: ClientScreen) -> [String] {
    screen.draw(size: .standard).text
  }

  @Test(arguments: [Key.character("q"), .escape, .control("c")])
  func leaves(key: Key) throws {
    var screen = try BoardGoldenTests.screen()
    guard case .leave? = Self.press(&screen, [key]).first else {
      Issue.record("\(key) did not leave")
      return
    }
  }

  @Test func goesThroughSectionsRoundAndRound() throws {
    var screen = try BoardGoldenTests.screen()
    let first = Self.lines(screen)
    _ = Self.press(&screen, [.tab])
    #expect(Self.lines(screen).contains { $0.contains("[科室]") })
    _ = Self.press(&screen, Array(repeating: .tab, count: BoardSection.allCases.count - 1))
    #expect(Self.lines(screen) == first)
    _ = Self.press(&screen, [.backTab, .right])
    #expect(Self.lines(screen) == first)
  }

  @Test func marksRowWithinList() throws {
    var page = BoardPage(look: Look(language: .chinese), since: nil)
    page.receive(.figures(BoardFigures(try SmallLedger.town().sources())))
    #expect(page.press(.down) == nil)
    #expect(page.cursor(of: .aspects).row == 1)
    _ = page.press(Key(.end))
    #expect(page.cursor(of: .aspects).row == 2)
    _ = page.press(.down)
    #expect(page.cursor(of: .aspects).row == 2)
    _ = page.press(Key(.home))
    #expect(page.cursor(of: .aspects).row == 0)
  }

  @Test func asksForCountFromToday() throws {
    var screen = try BoardGoldenTests.screen()
    guard case .perform(.count(let since))? = Self.press(&screen, [.character("s")]).first else {
      Issue.record("nothing was asked")
      return
    }
    #expect(since == CivilDate("2023-11-21"))
    #expect(Self.lines(screen).last == " 正在重新计数…")
    #expect(Self.press(&screen, [.character("s")]).isEmpty, "it is asked already")
    #expect(Self.lines(screen).last == " 已经标出了。")
  }

  @Test func saysWhyKeyDoesNothing() throws {
    var screen = try BoardGoldenTests.screen()
    #expect(Self.press(&screen, [.character("c")]).isEmpty)
    #expect(Self.lines(screen).last == " 没有标出变动。")
  }

  @Test func opensBeforeFirstFigures() {
    let screen = ClientScreen(look: Look(language: .chinese))
    #expect(Self.lines(screen).contains { $0.contains("正在打开台账") })
  }

  @Test func helpNamesEveryNumberAndEveryKey() throws {
    var screen = try BoardGoldenTests.screen()
    _ = Self.press(&screen, [.character("?")])
    let text = screen.draw(size: GridSize(width: 100, height: 200)).text.joined(separator: "\n")
    for definition in NumberDefinition.allCases { #expect(text.contains(definition.label.chinese)) }
    for binding in BoardPage.bindings { #expect(text.contains(binding.caption)) }
    #expect(text.contains("[没有标出变动。]"), "a key that does nothing now says why")
    #expect(Self.press(&screen, [.escape]).isEmpty)
    #expect(Self.lines(screen).contains { $0.contains("[方面]") })
  }

  @Test func noKeyIsBoundTwice() {
    let keys = BoardPage.bindings.flatMap(\.keys)
    #expect(Set(keys).count == keys.count)
  }

  @Test func showsNewActAsItComes() throws {
    var ledger = try SmallLedger.town()
    var page = BoardPage(look: Look(language: .chinese), since: nil)
    page.receive(.figures(BoardFigures(ledger.sources())))
    let before = try #require(page.seenThrough)
    try ledger.act(
      "shimengou", at: SmallLedger.moment(days: 1, minutes: 64), [("p3", "note", "已联系施工队")])
    page.receive(.figures(BoardFigures(ledger.sources())))
    #expect(page.draw(size: .standard).text.contains { $0.contains("shimengou 3 进展：已联系施工队") })
    #expect(page.figures?.latest.first.map { $0.seq > before } == true)
  }

  @Test func drawsAtAnySize() throws {
    var screen = try BoardGoldenTests.screen(since: "2023-11-21")
    for _ in BoardSection.allCases {
      for width in [0, 1, 5, 20, 40, 72, 119, 120, 200] {
        for height in [0, 1, 2, 3, 10, 20, 34, 60] {
          let size = GridSize(width: width, height: height)
          #expect(screen.draw(size: size).size == size)
        }
      }
      _ = screen.update(.input(.key(.tab)))
    }
  }
}
