import EditModel
import LedgerClient
import LedgerReports
import LedgerRules
import LedgerTestKit
import TerminalKit
import Testing

@testable import ClientScreens

/// Whole pictures, compared with the texts in `Golden`. A picture that is meant to change is taken from the failure.
struct BoardGoldenTests {
  static func screen(
    _ look: Look = Look(language: .chinese), since: String? = nil,
    connection: BoardConnection = .online
  ) throws -> ClientScreen {
    let sources = try SmallLedger.town().sources(since: since)
    var screen = ClientScreen(look: look, since: sources.since)
    _ = screen.update(.news(.figures(BoardFigures(sources))))
    _ = screen.update(.news(.connection(connection)))
    return screen
  }

  private static func golden(_ name: String) throws -> String {
    try ProjectFile.text("Tests/ClientScreensTests/Golden/\(name).txt")
  }

  private static func text(_ grid: CellGrid) -> String { grid.text.joined(separator: "\n") + "\n" }

  @Test(arguments: [
    GridSize(width: 80, height: 24), GridSize(width: 160, height: 50),
    GridSize(width: 40, height: 10),
  ])
  func drawsBoard(size: GridSize) throws {
    let screen = try Self.screen(since: "2023-11-21")
    #expect(
      try Self.text(screen.draw(size: size)) == Self.golden("board-\(size.width)x\(size.height)"))
  }

  @Test func drawsVillagesInEnglishOffline() throws {
    var screen = try Self.screen(Look(language: .english), connection: .offline(.timedOut))
    for _ in 0..<2 { _ = screen.update(.input(.key(.tab))) }
    #expect(try Self.text(screen.draw(size: .standard)) == Self.golden("villages-english"))
  }

  @Test func saysWhenItTriesAgain() throws {
    var screen = try Self.screen(Look(language: .english), connection: .offline(.closed))
    let now = Stamp(milliseconds: 1_700_000_000_000)
    _ = screen.update(.news(.clock(now)))
    _ = screen.update(.news(.nextTry(.at(Stamp(milliseconds: now.milliseconds + 11_200)))))
    let wide = GridSize(width: 120, height: 34)
    #expect(Self.text(screen.draw(size: wide)).contains("connection closed · next try in 12 s"))
    _ = screen.update(.news(.clock(Stamp(milliseconds: now.milliseconds + 60_000))))
    #expect(Self.text(screen.draw(size: wide)).contains("trying"))
    _ = screen.update(.news(.connection(.online)))
    _ = screen.update(.news(.nextTry(nil)))
    #expect(!Self.text(screen.draw(size: wide)).contains("try"))
  }

  @Test func sendsAsciiAloneToTerminalOfOtherEncoding() throws {
    let look = Look(language: .chinese, environment: ["TERM": "xterm", "LC_ALL": "zh_TW.Big5"])
    let text = Self.text(try Self.screen(look).draw(size: .standard))
    #expect(text.utf8.allSatisfy { $0 < 0x80 })
    #expect(try text == Self.golden("board-big5"))
  }

  /// Where GBK is read there is Chinese, and no line or block that would be drawn two columns wide.
  @Test func sendsChineseWithLinesOfASCIIToTerminalOfGBK() throws {
    let look = Look(language: .chinese, environment: ["TERM": "xterm", "LC_ALL": "zh_CN.GBK"])
    let text = Self.text(try Self.screen(look).draw(size: .standard))
    #expect(try text == Self.golden("board-gbk"))
    #expect(text.contains("概况") && !text.unicodeScalars.contains { (0x2500...0x259F).contains($0.value) })
  }

  @Test func printsPage() throws {
    let figures = BoardFigures(try SmallLedger.town().sources(since: "2023-11-21"))
    let lines = BoardPaper(figures, look: Look(language: .chinese)).lines(.online)
    #expect(try lines.joined(separator: "\n") + "\n" == Self.golden("page"))
    #expect(lines.allSatisfy { DisplayWidth.standard.of($0) <= BoardPaper.width })
  }

  /// A village is not shown the whole, so that nothing is compared with what the county counted, nor told of the devices of
  /// others, so that nobody is said to have none.
  @Test func comparesNothingForASeatThatSeesAPart() throws {
    var sources = try SmallLedger.town().sources()
    sources.seesEverything = false
    sources.isToldOfDevices = false
    sources.devices = DeviceReport(asOf: sources.now, devices: [])
    let lines = BoardPaper(BoardFigures(sources), look: Look(language: .chinese)).lines(.online)
    let text = lines.joined(separator: "\n")
    #expect(text.contains("本岗位") && !text.contains("≠") && !text.contains("无设备"), "\(text)")
    #expect(BoardFigures(sources).villages.allSatisfy { $0.link == nil })
    #expect(try Self.golden("page").contains("≠"))
  }

  @Test func printsJSON() throws {
    let figures = BoardFigures(try SmallLedger.town().sources(since: "2023-11-21"))
    #expect(try figures.json.text + "\n" == Self.golden("board-json"))
  }
}
