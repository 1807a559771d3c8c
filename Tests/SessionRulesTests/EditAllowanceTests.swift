import EditModel
import LedgerTestKit
import LineProtocol
import NIOCore
import Testing

@testable import SessionRules

struct EditAllowanceTests {
  @Test(arguments: [(99, 0), (100, 0), (101, 100), (110, 1_000)] as [(Int, UInt64)])
  func aBurstIsFreeUpToItsEdge(edits: Int, pause: UInt64) {
    var allowance = EditAllowance(perSecond: 10, burst: 100, nowMilliseconds: 5_000)
    #expect(allowance.take(edits, nowMilliseconds: 5_000) == pause)
  }

  @Test func isMadeUpWithTimeAndNeverBeyondTheBurst() {
    let clock = ManualClock()
    var allowance = EditAllowance(perSecond: 10, burst: 100, nowMilliseconds: clock.monotonicMilliseconds)
    #expect(allowance.take(100, nowMilliseconds: clock.monotonicMilliseconds) == 0)
    clock.advance(milliseconds: 99)
    #expect(allowance.take(1, nowMilliseconds: clock.monotonicMilliseconds) == 1)
    clock.advance(milliseconds: 1)
    #expect(allowance.take(0, nowMilliseconds: clock.monotonicMilliseconds) == 0)
    clock.advance(milliseconds: 10_000_000)
    #expect(allowance.take(100, nowMilliseconds: clock.monotonicMilliseconds) == 0)
    #expect(allowance.take(1, nowMilliseconds: clock.monotonicMilliseconds) == 100)
  }

  /// Whoever waits as long as it is told to, whatever one read brings, has handed over the burst, what the time makes up,
  /// and at most what its last read was beyond that.
  @Test(arguments: [1, 7, 100, 1_300])
  func whoWaitsAsToldKeepsToTheRate(edits: Int) {
    let clock = ManualClock()
    let begin = clock.monotonicMilliseconds
    var allowance = EditAllowance(perSecond: 1_000, burst: 5_000, nowMilliseconds: begin)
    var handedOver = 0
    while clock.monotonicMilliseconds < begin + 20_000 {
      handedOver += edits
      clock.advance(milliseconds: allowance.take(edits, nowMilliseconds: clock.monotonicMilliseconds))
    }
    #expect(handedOver >= 25_000)
    #expect(handedOver <= 25_000 + 2 * edits)
  }

  @Test func aClockThatIsBehindMakesNothingUpTwice() {
    var allowance = EditAllowance(perSecond: 10, burst: 10, nowMilliseconds: 1_000)
    #expect(allowance.take(10, nowMilliseconds: 2_000) == 0)
    #expect(allowance.take(1, nowMilliseconds: 1_000) == 100)
    #expect(allowance.take(0, nowMilliseconds: 2_000) == 100)
    #expect(allowance.take(0, nowMilliseconds: .max) == 0)
  }

  @Test(arguments: [(1, 1), (1_024, 1), (1_025, 2), (65_280, 64)])
  func aLongEditTakesAsManyAsItBeginsKiB(bytes: Int, weight: Int) throws {
    let one = try Samples.act(1, edits: 2)
    let line = ByteBuffer(repeating: 0x78, count: bytes)
    let act = SubmittedAct(tag: Tag(1), act: one, firstLine: line, otherLines: [ByteBuffer(string: "x")])
    #expect(act.weight == weight + 1)
  }
}
