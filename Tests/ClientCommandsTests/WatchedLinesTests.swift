import EditModel
import Testing

@testable import ClientCommands

/// What is news to who watches.
@Suite struct WatchedLinesTests {
  /// The `i`-th line of the act that was accepted at `time`.
  private func line(_ time: UInt64, _ i: UInt32 = 1) throws -> AcceptedEdit {
    let act = try ActID(replica: #require(ReplicaID("h4m7xk2v")), n: time)
    let change = Change(entity: .derived("p15"), field: try #require(FieldName("progress")), value: .text("进展"))
    let edit = Edit(
      id: act.edit(i), actSize: 2, stamp: Stamp(milliseconds: time), shift: .none, base: nil, change: change)
    return AcceptedEdit(
      seq: time * 10 + UInt64(i), receipt: Stamp(milliseconds: time), seat: try #require(SeatID("dangzheng")),
      edit: edit)
  }

  private func told(_ lines: [AcceptedEdit]) -> [UInt64] { lines.map { $0.receipt.milliseconds } }

  @Test func whatWasThereIsNoNewsAndWhatComesIs() throws {
    var watched = WatchedLines(newest: Stamp(milliseconds: 5))
    #expect(told(watched.news(of: [try line(3), try line(5), try line(6)], isFetched: true)) == [6])
    #expect(told(watched.news(of: [try line(4), try line(7)], isFetched: true)) == [7])
  }

  @Test func anActThatArrivesInTwoPartsIsToldWhole() throws {
    var watched = WatchedLines(newest: Stamp(milliseconds: 5))
    #expect(told(watched.news(of: [try line(6, 1)], isFetched: true)) == [6])
    #expect(told(watched.news(of: [try line(6, 2), try line(6, 1)], isFetched: true)) == [6])
    #expect(told(watched.news(of: [try line(7)], isFetched: true)) == [7])
    #expect(told(watched.news(of: [try line(7, 2), try line(6, 3)], isFetched: true)) == [7])
  }

  /// The first fetch brings what was written for months; the watch begins behind it.
  @Test func theFirstFetchIsNoNews() throws {
    var watched = WatchedLines(newest: nil)
    #expect(watched.news(of: [try line(9), try line(4)], isFetched: false).isEmpty)
    #expect(watched.news(of: [try line(2)], isFetched: true).isEmpty)
    watched.begin(at: Stamp(milliseconds: 9))
    #expect(told(watched.news(of: [try line(8), try line(10)], isFetched: true)) == [10])
  }

  /// A restored server whose clock was put back accepts with times that are below what was told.
  @Test func whatIsAcceptedAfterTheLedgerWentBackIsNews() throws {
    var watched = WatchedLines(newest: nil)
    watched.wentBack(to: Stamp(milliseconds: 3))
    #expect(watched.news(of: [try line(4)], isFetched: true).isEmpty)
    watched.begin(at: Stamp(milliseconds: 9))
    #expect(watched.news(of: [try line(6)], isFetched: true).isEmpty)
    watched.wentBack(to: Stamp(milliseconds: 5))
    #expect(told(watched.news(of: [try line(5), try line(6)], isFetched: true)) == [6])
  }

  /// After a restore all comes once more, what wins first: of it only what was accepted since is told.
  @Test func whatIsFetchedAgainIsNoNews() throws {
    var watched = WatchedLines(newest: Stamp(milliseconds: 5))
    #expect(told(watched.news(of: [try line(2), try line(8)], isFetched: false)) == [8])
    #expect(told(watched.news(of: [try line(1), try line(7)], isFetched: true)) == [7])
    #expect(told(watched.news(of: [try line(7), try line(9)], isFetched: true)) == [9])
  }
}
