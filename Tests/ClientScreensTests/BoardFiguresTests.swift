import EditModel
import LedgerRules
import Testing

@testable import ClientScreens

struct BoardFiguresTests {
  @Test func countsAdoptedApartFromClosed() throws {
    let totals = BoardFigures(try SmallLedger.town().sources()).totals
    #expect(totals.standings.doneHere == 1)
    #expect(totals.standings.doneBefore == 1)
    #expect(totals.standings[.longTerm] == 1)
    #expect(totals.byStage[.closed] == 2)
    #expect(
      totals.byStage[.unassigned] == 1, "the adopted problem is at no stage; the self-found one is")
  }

  @Test func comparesWithWhatWasDeclared() throws {
    let rows = OverviewRows(BoardFigures(try SmallLedger.town().sources()))
    let differing = rows.totals.filter(\.differs).map(\.label.english)
    #expect(differing == ["measures", "done", "under way"])
  }

  @Test func listsOverdueFirstAndThenWhatOnlyMoved() throws {
    let figures = BoardFigures(try SmallLedger.town().sources(since: "2023-11-21"))
    #expect(figures.attention.map(\.reference) == ["2", "3", "自1"])
    #expect(figures.attention.map(\.progress.isOverdue) == [true, false, false])
    #expect(figures.attention.map(\.progress.hasMoved) == [false, true, true])
    #expect(figures.lights == [.red: 1, .yellow: 1, .blue: 1])
  }

  @Test func asksForNoLookAtWhatMovedWhenNobodyAsked() throws {
    let figures = BoardFigures(try SmallLedger.town().sources())
    #expect(figures.attention.map(\.reference) == ["2", "3"])
    #expect(figures.totals.moved == 0)
  }

  @Test func tellsSilentVillagesFromConnectedOnes() throws {
    let figures = BoardFigures(try SmallLedger.town().sources())
    #expect(figures.villages.map(\.place) == ["柳树湾村", "石门沟村"])
    #expect(figures.villages.map(\.isSilent) == [false, true])
    #expect(
      figures.villages.last?.link
        == .heard(contact: SmallLedger.moment(days: -10), unsent: 4, isSilent: true))
  }

  @Test func leavesOutPlacesOfOffices() throws {
    let office = SmallLedger.device("shuili", "石门沟村", role: .townOffice, contact: nil, unsent: 0, isLive: true)
    let devices = SmallLedger.devices.prefix(1) + [office].compactMap(\.self)
    #expect(BoardFigures(try SmallLedger.town().sources(devices: Array(devices))).villages.map(\.place) == ["柳树湾村"])
  }

  @Test func knowsNoConnectionsWhileServerWasNotAsked() throws {
    let figures = BoardFigures(try SmallLedger.town().sources(devices: nil))
    #expect(figures.villages.allSatisfy { $0.link == nil })
    #expect(
      BoardFigures(try SmallLedger.town().sources(devices: [])).villages.allSatisfy {
        $0.link == .noDevice
      })
  }

  @Test(arguments: [(0, false), (3, false), (4, true)])
  func countsAsSilentAfterThreeDays(days: Int, isSilent: Bool) {
    let rule = SilenceRule()
    #expect(
      rule.isSilent(contact: SmallLedger.moment(), now: SmallLedger.moment(days: days)) == isSilent)
    #expect(rule.isSilent(contact: nil, now: SmallLedger.moment()))
  }

  @Test func saysWhatWasDoneOncePerAct() throws {
    let latest = BoardFigures(try SmallLedger.town().sources()).latest
    #expect(latest.prefix(3).map(\.subject) == ["自1", "3/柳树湾村", "3"])
    #expect(latest.prefix(3).map(\.what.chinese) == ["新增问题", "进展情况", "流转至"])
    #expect(latest.prefix(3).map(\.value.chinese) == ["自查发现的低保名单未公示", "公厕已修好", "待初审"])
    #expect(latest.prefix(3).map(\.moreEdits) == [0, 0, 1])
  }

  @Test(arguments: [("yes", "it stays 公厕已修好 (written by village)"), (nil, "no, open again")])
  func saysOfASettledClashWhatStands(value: String?, words: String) throws {
    var ledger = SmallLedger()
    try ledger.act("office", at: SmallLedger.moment(), [("p1", "problem", "1"), ("p1", "progress", "公厕在修")])
    try ledger.act("village", at: SmallLedger.moment(minutes: 1), [("p1", "progress", "公厕已修好")])
    try ledger.act(
      "office", at: SmallLedger.moment(minutes: 2), [("p1", "settled/progress/q2w8rt5n/1/2", value)])
    let figures = BoardFigures(ledger.sources())
    let latest = try #require(figures.latest.first)
    #expect(latest.subject == "1")
    #expect(latest.what.english == "clash settled (progress)")
    #expect(latest.value.english == words)
  }

  @Test func keepsTheNewestWinnersAsRecent() throws {
    let ledger = try SmallLedger.town()
    let recent = RecentEdits.of(ledger.state, limit: 3)
    #expect(recent.map(\.seq) == ledger.edits.suffix(3).map(\.seq))
  }
}
