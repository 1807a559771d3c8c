import EditModel
import LedgerTestKit
import Testing

@Suite struct StampTests {
  @Test func vectorsAreReadAndWritten() throws {
    let table = try VectorTable("stamps", columns: 3)
    #expect(table.rows.count > 20)
    for row in table.rows {
      let stamp = row[0].withUnsafeBytes { Stamp(bytes: $0) }
      guard !row.isRefused(1) else {
        #expect(stamp == nil, "\(row)")
        continue
      }
      #expect(stamp.map { "\($0.milliseconds)" } == row.text(1), "\(row)")
      #expect(stamp.map { "\($0.counter)" } == row.text(2), "\(row)")
      #expect(stamp?.description == row.text(0), "\(row)")
    }
  }

  @Test func orderOfTextsIsOrderOfTimes() {
    var generator = Generator(seed: 1)
    for _ in 0..<500 {
      let (left, right) = (generator.stamp(), generator.stamp())
      #expect((left < right) == (ExactString(left.description) < ExactString(right.description)))
      #expect(Stamp(left.description) == left)
    }
  }

  @Test func nextIsJustAbove() {
    let last = Stamp(milliseconds: 5, counter: Stamp.counterLimit)
    #expect(last.next == Stamp(milliseconds: 6))
    #expect(Stamp.zero.next == Stamp(milliseconds: 0, counter: 1))
  }

  @Test func lastStampOfAllStopsNobody() {
    let last = Stamp(milliseconds: .max, counter: Stamp.counterLimit)
    #expect(last.description == "fzzzzzzzzzzzz")
    #expect(last.next == last)
    var clock = HybridClock(latest: last)
    #expect(clock.tick(wallMilliseconds: 1) == last)
  }
}
