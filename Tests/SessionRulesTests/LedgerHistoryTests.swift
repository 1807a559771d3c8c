import EditModel
import LineProtocol
import Testing

@testable import SessionRules

struct LedgerHistoryTests {
  private static let first = Epoch(generation: 1, id: 1)
  private static let second = Epoch(generation: 2, id: 2)
  private static let third = Epoch(generation: 3, id: 3)

  private let history = LedgerHistory(
    ledger: "tucheng-2023", epoch: third,
    parents: [.init(epoch: first, forkSeq: 90), .init(epoch: second, forkSeq: 50)])

  @Test(
    arguments: [
      (nil, .fromNothing),
      ("g3.0000000000000003.40", .goingOn(after: 40)),
      ("g3.0000000000000003.100", .goingOn(after: 100)),
      ("g3.0000000000000003.101", .anew),
      ("g2.0000000000000002.40", .forked(fork: 50, after: 40)),
      ("g2.0000000000000002.70", .forked(fork: 50, after: 50)),
      // The grandparent went along to 90, but the parent only to 50.
      ("g1.0000000000000001.80", .forked(fork: 50, after: 50)),
      ("g2.00000000000000ff.40", .anew),
      ("nonsense", .anew),
    ] as [(ExactString?, LedgerHistory.Opening)])
  func judgesTheCursor(cursor: ExactString?, opening: LedgerHistory.Opening) {
    #expect(history.opening(from: cursor, lastSeq: 100) == opening)
  }

  @Test(
    arguments: [
      (.goingOn(after: 4), "g3.0000000000000003 last=100"), (.fromNothing, "g3.0000000000000003 last=100"),
      (.forked(fork: 50, after: 40), "g3.0000000000000003 fork=50 last=100"),
      (.anew, "g3.0000000000000003 anew last=100"),
    ] as [(LedgerHistory.Opening, String)])
  func saysWhatTheProtocolSays(opening: LedgerHistory.Opening, words: String) {
    #expect(history.words(for: opening, lastSeq: 100).all.map(\.string).joined(separator: " ") == words)
  }
}
